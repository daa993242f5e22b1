using System.Text.RegularExpressions;

namespace Blackwall.Inspection;

/// <summary>Something that attackers send to web servers.</summary>
/// <param name="Id">Unique; evidence names it.</param>
/// <param name="Place">Where to look.</param>
/// <param name="Match">How to compare.</param>
/// <param name="Pattern">With what; lower case unless it is a regular expression.</param>
/// <param name="Weight">0..1: how strongly it points to an attack; 0: only counted.</param>
/// <param name="Comment">The comment lines before it; null: none.</param>
public sealed record RequestRule(string Id, RulePlace Place, RuleMatch Match, string Pattern, double Weight, string? Comment)
{
    /// <summary>It says where logins are posted to; a request that meets it is no attack.</summary>
    public bool IsLogin { get; init; }

    internal Regex? Expression { get; init; }

    /// <summary>Allocates nothing.</summary>
    internal bool Matches(ReadOnlySpan<char> text) => Match switch
    {
        RuleMatch.Is => text.SequenceEqual(Pattern),
        RuleMatch.Prefix => text.StartsWith(Pattern, StringComparison.Ordinal),
        RuleMatch.Suffix => text.EndsWith(Pattern, StringComparison.Ordinal),
        RuleMatch.Contains => text.Contains(Pattern, StringComparison.Ordinal),
        _ => Expression!.IsMatch(text),
    };
}
