using System.Globalization;
using System.Text;
using Blackwall.Mesh.Libp2p.Keys;
using Google.Protobuf;

namespace Blackwall.Mesh.Libp2p.Wire;

/// <summary>Identify messages. What a peer tells may come in several; of single fields the last holds, lists are joined.</summary>
internal static class IdentifyCodec
{
    /// <summary>The longest message that is accepted, in bytes.</summary>
    public const int MaxLength = 8192;

    /// <summary>The most messages of one telling.</summary>
    public const int MaxMessages = 10;

    private const int MaxProtocols = 256;
    private const int MaxProtocolLength = 256;
    private const int MaxAddresses = 64;
    private const int MaxVersion = 128;

    /// <param name="record">Our signed peer record, of the same addresses.</param>
    public static byte[] Write(PublicKey key, PeerInfo own, ReadOnlySpan<byte> record)
    {
        var message = new IdentifyMessage
        {
            PublicKey = ByteString.CopyFrom(key.Encoded.Span),
            ProtocolVersion = own.ProtocolVersion,
            AgentVersion = own.AgentVersion,
            SignedPeerRecord = ByteString.CopyFrom(record),
        };
        message.ListenAddrs.AddRange(own.ListenAddresses.Select(address => ByteString.CopyFrom(address.Bytes)));
        message.Protocols.AddRange(own.Protocols);
        if (own.ObservedAddress is { } observed)
        {
            message.ObservedAddr = ByteString.CopyFrom(observed.Bytes);
        }

        return message.ToByteArray();
    }

    /// <summary>
    /// Joins the messages of one telling with what was known before (null: nothing; what a push leaves out stays as it was). Null where they are
    /// malformed or of another peer than <paramref name="key"/>'s, with the reason.
    /// </summary>
    public static PeerInfo? TryRead(IReadOnlyList<byte[]> messages, PublicKey key, PeerInfo? before, out string? error)
    {
        var joined = new IdentifyMessage();
        try
        {
            foreach (byte[] message in messages)
            {
                joined.MergeFrom(message);
            }
        }
        catch (InvalidProtocolBufferException)
        {
            error = "it is no protobuf message";
            return null;
        }

        var id = PeerId.From(key);
        if (joined.HasPublicKey && !joined.PublicKey.Span.SequenceEqual(key.Encoded.Span))
        {
            error = "its key is not the one that was proven";
            return null;
        }

        PeerRecord? record = null;
        if (joined.HasSignedPeerRecord && joined.SignedPeerRecord.Length > 0)
        {
            record = PeerRecord.TryOpen(joined.SignedPeerRecord.Span);
            if (record is null || record.Id != id)
            {
                error = "its signed record is not valid or is another peer's";
                return null;
            }
        }

        if (joined.Protocols.Count > MaxProtocols || joined.Protocols.Any(protocol => protocol.Length is 0 or > MaxProtocolLength))
        {
            error = $"it names more than {MaxProtocols} protocols, or one that is empty or longer than {MaxProtocolLength}";
            return null;
        }

        error = null;
        IReadOnlyList<Multiaddr> addresses = record is { Addresses.Count: > 0 } ? record.Addresses : PeerRecord.Known(joined.ListenAddrs, MaxAddresses);
        return new PeerInfo(
            id,
            joined.Protocols.Count > 0 || before is null ? [.. joined.Protocols.Distinct(StringComparer.Ordinal)] : before.Protocols,
            addresses.Count > 0 || before is null ? addresses : before.ListenAddresses,
            joined.HasAgentVersion || before is null ? Printable(joined.AgentVersion) : before.AgentVersion,
            joined.HasProtocolVersion || before is null ? Printable(joined.ProtocolVersion) : before.ProtocolVersion,
            joined.HasObservedAddr && Multiaddr.TryDecode(joined.ObservedAddr.Span, out Multiaddr? observed) ? observed : before?.ObservedAddress);
    }

    // Format characters turn the direction of what follows on a terminal, or hide it.
    private static string Printable(string text) => string.Concat(text.EnumerateRunes().Take(MaxVersion).Select(rune => IsPrintable(rune) ? rune : new Rune('?')));

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
