using System.Globalization;
using Blackwall.Config;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Rules;

/// <summary>[rules]: what the operator wrote into the file.</summary>
public sealed class RuleOptions
{
    /// <summary>Always let in; nothing automatic can block what overlaps these.</summary>
    public IReadOnlyList<Prefix> Allowlist { get; set; } = [];

    /// <summary>Whether an allow list over more than a /8 of IPv4 or a /19 of IPv6 is meant.</summary>
    public bool AllowWide { get; set; }

    /// <summary>Always dropped.</summary>
    public IReadOnlyList<Prefix> Blocklist { get; set; } = [];

    /// <summary>Files with one address or prefix a line, dropped as well.</summary>
    public IReadOnlyList<string> BlocklistFiles { get; set; } = [];

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<RuleOptions>("rules", "What is always let in and what is always dropped.", new RuleOptions())
            .List("allowlist", "Addresses and prefixes that are always let in; nothing automatic can block what overlaps them.", o => [.. o.Allowlist.Select(scope => $"{scope}")], (o, v) => Scopes(v, guarded: false, scopes => o.Allowlist = scopes))
            .Flag("allow_wide", "Whether an allow list over more than a /8 of IPv4 or a /19 of IPv6 is meant.", o => o.AllowWide, (o, v) => o.AllowWide = v)
            .Together(o => o.AllowWide || WideScope.Find(o.Allowlist) is not { } wide
                ? null
                : $"rules.allowlist: {wide} lets so many addresses past every block that the wall would protect nobody; set rules.allow_wide = true if that is meant.")
            .List("blocklist", "Addresses and prefixes that are always dropped.", o => [.. o.Blocklist.Select(scope => $"{scope}")], (o, v) => Scopes(v, guarded: true, scopes => o.Blocklist = scopes))
            .List("blocklist_files", "Absolute paths of files with one address or prefix a line, dropped as well; each is read again when it changes.", o => o.BlocklistFiles, (o, v) =>
            {
                o.BlocklistFiles = v;
                return v.FirstOrDefault(path => !path.StartsWith('/')) is { } relative ? $"must be a list of absolute paths; '{relative}' is not one" : null;
            })
            .LiveExcept(),
    ];

    private static string? Scopes(IReadOnlyList<string> texts, bool guarded, Action<IReadOnlyList<Prefix>> set)
    {
        List<Prefix> scopes = [];
        foreach (string text in texts)
        {
            if (!Prefix.TryParse(text, out Prefix scope, out string? error))
            {
                return string.Create(CultureInfo.InvariantCulture, $"must be a list of addresses and prefixes: {error!.TrimEnd('.')}");
            }

            // The rest of the guard set is known only on the running machine; these are wrong on every one.
            if (guarded && scope.Length == 0)
            {
                return $"must not hold {text}: {scope} is every address";
            }

            if (guarded && GuardSet.Empty.Overlapping(scope) is { } hit)
            {
                return $"must not hold {text}: {(hit.Scope.Contains(scope) ? "it lies in" : "it covers")} {hit.Scope}, {hit.Why}";
            }

            scopes.Add(scope);
        }

        set(scopes);
        return null;
    }
}
