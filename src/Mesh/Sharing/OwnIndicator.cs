using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Sharing;

/// <summary>Something that this sensor says to others.</summary>
/// <param name="Message">What.</param>
/// <param name="IsPublished">Whether anybody was there to hear it.</param>
/// <param name="Peers">Peers that were given it by us since the last start: by gossip, or when they asked. Others have it of them.</param>
public sealed record OwnIndicator(IndicatorMessage Message, bool IsPublished, int Peers)
{
    /// <summary>The member that said since that it is no attacker; null: none did.</summary>
    public PeerId? RefutedBy { get; init; }
}
