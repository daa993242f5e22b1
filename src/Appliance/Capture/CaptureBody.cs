using System.Text.Json.Serialization;
using Blackwall.Api.Contracts;

namespace Blackwall.Capture;

/// <summary>A capture of packets.</summary>
/// <param name="Id">Counts up.</param>
/// <param name="Address">Whose packets: address or prefix.</param>
/// <param name="Cause">decision: this appliance decided about the source; operator: somebody asked.</param>
/// <param name="Actor">Who asked for it first.</param>
/// <param name="Started">When it began.</param>
/// <param name="Until">When it ends at the latest.</param>
/// <param name="Ended">When it ended; null: it runs.</param>
/// <param name="Outcome">Why it ended, in words.</param>
/// <param name="Packets">Packets in it.</param>
/// <param name="Bytes">Bytes of its files before compression.</param>
/// <param name="Files">How many files it fills.</param>
/// <param name="Decisions">Ids of the decisions that it belongs to.</param>
public sealed record CaptureBody(
    long Id,
    string Address,
    [property: Word(CaptureFeature.CauseWords)] string Cause,
    string Actor,
    DateTimeOffset Started,
    DateTimeOffset Until,
    DateTimeOffset? Ended,
    string? Outcome,
    long Packets,
    long Bytes,
    int Files,
    IReadOnlyList<long> Decisions) : IStorable
{
    /// <summary>What was seen of the source, newest first, at most 16 pieces; only where one capture of one address was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<EvidenceBody>? Evidence { get; init; }

    /// <summary>Whether the change is on the disk; false: the disk refuses, and it is tried until it does not.</summary>
    public bool Stored { get; set; } = true;

    internal static CaptureBody From(CaptureRecord record) => new(
        record.Id,
        $"{record.Scope}",
        record.Cause,
        record.Actor,
        record.Started,
        record.Until,
        record.Ended,
        record.Outcome,
        record.Packets,
        record.Bytes,
        record.Files,
        record.Decisions);
}
