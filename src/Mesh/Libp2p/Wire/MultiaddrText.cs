using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Blackwall.Mesh.Libp2p.Wire;

/// <summary>Text and binary forms of the parts of a multiaddr.</summary>
internal static class MultiaddrText
{
    private const int Variable = -1;
    private const int MaxValue = 256;
    private const int MaxText = 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool TryReadPart(byte[] bytes, ref int at, out MultiaddrPart part)
    {
        part = default;
        if (Varint.Read(bytes.AsSpan(at), out ulong code, out int taken) != VarintStatus.Whole || code > int.MaxValue || Kind((MultiaddrProtocol)code) is not { } kind)
        {
            return false;
        }

        at += taken;
        int length = kind.Length;
        if (length == Variable)
        {
            if (Varint.Read(bytes.AsSpan(at), out ulong said, out taken) != VarintStatus.Whole || said is 0 or > MaxValue)
            {
                return false;
            }

            at += taken;
            length = (int)said;
        }

        if (bytes.Length - at < length)
        {
            return false;
        }

        part = new MultiaddrPart((MultiaddrProtocol)code, bytes.AsMemory(at, length));
        at += length;
        return ValueText(part) is not null;
    }

    public static byte[] Encode(ReadOnlySpan<MultiaddrPart> parts)
    {
        List<byte> bytes = new(64);
        Span<byte> number = stackalloc byte[Varint.MaxLength + 1];
        foreach (MultiaddrPart part in parts)
        {
            bytes.AddRange(number[..Varint.Write(number, (ulong)part.Protocol)]);
            if (Kind(part.Protocol) is { Length: Variable })
            {
                bytes.AddRange(number[..Varint.Write(number, (ulong)part.Value.Length)]);
            }

            bytes.AddRange(part.Value.Span);
        }

        return [.. bytes];
    }

    public static string Format(ReadOnlySpan<MultiaddrPart> parts)
    {
        var text = new StringBuilder();
        foreach (MultiaddrPart part in parts)
        {
            text.Append('/').Append(Kind(part.Protocol)!.Value.Name);
            if (ValueText(part) is { Length: > 0 } value)
            {
                text.Append('/').Append(value);
            }
        }

        return text.ToString();
    }

    /// <summary>Null where the text is no multiaddr.</summary>
    public static List<MultiaddrPart>? TryParse(string text)
    {
        if (text.Length is < 2 or > MaxText || text[0] != '/')
        {
            return null;
        }

        string[] words = text[1..].TrimEnd('/').Split('/');
        List<MultiaddrPart> parts = [];
        for (int at = 0; at < words.Length; at++)
        {
            MultiaddrProtocol protocol = words[at] is "ipfs" ? MultiaddrProtocol.Peer : Enum.GetValues<MultiaddrProtocol>().FirstOrDefault(p => string.Equals(Kind(p)?.Name, words[at], StringComparison.Ordinal));
            if (Kind(protocol) is not { } kind)
            {
                return null;
            }

            byte[]? value = [];
            if (kind.Length != 0)
            {
                at++;
                value = at < words.Length ? Value(protocol, words[at]) : null;
            }

            if (value is null)
            {
                return null;
            }

            parts.Add(new MultiaddrPart(protocol, value));
        }

        return parts;
    }

    private static byte[]? Value(MultiaddrProtocol protocol, string text)
    {
        switch (protocol)
        {
            case MultiaddrProtocol.Ip4:
                return IPAddress.TryParse(text, out IPAddress? four) && four.AddressFamily == AddressFamily.InterNetwork && text.Count('.') == 3 ? four.GetAddressBytes() : null;
            case MultiaddrProtocol.Ip6:
                return IPAddress.TryParse(text, out IPAddress? six) && six.AddressFamily == AddressFamily.InterNetworkV6 && !text.Contains('%', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal) ? six.GetAddressBytes() : null;
            case MultiaddrProtocol.Tcp or MultiaddrProtocol.Udp:
                return ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) ? [(byte)(port >> 8), (byte)port] : null;
            case MultiaddrProtocol.Peer:
                return PeerId.TryParse(text, out PeerId? id) ? id.Bytes.ToArray() : null;
            case MultiaddrProtocol.CertHash:
                return text.StartsWith('u') && System.Buffers.Text.Base64Url.IsValid(text.AsSpan(1)) ? System.Buffers.Text.Base64Url.DecodeFromChars(text.AsSpan(1)) : null;
            default:
                return text.Length is > 0 and <= MaxValue && IsName(text) ? StrictUtf8.GetBytes(text) : null;
        }
    }

    /// <summary>Null where the value is not one of its protocol.</summary>
    private static string? ValueText(MultiaddrPart part)
    {
        ReadOnlySpan<byte> value = part.Value.Span;
        switch (part.Protocol)
        {
            case MultiaddrProtocol.Ip4 or MultiaddrProtocol.Ip6:
                return new IPAddress(value).ToString();
            case MultiaddrProtocol.Tcp or MultiaddrProtocol.Udp:
                return ((value[0] << 8) | value[1]).ToString(CultureInfo.InvariantCulture);
            case MultiaddrProtocol.Peer:
                return PeerId.TryDecode(value, out PeerId? id) ? id.ToString() : null;
            case MultiaddrProtocol.CertHash:
                return "u" + System.Buffers.Text.Base64Url.EncodeToString(value);
            default:
                return !System.Text.Unicode.Utf8.IsValid(value) || StrictUtf8.GetString(value) is not { } text || !IsName(text) ? null : text;
        }
    }

    private static bool IsName(string text)
    {
        foreach (char letter in text)
        {
            if (letter is '/' or ' ' || char.IsControl(letter))
            {
                return false;
            }
        }

        return true;
    }

    // Length in bytes; variable ones carry theirs.
    private static (string Name, int Length)? Kind(MultiaddrProtocol protocol) => protocol switch
    {
        MultiaddrProtocol.Ip4 => ("ip4", 4),
        MultiaddrProtocol.Tcp => ("tcp", 2),
        MultiaddrProtocol.Ip6 => ("ip6", 16),
        MultiaddrProtocol.Ip6Zone => ("ip6zone", Variable),
        MultiaddrProtocol.Dns => ("dns", Variable),
        MultiaddrProtocol.Dns4 => ("dns4", Variable),
        MultiaddrProtocol.Dns6 => ("dns6", Variable),
        MultiaddrProtocol.DnsAddr => ("dnsaddr", Variable),
        MultiaddrProtocol.Udp => ("udp", 2),
        MultiaddrProtocol.WebRtcDirect => ("webrtc-direct", 0),
        MultiaddrProtocol.WebRtc => ("webrtc", 0),
        MultiaddrProtocol.Circuit => ("p2p-circuit", 0),
        MultiaddrProtocol.Peer => ("p2p", Variable),
        MultiaddrProtocol.Tls => ("tls", 0),
        MultiaddrProtocol.Sni => ("sni", Variable),
        MultiaddrProtocol.Noise => ("noise", 0),
        MultiaddrProtocol.Quic => ("quic", 0),
        MultiaddrProtocol.QuicV1 => ("quic-v1", 0),
        MultiaddrProtocol.WebTransport => ("webtransport", 0),
        MultiaddrProtocol.CertHash => ("certhash", Variable),
        MultiaddrProtocol.WebSocket => ("ws", 0),
        MultiaddrProtocol.WebSocketSecure => ("wss", 0),
        MultiaddrProtocol.Http => ("http", 0),
        _ => null,
    };
}
