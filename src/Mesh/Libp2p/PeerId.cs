using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Blackwall.Mesh.Libp2p.Keys;
using SimpleBase;

namespace Blackwall.Mesh.Libp2p;

/// <summary>Who a peer is: the multihash of its public key. Ordered and compared by its bytes.</summary>
public sealed class PeerId : IEquatable<PeerId>, IComparable<PeerId>
{
    /// <summary>The longest key that is its own id, in bytes; of longer ones the SHA-256 is.</summary>
    public const int MaxIdentity = 42;

    /// <summary>Bytes of the longest id.</summary>
    public const int MaxLength = MaxIdentity + 2;

    private const byte Identity = 0x00;
    private const byte Sha256 = 0x12;
    private const int MaxText = 128;

    // CID version 1, codec libp2p-key.
    private static readonly byte[] CidPrefix = [0x01, 0x72];
    private readonly byte[] _bytes;
    private readonly int _hash;
    private string? _text;

    private PeerId(byte[] bytes)
    {
        _bytes = bytes;
        HashCode hash = default;
        hash.AddBytes(bytes);
        _hash = hash.ToHashCode();
    }

    /// <summary>The multihash: what goes over the wire and into the distances of Kademlia.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>The id of a key.</summary>
    public static PeerId From(PublicKey key)
    {
        ReadOnlySpan<byte> encoded = key.Encoded.Span;
        return encoded.Length <= MaxIdentity
            ? new PeerId([Identity, (byte)encoded.Length, .. encoded])
            : new PeerId([Sha256, SHA256.HashSizeInBytes, .. SHA256.HashData(encoded)]);
    }

    /// <summary>Reads a multihash: SHA-256, or identity of 1 to 42 bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out PeerId? id)
    {
        bool valid = bytes.Length > 2 && bytes[1] == bytes.Length - 2 && (bytes[0] == Identity ? bytes[1] <= MaxIdentity : bytes[0] == Sha256 && bytes[1] == SHA256.HashSizeInBytes);
        id = valid ? new PeerId(bytes.ToArray()) : null;
        return valid;
    }

    /// <summary>Reads the text form: base58 of the multihash ("12D3Koo..", "Qm.."), or a CID in any usual base ("bafz..", "k5..").</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out PeerId? id)
    {
        id = null;
        if (text.Length is < 2 or > MaxText)
        {
            return false;
        }

        if (text[0] is '1' || text.StartsWith("Qm", StringComparison.Ordinal))
        {
            return TryBase58(text, out byte[]? multihash) && TryDecode(multihash, out id);
        }

        return TryMultibase(text[0], text[1..], out byte[]? cid) && cid.AsSpan().StartsWith(CidPrefix) && TryDecode(cid.AsSpan(CidPrefix.Length), out id);
    }

    /// <summary>The key, where the id holds it (Ed25519, secp256k1).</summary>
    public PublicKey? TryGetKey() => _bytes[0] == Identity ? PublicKey.TryDecode(_bytes.AsSpan(2), out _) : null;

    /// <summary>The CID form in base32: "bafz..".</summary>
    public string ToCid() => "b" + Base32.Rfc4648.Encode([.. CidPrefix, .. _bytes], padding: false).ToLowerInvariant();

    /// <summary>The base58 form: "12D3Koo..", "Qm..".</summary>
    public override string ToString() => _text ??= Base58.Bitcoin.Encode(_bytes);

    public bool Equals(PeerId? other) => other is not null && (ReferenceEquals(this, other) || (_hash == other._hash && _bytes.AsSpan().SequenceEqual(other._bytes)));

    public override bool Equals(object? obj) => Equals(obj as PeerId);

    public override int GetHashCode() => _hash;

    public int CompareTo(PeerId? other) => other is null ? 1 : _bytes.AsSpan().SequenceCompareTo(other._bytes);

    public static bool operator ==(PeerId? left, PeerId? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(PeerId? left, PeerId? right) => !(left == right);

    public static bool operator <(PeerId? left, PeerId? right) => Comparer<PeerId>.Default.Compare(left, right) < 0;

    public static bool operator <=(PeerId? left, PeerId? right) => Comparer<PeerId>.Default.Compare(left, right) <= 0;

    public static bool operator >(PeerId? left, PeerId? right) => Comparer<PeerId>.Default.Compare(left, right) > 0;

    public static bool operator >=(PeerId? left, PeerId? right) => Comparer<PeerId>.Default.Compare(left, right) >= 0;

    private static bool TryBase58(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes) => TryAny(text, static t => Base58.Bitcoin.Decode(t), out bytes);

    private static bool TryMultibase(char code, ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        return code switch
        {
            'b' or 'B' => TryAny(text, static t => Base32.Rfc4648.Decode(t), out bytes),
            'k' => TryAny(text, static t => Base36.LowerCase.Decode(t), out bytes),
            'K' => TryAny(text, static t => Base36.UpperCase.Decode(t), out bytes),
            'z' => TryBase58(text, out bytes),
            'f' or 'F' => TryAny(text, static t => Convert.FromHexString(t), out bytes),
            _ => false,
        };
    }

    // The decoders throw on characters that are not theirs; the text is short, and mostly comes from an operator.
    private static bool TryAny(ReadOnlySpan<char> text, Func<string, byte[]> decode, [NotNullWhen(true)] out byte[]? bytes)
    {
        try
        {
            bytes = decode(text.ToString());
            return true;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidOperationException or IndexOutOfRangeException or OverflowException)
        {
            bytes = null;
            return false;
        }
    }
}
