using Blackwall.Api.Contracts;
using Blackwall.Mesh.Sharing;

namespace Blackwall.Bridges.Mesh;

/// <summary>Something that this sensor says to others.</summary>
/// <param name="Value">The address, prefix, fingerprint, domain, URL or hash.</param>
/// <param name="Kind">What the value is.</param>
/// <param name="Says">What is said of it.</param>
/// <param name="Evidence">heard, scan, exploit, session or malware.</param>
/// <param name="Reason">Word of the detector.</param>
/// <param name="Told">When it was signed.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Published">False: nobody was there to hear it yet; it waits.</param>
/// <param name="Peers">Peers that were given it directly since the last start; others have it of them.</param>
/// <param name="IndicatorId">Id of the message.</param>
/// <param name="RefutedBy">The member that said since that it is no attacker; null: none did.</param>
public sealed record MeshReportBody(
    string Value, [property: Word(MeshFeature.KindWords)] string Kind, [property: Word(MeshFeature.SaysWords)] string Says, [property: Word(MeshFeature.EvidenceWords)] string Evidence, string Reason,
    DateTimeOffset Told, DateTimeOffset Expires, bool Published, int Peers, string IndicatorId, string? RefutedBy)
{
    internal static MeshReportBody From(OwnIndicator own) => new(
        own.Message.Value.Text, Words.Kebab($"{own.Message.Value.Kind}"), Words.Kebab($"{own.Message.Kind}"), Words.Kebab($"{own.Message.Evidence}"), own.Message.Detector,
        own.Message.Created, own.Message.Expires, own.IsPublished, own.Peers, own.Message.Id, own.RefutedBy is { } member ? $"{member}" : null);
}
