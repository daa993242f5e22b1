using Blackwall.Client.Decisions;

namespace Blackwall.Lab.Edge;

/// <summary>A decision as the API shows it, with what the lab asks of it.</summary>
public sealed record DecisionView(Decision Said)
{
    public long Id => Said.Id;

    public string Scope => Said.Scope;

    /// <summary>pass, rate-limit, redirect or drop.</summary>
    public string Verdict => Said.Verdict;

    /// <summary>guard, operator, local, model, mesh or feed.</summary>
    public string Origin => Said.Origin;

    public string Reason => Said.Reason;

    public DateTimeOffset Start => Said.Start;

    public DateTimeOffset? Expiry => Said.Expiry;

    public IReadOnlyList<Evidence> Evidence => Said.Evidence;

    /// <summary>The kernel acts on it.</summary>
    public bool Enforced => Said.Enforced;

    /// <summary>Packets of the source go no further.</summary>
    public bool Blocks => Verdict is "drop" or "redirect";

    /// <summary>When it came to what it is now: an earlier, milder decision about the scope keeps its start when it grows.</summary>
    public DateTimeOffset Since => Evidence.Select(e => e.Seen).Append(Start).Max();

    /// <summary>The strongest class among the evidence, "none" without any.</summary>
    public string EvidenceClass =>
        Evidence.Select(e => e.Class).OrderByDescending(c => c switch { "application" => 2, "handshake" => 1, _ => 0 }).FirstOrDefault() ?? "none";

    public override string ToString() => $"{Verdict} {Scope} ({Origin}, {Reason}, evidence {EvidenceClass})";
}
