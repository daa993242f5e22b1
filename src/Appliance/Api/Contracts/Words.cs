using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;

namespace Blackwall.Api.Contracts;

/// <summary>The words that API, console, command line and documents share.</summary>
internal static class Words
{
    public static readonly IReadOnlyDictionary<string, Verdict> Verdicts = new Dictionary<string, Verdict>(StringComparer.Ordinal)
    {
        ["pass"] = Verdict.Pass,
        ["rate-limit"] = Verdict.RateLimit,
        ["redirect"] = Verdict.RedirectToTarpit,
        ["drop"] = Verdict.Drop,
    };

    public static readonly IReadOnlyDictionary<string, Origin> Origins = OriginRules.All.ToDictionary(rules => rules.Name, rules => rules.Origin, StringComparer.Ordinal);

    public static readonly IReadOnlyDictionary<string, EnforcementMode> Modes = new Dictionary<string, EnforcementMode>(StringComparer.Ordinal)
    {
        ["observe"] = EnforcementMode.Observe,
        ["enforce"] = EnforcementMode.Enforce,
    };

    public static string For(Verdict verdict) => Verdicts.First(pair => pair.Value == verdict).Key;

    public static string For(Origin origin) => OriginRules.For(origin).Name;

    public static string For(EvidenceClass evidenceClass) => evidenceClass switch
    {
        EvidenceClass.Spoofable => "spoofable",
        EvidenceClass.Handshake => "handshake",
        _ => "application",
    };

    /// <summary>"DropLimitSyn" is "drop-limit-syn".</summary>
    public static string Kebab(string name)
    {
        System.Text.StringBuilder word = new();
        foreach (char letter in name)
        {
            if (char.IsUpper(letter) && word.Length > 0)
            {
                word.Append('-');
            }

            word.Append(char.ToLowerInvariant(letter));
        }

        return word.ToString();
    }

    public static string List(IEnumerable<string> words) => string.Join(", ", words);

    /// <summary>"must be one of off, observe, enforce; got 'enfroce'".</summary>
    public static string NotOneOf(string? word, IEnumerable<string> words) =>
        $"must be one of {List(words)}; {(string.IsNullOrEmpty(word) ? "got nothing" : $"got '{(word.Length > 64 ? word[..64] + "…" : word)}'")}";
}
