using System.Globalization;

namespace Blackwall.Decisions;

/// <summary>What a log line says of a decision.</summary>
/// <param name="Change">created, renewed, lifted or expired.</param>
/// <param name="Verdict">pass, rate-limit, redirect or drop.</param>
/// <param name="Scope">Address or prefix.</param>
/// <param name="Until">Time in UTC, or "never".</param>
/// <param name="Reason">Machine word.</param>
/// <param name="Evidence">What it rests on, in a sentence.</param>
/// <param name="Id">The decision's.</param>
/// <param name="Origin">Who decides: operator, local, feed, ...</param>
/// <param name="Others">" and 41 others" where one event stands for many decisions; else empty.</param>
internal sealed record DecisionLine(string Change, string Verdict, string Scope, string Until, string Reason, string Evidence, long Id, string Origin, string Others)
{
    private const int Told = 3;

    public bool IsEnd => Change is "lifted" or "expired";

    /// <summary>"until 2026-11-30T12:00:00Z", "without end".</summary>
    public string End => Until is "never" ? "without end" : $"until {Until}";

    public static DecisionLine From(DecisionEventBody change) => new(
        change.Change,
        change.Decision.Verdict,
        change.Decision.Scope,
        change.Decision.Expiry is { } expiry ? expiry.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) : "never",
        change.Decision.Reason,
        Sentence(change),
        change.Decision.Id,
        change.Decision.Origin,
        change.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" and {change.Count - 1} others") : "");

    private static string Sentence(DecisionEventBody change)
    {
        string[] seen = [.. change.Decision.Evidence.Select(piece => piece.Detail.TrimEnd('.')).Distinct(StringComparer.Ordinal).Take(Told)];
        return seen.Length > 0 ? string.Join("; ", seen) : change.Decision.Comment is { Length: > 0 } comment ? comment : change.Decision.Origin is "operator" ? "set by an operator" : "no evidence attached";
    }
}
