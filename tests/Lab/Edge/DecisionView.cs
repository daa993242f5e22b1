namespace Blackwall.Lab.Edge;

/// <summary>A decision as the API shows it.</summary>
/// <param name="Verdict">pass, rate-limit, redirect or drop.</param>
/// <param name="Origin">guard, operator, local, model, mesh or feed.</param>
/// <param name="Enforced">The kernel acts on it.</param>
public sealed record DecisionView(
    long Id,
    string Scope,
    string Verdict,
    string Origin,
    string Reason,
    DateTimeOffset Start,
    DateTimeOffset? Expiry,
    IReadOnlyList<EvidenceView>? Evidence,
    string? Comment,
    bool? Enforced)
{
    /// <summary>Packets of the source go no further.</summary>
    public bool Blocks => Verdict is "drop" or "redirect";

    /// <summary>When it came to what it is now: an earlier, milder decision about the scope keeps its start when it grows.</summary>
    public DateTimeOffset Since => (Evidence ?? []).Select(e => e.Seen).Append(Start).Max();

    /// <summary>The strongest class among the evidence, "none" without any.</summary>
    public string EvidenceClass =>
        (Evidence ?? []).Select(e => e.Class).OrderByDescending(c => c switch { "application" => 2, "handshake" => 1, _ => 0 }).FirstOrDefault() ?? "none";

    public override string ToString() => $"{Verdict} {Scope} ({Origin}, {Reason}, evidence {EvidenceClass})";
}
