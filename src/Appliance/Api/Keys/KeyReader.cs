using System.Globalization;
using Blackwall.Api.Contracts;
using Blackwall.Pipeline.Model;

namespace Blackwall.Api.Keys;

/// <summary>Turns the wish for a key into scopes and networks, and collects everything that is wrong with it.</summary>
internal sealed class KeyReader(ScopeRegistry registry, DateTimeOffset now)
{
    private const int MaxName = 64;
    private const int MaxNetworks = 32;
    private readonly Dictionary<string, string[]> _errors = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string[]> Errors => _errors;

    public (string Name, ScopeSet Scopes, IReadOnlyList<Prefix> Networks) Read(KeyInput input)
    {
        if (input.Expiry <= now)
        {
            _errors["expiry"] = ["A time to come."];
        }

        return (Name(input.Name), Scopes(input), Networks(input.Networks ?? []));
    }

    private string Name(string? name)
    {
        if (name is not { Length: > 0 and <= MaxName } || !Letter(name[0]) || !name.All(c => Letter(c) || c is '-' or '_' or '.'))
        {
            _errors["name"] = [string.Create(CultureInfo.InvariantCulture, $"1..{MaxName} of a-z, 0-9, '-', '_' and '.'; a letter or number first.")];
        }

        return name ?? "";

        static bool Letter(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c);
    }

    private ScopeSet Scopes(KeyInput input)
    {
        List<Scope> scopes = [];
        if (input.Role is { } role)
        {
            if (registry.TryRole(role, out ScopeSet meant))
            {
                scopes.AddRange(meant.Scopes);
            }
            else
            {
                _errors["role"] = [Words.NotOneOf(role, ScopeRegistry.Roles)];
            }
        }

        foreach (string? word in input.Scopes ?? [])
        {
            if (word is not null && registry.TryScope(word, out Scope scope))
            {
                scopes.Add(scope);
            }
            else
            {
                _errors["scopes"] = [$"Each one of {Words.List(registry.Words)}."];
            }
        }

        if (scopes.Count == 0 && _errors.Keys.All(field => field is not ("role" or "scopes")))
        {
            _errors["scopes"] = ["A key needs scopes or a role."];
        }

        return new ScopeSet(scopes);
    }

    private List<Prefix> Networks(IReadOnlyList<string> texts)
    {
        List<Prefix> networks = [];
        if (texts.Count > MaxNetworks)
        {
            _errors["networks"] = [string.Create(CultureInfo.InvariantCulture, $"At most {MaxNetworks}.")];
            return networks;
        }

        for (int i = 0; i < texts.Count; i++)
        {
            if (Prefix.TryParse(texts[i] ?? "", out Prefix network, out string? error))
            {
                networks.Add(network);
            }
            else
            {
                _errors[string.Create(CultureInfo.InvariantCulture, $"networks[{i}]")] = [error!];
            }
        }

        return networks;
    }
}
