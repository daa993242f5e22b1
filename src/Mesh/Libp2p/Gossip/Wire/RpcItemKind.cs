namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>What an <see cref="RpcItem"/> is.</summary>
internal enum RpcItemKind
{
    Subscribe,
    Unsubscribe,
    Message,
    IHave,
    IWant,
    Graft,
    Prune,
    IDontWant,
}
