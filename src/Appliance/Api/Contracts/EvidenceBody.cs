using System.Text.Json.Serialization;
using Blackwall.Pipeline.Model;

namespace Blackwall.Api.Contracts;

/// <summary>One thing seen of a source.</summary>
/// <param name="Id">Unique over restarts.</param>
/// <param name="Source">The address it speaks about.</param>
/// <param name="Kind">Machine word: port-scan, syn-flood, brute-force, http-probe.</param>
/// <param name="Class">What it proves: spoofable, handshake or application.</param>
/// <param name="Weight">0..1.</param>
/// <param name="Seen">When.</param>
/// <param name="Detail">One sentence with the numbers.</param>
public sealed record EvidenceBody(long Id, string Source, string Kind, [property: Word(WordLists.EvidenceClass)] string Class, double Weight, DateTimeOffset Seen, string Detail)
{
    /// <summary>What was measured; its "finding" says which fields there are. Not there for evidence that an earlier version stored.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EvidenceFacts? Facts { get; init; }

    internal static EvidenceBody From(Evidence evidence) =>
        new(evidence.Id, $"{evidence.Source}", evidence.Kind, Words.For(evidence.Class), evidence.Weight, evidence.Seen, evidence.Detail) { Facts = evidence.Facts };
}
