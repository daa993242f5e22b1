using Blackwall.Mesh.Libp2p.Keys;
using Google.Protobuf;

namespace Blackwall.Mesh.Libp2p.Wire;

/// <summary>Where a peer says it is, signed by it (libp2p RFC 0003). Of two records the one with the greater sequence holds.</summary>
internal sealed record PeerRecord(PeerId Id, ulong Sequence, IReadOnlyList<Multiaddr> Addresses)
{
    private const string Domain = "libp2p-peer-record";
    private const int MaxAddresses = 64;

    private static ReadOnlySpan<byte> Type => [0x03, 0x01];

    public byte[] Seal(PrivateKey key)
    {
        var message = new PeerRecordMessage { PeerId = ByteString.CopyFrom(Id.Bytes), Seq = Sequence };
        message.Addresses.AddRange(Addresses.Select(address => new PeerRecordMessage.Types.AddressInfo { Multiaddr = ByteString.CopyFrom(address.Bytes) }));
        return SignedEnvelope.Seal(key, Domain, Type, message.ToByteArray());
    }

    /// <summary>Null where it is malformed or not signed by the peer that it is about. Addresses of unknown form are left out.</summary>
    public static PeerRecord? TryOpen(ReadOnlySpan<byte> envelope)
    {
        if (SignedEnvelope.TryOpen(envelope, Domain, Type) is not { } opened)
        {
            return null;
        }

        try
        {
            PeerRecordMessage message = PeerRecordMessage.Parser.ParseFrom(opened.Payload);
            return PeerId.TryDecode(message.PeerId.Span, out PeerId? id) && id == PeerId.From(opened.Key)
                ? new PeerRecord(id, message.Seq, Known(message.Addresses.Select(info => info.Multiaddr), MaxAddresses))
                : null;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>The addresses of these that can be read, up to a limit.</summary>
    public static IReadOnlyList<Multiaddr> Known(IEnumerable<ByteString> addresses, int limit)
    {
        List<Multiaddr> known = [];
        foreach (ByteString bytes in addresses.Take(limit))
        {
            if (Multiaddr.TryDecode(bytes.Span, out Multiaddr? address))
            {
                known.Add(address);
            }
        }

        return known;
    }
}
