namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>The peers that a PRUNE offers, read one by one.</summary>
internal ref struct PeerOffers
{
    private const int PeersField = 2;
    private const int IdField = 1;
    private const int RecordField = 2;

    private ProtoReader _reader;

    public PeerOffers(ReadOnlySpan<byte> prune) => _reader = new ProtoReader(prune);

    /// <summary>The peer id in binary, unchecked.</summary>
    public ReadOnlySpan<byte> Id { get; private set; }

    /// <summary>A signed envelope with the peer's record, unchecked; empty: none.</summary>
    public ReadOnlySpan<byte> Record { get; private set; }

    public bool MoveNext()
    {
        while (_reader.Next())
        {
            if (_reader.Field != PeersField)
            {
                continue;
            }

            Id = default;
            Record = default;
            var peer = new ProtoReader(_reader.Body);
            while (peer.Next())
            {
                if (peer.WireType == ProtoReader.BytesType && peer.Field is IdField)
                {
                    Id = peer.Body;
                }
                else if (peer.WireType == ProtoReader.BytesType && peer.Field is RecordField)
                {
                    Record = peer.Body;
                }
            }

            if (Id.Length > 0)
            {
                return true;
            }
        }

        return false;
    }
}
