namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>What one RPC may contain. Its size in bytes is judged by who reads it off the stream.</summary>
public sealed record RpcLimits
{
    /// <summary>Subscriptions and ends of subscriptions.</summary>
    public int Subscriptions { get; init; } = 5_000;

    public int Messages { get; init; } = 5_000;

    /// <summary>IHAVE, IWANT, GRAFT, PRUNE and IDONTWANT together.</summary>
    public int ControlEntries { get; init; } = 5_000;

    /// <summary>The longest topic name, in bytes of UTF-8.</summary>
    public int TopicBytes { get; init; } = 256;
}
