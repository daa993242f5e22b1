using Blackwall.Mesh.Libp2p.Gossip;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>Takes part in all and passes nothing on, from a time on.</summary>
/// <param name="from">In milliseconds; before it the node is a model of good conduct.</param>
/// <param name="grabs">At each heartbeat it grafts itself onto every honest neighbour that has it not in its mesh, whatever was said of a backoff.</param>
internal sealed class SilentConduct(long from = 0, bool grabs = false) : SimConduct
{
    public override bool Forwards(SimNode node, GossipMessage message) => node.Now < from;

    public override bool Gossips(SimNode node) => node.Now < from;

    public override void Beat(SimNode node)
    {
        if (!grabs || node.Now < from)
        {
            return;
        }

        foreach (SimLink link in node.Links)
        {
            if (link.Remote.Conduct.IsHonest && !node.HasInMesh(link))
            {
                node.Graft(link.Peer, SimNetwork.Topic);
            }
        }
    }
}
