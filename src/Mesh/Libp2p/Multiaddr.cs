using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Mesh.Libp2p;

/// <summary>A self-describing address such as /ip4/192.0.2.1/tcp/4001/p2p/12D3Koo.. Immutable; compared by its bytes.</summary>
public sealed class Multiaddr : IEquatable<Multiaddr>
{
    /// <summary>The longest address that is accepted, in bytes.</summary>
    public const int MaxLength = 512;

    /// <summary>The most parts that are accepted.</summary>
    public const int MaxParts = 16;

    private readonly byte[] _bytes;
    private readonly MultiaddrPart[] _parts;
    private string? _text;

    private Multiaddr(byte[] bytes, MultiaddrPart[] parts)
    {
        _bytes = bytes;
        _parts = parts;
    }

    public ReadOnlySpan<byte> Bytes => _bytes;

    public IReadOnlyList<MultiaddrPart> Parts => _parts;

    /// <summary>The IP address at the start; null where it begins otherwise (a name).</summary>
    public IPAddress? Ip => _parts is [{ Protocol: MultiaddrProtocol.Ip4 or MultiaddrProtocol.Ip6 }, ..] ? new IPAddress(_parts[0].Value.Span) : null;

    /// <summary>Address and port of exactly /ip4|ip6/../tcp/.. with or without a peer behind; null for all others.</summary>
    public IPEndPoint? Tcp => Ip is { } ip && _parts.Length == (Peer is null ? 2 : 3) && _parts[1].Protocol == MultiaddrProtocol.Tcp ? new IPEndPoint(ip, Port(_parts[1])) : null;

    /// <summary>Address and port of exactly /ip4|ip6/../udp/../quic-v1 with or without a peer behind; null for all others.</summary>
    public IPEndPoint? Quic => Ip is { } ip && _parts.Length == (Peer is null ? 3 : 4) && _parts[1].Protocol == MultiaddrProtocol.Udp && _parts[2].Protocol == MultiaddrProtocol.QuicV1
        ? new IPEndPoint(ip, Port(_parts[1]))
        : null;

    /// <summary>The peer named at the end.</summary>
    public PeerId? Peer => _parts is [.., { Protocol: MultiaddrProtocol.Peer } last] && PeerId.TryDecode(last.Value.Span, out PeerId? id) ? id : null;

    public static Multiaddr OfTcp(IPEndPoint endpoint)
    {
        IPAddress ip = endpoint.Address.IsIPv4MappedToIPv6 ? endpoint.Address.MapToIPv4() : endpoint.Address;
        return From([IpPart(ip), PortPart(MultiaddrProtocol.Tcp, endpoint.Port)]);
    }

    public static Multiaddr OfQuic(IPEndPoint endpoint) => From([IpPart(endpoint.Address), PortPart(MultiaddrProtocol.Udp, endpoint.Port), new(MultiaddrProtocol.QuicV1, default)]);

    /// <summary>Reads the binary form. An unknown part makes the whole unreadable, for its length is not known.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Multiaddr? address)
    {
        address = null;
        if (bytes.Length is 0 or > MaxLength)
        {
            return false;
        }

        byte[] copy = bytes.ToArray();
        List<MultiaddrPart> parts = new(4);
        int at = 0;
        while (at < copy.Length)
        {
            if (parts.Count == MaxParts || !MultiaddrText.TryReadPart(copy, ref at, out MultiaddrPart part))
            {
                return false;
            }

            parts.Add(part);
        }

        address = new Multiaddr(copy, [.. parts]);
        return true;
    }

    /// <summary>Reads the text form.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Multiaddr? address)
    {
        address = null;
        if (text is null || MultiaddrText.TryParse(text) is not { Count: > 0 and <= MaxParts } parts)
        {
            return false;
        }

        address = From([.. parts]);
        return address._bytes.Length <= MaxLength;
    }

    /// <summary>The address with this peer at its end, in the place of one that is there.</summary>
    public Multiaddr WithPeer(PeerId peer) => From([.. WithoutPeer()._parts, new(MultiaddrProtocol.Peer, peer.Bytes.ToArray())]);

    public Multiaddr WithoutPeer() => _parts is [.. MultiaddrPart[] before, { Protocol: MultiaddrProtocol.Peer }] && before.Length > 0 ? From(before) : this;

    public override string ToString() => _text ??= MultiaddrText.Format(_parts);

    public bool Equals(Multiaddr? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as Multiaddr);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    private static Multiaddr From(MultiaddrPart[] parts) => new(MultiaddrText.Encode(parts), parts);

    private static MultiaddrPart IpPart(IPAddress ip) => new(ip.AddressFamily == AddressFamily.InterNetwork ? MultiaddrProtocol.Ip4 : MultiaddrProtocol.Ip6, ip.GetAddressBytes());

    private static MultiaddrPart PortPart(MultiaddrProtocol protocol, int port) => new(protocol, new[] { (byte)(port >> 8), (byte)port });

    private static int Port(MultiaddrPart part) => (part.Value.Span[0] << 8) | part.Value.Span[1];
}
