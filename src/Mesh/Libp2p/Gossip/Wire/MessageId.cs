using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Blackwall.Mesh.Libp2p.Gossip.Wire;

/// <summary>The id of a message: up to 48 bytes, held in place so that looking one up allocates nothing.</summary>
public readonly struct MessageId : IEquatable<MessageId>
{
    /// <summary>The longest id that our id functions make: a 39-byte author (secp256k1) and 8 bytes of sequence number fit.</summary>
    public const int MaxLength = 48;

    // Ids are chosen by strangers: without a secret they could choose ones that all fall into one bucket.
    private static readonly ulong[] s_secret = MakeSecret();

    private readonly Words _words;
    private readonly byte _length;

    private MessageId(ReadOnlySpan<byte> bytes)
    {
        _length = (byte)bytes.Length;
        bytes.CopyTo(MemoryMarshal.AsBytes((Span<ulong>)_words));
    }

    /// <summary>In bytes, 0 to 48.</summary>
    public int Length => _length;

    /// <summary>False if the id is empty or longer than <see cref="MaxLength"/>: no message that we know can have it.</summary>
    public static bool TryCreate(ReadOnlySpan<byte> bytes, out MessageId id)
    {
        bool fits = bytes.Length is > 0 and <= MaxLength;
        id = fits ? new MessageId(bytes) : default;
        return fits;
    }

    /// <summary>Writes the id's bytes and returns how many there are.</summary>
    public int CopyTo(Span<byte> destination)
    {
        Bytes.CopyTo(destination);
        return _length;
    }

    public byte[] ToArray() => Bytes.ToArray();

    public bool Equals(MessageId other) =>
        _length == other._length && ((ReadOnlySpan<ulong>)_words).SequenceEqual(other._words);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is MessageId other && Equals(other);

    public override int GetHashCode()
    {
        ReadOnlySpan<ulong> words = _words;
        ulong hash = _length;
        for (int i = 0; i < words.Length; i += 2)
        {
            ulong high = Math.BigMul(words[i] ^ s_secret[i] ^ hash, words[i + 1] ^ s_secret[i + 1], out ulong low);
            hash = high ^ low;
        }

        return (int)(hash ^ (hash >> 32));
    }

    /// <summary>In lower-case hexadecimal.</summary>
    public override string ToString() => Convert.ToHexStringLower(Bytes);

    public static bool operator ==(MessageId left, MessageId right) => left.Equals(right);

    public static bool operator !=(MessageId left, MessageId right) => !left.Equals(right);

    [UnscopedRef]
    private ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)_words)[.._length];

    private static ulong[] MakeSecret()
    {
        ulong[] secret = new ulong[MaxLength / sizeof(ulong)];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(secret.AsSpan()));
        return secret;
    }

    [InlineArray(MaxLength / sizeof(ulong))]
    private struct Words
    {
        private ulong _first;
    }
}
