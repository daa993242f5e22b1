using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Consensus;

/// <summary>What one reporter says of a target.</summary>
/// <param name="Author">Who.</param>
/// <param name="IsAgainst">It speaks for the target.</param>
/// <param name="IsRefutation">A person says so.</param>
/// <param name="Evidence">What it rests on.</param>
/// <param name="Reason">The detector's word.</param>
/// <param name="Seen">When the reporter saw it, and no later than we heard of it.</param>
/// <param name="Received">When we heard of it.</param>
/// <param name="Expires">When it ends.</param>
/// <param name="IndicatorId">Of the message.</param>
public sealed record Vote(PeerId Author, bool IsAgainst, bool IsRefutation, EvidenceLevel Evidence, string Reason, DateTimeOffset Seen, DateTimeOffset Received, DateTimeOffset Expires, string IndicatorId)
{
    /// <summary>Number of the message among those of its author.</summary>
    internal (ulong Epoch, ulong Counter) Number { get; init; }

    /// <summary>When its author first said so of the target.</summary>
    internal DateTimeOffset FirstReceived { get; init; } = Received;
}
