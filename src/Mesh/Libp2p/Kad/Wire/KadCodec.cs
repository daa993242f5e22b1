using Google.Protobuf;

namespace Blackwall.Mesh.Libp2p.Kad.Wire;

/// <summary>Reads and writes messages of libp2p's Kademlia. What is over a limit is not read; peers that cannot be read are passed over.</summary>
internal static class KadCodec
{
    /// <summary>The longest message that is read, in bytes.</summary>
    public const int MaxLength = 64 * 1024;

    public const int MaxKey = 256;

    public const int MaxValue = 8 * 1024;

    /// <summary>Peers read from one list, and addresses of one peer.</summary>
    public const int MaxPeers = 20;

    public const int MaxAddresses = 16;

    private const int Connected = 1;
    private const int MaxTime = 64;

    private static readonly MessageParser<KadMessage> s_messages = KadMessage.Parser.WithDiscardUnknownFields(true);
    private static readonly MessageParser<RecordMessage> s_records = RecordMessage.Parser.WithDiscardUnknownFields(true);

    /// <summary>Null: no such message, or one that is over a limit.</summary>
    public static KadPacket? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > MaxLength)
        {
            return null;
        }

        try
        {
            KadMessage message = s_messages.ParseFrom(bytes);
            if (!Enum.IsDefined((KadRequestKind)message.Type) || message.Key.Length > MaxKey)
            {
                return null;
            }

            KadRecord? record = null;
            if (message.HasRecord && message.Record.Length > 0)
            {
                record = Record(message.Record.Span);
                if (record is null)
                {
                    return null;
                }
            }

            return new KadPacket((KadRequestKind)message.Type, message.Key.ToByteArray(), record, Peers(message.CloserPeers), Peers(message.ProviderPeers));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    public static byte[] Write(KadPacket packet)
    {
        KadMessage message = new() { Type = (int)packet.Kind, Key = ByteString.CopyFrom(packet.Key) };
        if (packet.Record is { } record)
        {
            RecordMessage written = new() { Key = ByteString.CopyFrom(record.Key), Value = ByteString.CopyFrom(record.Value) };
            if (record.TimeReceived.Length > 0)
            {
                written.TimeReceived = record.TimeReceived;
            }

            message.Record = written.ToByteString();
        }

        message.CloserPeers.AddRange(packet.Closer.Take(MaxPeers).Select(Peer));
        message.ProviderPeers.AddRange(packet.Providers.Take(MaxPeers).Select(Peer));
        return message.ToByteArray();
    }

    private static KadRecord? Record(ReadOnlySpan<byte> bytes)
    {
        RecordMessage record = s_records.ParseFrom(bytes);
        return record.Key.Length > MaxKey || record.Value.Length > MaxValue || record.TimeReceived.Length > MaxTime
            ? null
            : new KadRecord(record.Key.ToByteArray(), record.Value.ToByteArray(), record.TimeReceived);
    }

    private static List<PeerAddresses> Peers(IReadOnlyList<PeerMessage> peers)
    {
        List<PeerAddresses> read = [];
        foreach (PeerMessage peer in peers)
        {
            if (read.Count == MaxPeers)
            {
                break;
            }

            if (!PeerId.TryDecode(peer.Id.Span, out PeerId? id))
            {
                continue;
            }

            List<Multiaddr> addresses = [];
            foreach (ByteString address in peer.Multiaddrs)
            {
                if (addresses.Count < MaxAddresses && Multiaddr.TryDecode(address.Span, out Multiaddr? decoded))
                {
                    addresses.Add(decoded);
                }
            }

            read.Add(new PeerAddresses(id, addresses));
        }

        return read;
    }

    private static PeerMessage Peer(PeerAddresses peer)
    {
        PeerMessage message = new() { Id = ByteString.CopyFrom(peer.Id.Bytes), Connection = Connected };
        message.Multiaddrs.AddRange(peer.Addresses.Take(MaxAddresses).Select(address => ByteString.CopyFrom(address.WithoutPeer().Bytes)));
        return message;
    }
}
