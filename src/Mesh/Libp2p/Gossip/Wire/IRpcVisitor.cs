namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>Is told what an RPC contains, in the order of its bytes. Spans are valid during the call.</summary>
internal interface IRpcVisitor
{
    void Subscription(ReadOnlySpan<byte> topic, bool subscribe);

    void Message(in MessageView message);

    void IHave(ReadOnlySpan<byte> topic, IdSequence ids);

    void IWant(IdSequence ids);

    void Graft(ReadOnlySpan<byte> topic);

    /// <param name="backoff">In seconds, as sent; 0: not said.</param>
    /// <param name="peers">Peers offered, at most as many as the caller counts.</param>
    void Prune(ReadOnlySpan<byte> topic, ulong backoff, PeerOffers peers);

    void IDontWant(IdSequence ids);
}
