using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>Behaves well in everything, but passes on nothing of certain authors.</summary>
internal sealed class CensorConduct(IReadOnlySet<PeerId> authors) : SimConduct
{
    public override bool Forwards(SimNode node, GossipMessage message) => !authors.Contains(message.From);

    public override bool Gossips(SimNode node) => true;
}
