namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>The message ids of an IHAVE, IWANT or IDONTWANT, read one by one. Ids that no message of ours can have are passed over.</summary>
internal ref struct IdSequence : IIdSource
{
    private readonly int _field;
    private ProtoReader _reader;
    private MessageId _current;

    public IdSequence(ReadOnlySpan<byte> entry, int field)
    {
        _field = field;
        _reader = new ProtoReader(entry);
    }

    public readonly MessageId Current => _current;

    public bool MoveNext()
    {
        while (_reader.Next())
        {
            if (_reader.Field == _field && MessageId.TryCreate(_reader.Body, out _current))
            {
                return true;
            }
        }

        return false;
    }
}
