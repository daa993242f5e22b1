using Blackwall.Mesh.Libp2p.Gossip;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>How a node behaves. The router is the real one; a dishonest node holds back what it says, or says more.</summary>
internal abstract class SimConduct
{
    public static SimConduct Honest { get; } = new HonestConduct();

    public virtual bool IsHonest => false;

    /// <summary>Whether a message goes out.</summary>
    public abstract bool Forwards(SimNode node, GossipMessage message);

    /// <summary>Whether it tells others what it has, and answers who asks.</summary>
    public abstract bool Gossips(SimNode node);

    /// <summary>Something of its own at each heartbeat.</summary>
    public virtual void Beat(SimNode node)
    {
    }

    private sealed class HonestConduct : SimConduct
    {
        public override bool IsHonest => true;

        public override bool Forwards(SimNode node, GossipMessage message) => true;

        public override bool Gossips(SimNode node) => true;
    }
}
