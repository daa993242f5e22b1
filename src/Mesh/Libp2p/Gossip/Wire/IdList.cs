namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>Ids that were read already.</summary>
internal ref struct IdList(ReadOnlySpan<MessageId> ids) : IIdSource
{
    private readonly ReadOnlySpan<MessageId> _ids = ids;
    private int _next;

    public readonly MessageId Current => _ids[_next - 1];

    public bool MoveNext() => _next < _ids.Length && ++_next > 0;
}
