namespace Blackwall.Pipeline.Model;

/// <summary>One thing seen of a source.</summary>
/// <param name="Id">Unique over restarts; 0 until the journal gave one.</param>
/// <param name="Source">The address it speaks about.</param>
/// <param name="Kind">Short machine word: "port-scan", "syn-flood", "brute-force", "http-probe".</param>
/// <param name="Class">What it proves.</param>
/// <param name="Weight">0..1: how strongly it points to an attack.</param>
/// <param name="Seen">When.</param>
/// <param name="Detail">One sentence with the numbers, for a person. Never raw payload.</param>
public sealed record Evidence(long Id, Address Source, string Kind, EvidenceClass Class, double Weight, DateTimeOffset Seen, string Detail)
{
    /// <summary>The same as fields; null: stored by a version that had no fields.</summary>
    public EvidenceFacts? Facts { get; init; }

    /// <summary>Evidence whose sentence is made from its facts. A span of the facts ends when the evidence was seen.</summary>
    public static Evidence Create(Address source, string kind, EvidenceClass evidenceClass, double weight, DateTimeOffset seen, EvidenceFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        facts = facts with { FirstSeen = facts.SpanMilliseconds is { } span ? seen.AddMilliseconds(-span) : facts.FirstSeen, LastSeen = seen };
        return new Evidence(0, source, kind, evidenceClass, weight, seen, facts.Sentence) { Facts = facts };
    }
}
