using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Blackwall.Mesh.Libp2p.Kad.Routing;

/// <summary>A place in the key space: SHA-256 of a key, for a peer that of its binary id. 256 bits, compared from the first on.</summary>
internal readonly record struct KadKey : IComparable<KadKey>
{
    /// <summary>Bits of a key.</summary>
    public const int Bits = 256;

    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    private KadKey(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    public static KadKey From(ReadOnlySpan<byte> key)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        return new KadKey(
            BinaryPrimitives.ReadUInt64BigEndian(hash),
            BinaryPrimitives.ReadUInt64BigEndian(hash[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(hash[24..]));
    }

    public static KadKey From(PeerId peer) => From(peer.Bytes);

    /// <summary>The XOR distance.</summary>
    public KadKey DistanceTo(KadKey other) => new(_a ^ other._a, _b ^ other._b, _c ^ other._c, _d ^ other._d);

    /// <summary>Bits that two keys have in common at their start, 0 to 256.</summary>
    public int CommonPrefix(KadKey other)
    {
        KadKey distance = DistanceTo(other);
        return distance._a != 0 ? BitOperations.LeadingZeroCount(distance._a)
            : distance._b != 0 ? 64 + BitOperations.LeadingZeroCount(distance._b)
            : distance._c != 0 ? 128 + BitOperations.LeadingZeroCount(distance._c)
            : 192 + BitOperations.LeadingZeroCount(distance._d);
    }

    public int CompareTo(KadKey other)
    {
        int order = _a.CompareTo(other._a);
        order = order != 0 ? order : _b.CompareTo(other._b);
        order = order != 0 ? order : _c.CompareTo(other._c);
        return order != 0 ? order : _d.CompareTo(other._d);
    }

    /// <summary>As written on the wire and in test vectors.</summary>
    public override string ToString() => $"{_a:x16}{_b:x16}{_c:x16}{_d:x16}";

    public static bool operator <(KadKey left, KadKey right) => left.CompareTo(right) < 0;

    public static bool operator >(KadKey left, KadKey right) => left.CompareTo(right) > 0;

    public static bool operator <=(KadKey left, KadKey right) => left.CompareTo(right) <= 0;

    public static bool operator >=(KadKey left, KadKey right) => left.CompareTo(right) >= 0;
}
