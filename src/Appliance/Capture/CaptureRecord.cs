using Blackwall.Pipeline.Model;

namespace Blackwall.Capture;

/// <summary>One capture: what of, why, when, and how much.</summary>
/// <param name="Id">Counts up over restarts.</param>
/// <param name="Scope">Whose packets.</param>
/// <param name="Cause">decision or operator.</param>
/// <param name="Actor">Who asked for it first.</param>
/// <param name="Started">When.</param>
/// <param name="Until">When it ends at the latest.</param>
/// <param name="Ended">When it ended; null: it runs.</param>
/// <param name="Outcome">Why it ended.</param>
/// <param name="Packets">Packets in it.</param>
/// <param name="Bytes">Bytes of its files before compression.</param>
/// <param name="Files">How many files it fills.</param>
/// <param name="Decisions">Decisions that it belongs to.</param>
public sealed record CaptureRecord(
    long Id,
    Prefix Scope,
    string Cause,
    string Actor,
    DateTimeOffset Started,
    DateTimeOffset Until,
    DateTimeOffset? Ended,
    string? Outcome,
    long Packets,
    long Bytes,
    int Files,
    IReadOnlyList<long> Decisions)
{
    public const string ByDecision = "decision";
    public const string ByOperator = "operator";
}
