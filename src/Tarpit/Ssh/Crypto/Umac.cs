using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>UMAC-64 and UMAC-128 (RFC 4418) with AES-128, for messages up to 16 MiB. Not thread-safe.</summary>
internal sealed class Umac : IDisposable
{
    private const int KeyLength = 16;
    private const int NonceLength = 8;
    private const int ChunkLength = 1024;
    private const int HashedBlock = 32;
    private const ulong Prime36 = 0xFFFFFFFFB;
    private const ulong Prime64 = 0xFFFFFFFFFFFFFFC5;
    private const ulong Mask64 = 0x01FFFFFF01FFFFFF;

    private readonly int _streams;
    private readonly uint[] _key1;
    private readonly ulong[] _key2;
    private readonly ulong[] _key3;
    private readonly uint[] _key3Mask;
    private readonly Aes _pad;

    /// <param name="key">16 bytes.</param>
    /// <param name="tagLength">8 or 16 bytes.</param>
    public Umac(ReadOnlySpan<byte> key, int tagLength)
    {
        TagLength = tagLength;
        _streams = tagLength / 4;
        using Aes derive = NewAes(key);
        byte[] first = Derive(derive, 1, ChunkLength + ((_streams - 1) * KeyLength));
        byte[] second = Derive(derive, 2, _streams * 24);
        byte[] third = Derive(derive, 3, _streams * 64);
        byte[] fourth = Derive(derive, 4, _streams * 4);
        _key1 = new uint[first.Length / 4];
        for (int i = 0; i < _key1.Length; i++)
        {
            _key1[i] = BinaryPrimitives.ReadUInt32BigEndian(first.AsSpan(i * 4));
        }

        _key2 = new ulong[_streams];
        _key3 = new ulong[_streams * 8];
        _key3Mask = new uint[_streams];
        for (int s = 0; s < _streams; s++)
        {
            _key2[s] = BinaryPrimitives.ReadUInt64BigEndian(second.AsSpan(s * 24)) & Mask64;
            _key3Mask[s] = BinaryPrimitives.ReadUInt32BigEndian(fourth.AsSpan(s * 4));
            for (int i = 0; i < 8; i++)
            {
                _key3[(s * 8) + i] = BinaryPrimitives.ReadUInt64BigEndian(third.AsSpan((s * 64) + (i * 8))) % Prime36;
            }
        }

        _pad = NewAes(Derive(derive, 0, KeyLength));
    }

    public int TagLength { get; }

    /// <summary>The tag of a message.</summary>
    /// <param name="nonce">As a number; its 8 bytes in network order are the nonce.</param>
    /// <param name="tag"><see cref="TagLength"/> bytes.</param>
    public void Compute(ulong nonce, ReadOnlySpan<byte> message, Span<byte> tag)
    {
        Span<byte> pad = stackalloc byte[KeyLength];
        pad.Clear();
        int offset = 0;
        if (TagLength == 8)
        {
            offset = (int)(nonce & 1) * 8;
            nonce &= ~1ul;
        }

        BinaryPrimitives.WriteUInt64BigEndian(pad[..NonceLength], nonce);
        Span<byte> sealedPad = stackalloc byte[KeyLength];
        _pad.EncryptEcb(pad, sealedPad, PaddingMode.None);
        for (int s = 0; s < _streams; s++)
        {
            uint hash = Hash(s, message) ^ BinaryPrimitives.ReadUInt32BigEndian(sealedPad[(offset + (s * 4))..]);
            BinaryPrimitives.WriteUInt32BigEndian(tag[(s * 4)..], hash);
        }
    }

    public void Dispose() => _pad.Dispose();

    private uint Hash(int stream, ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<uint> key = _key1.AsSpan(stream * 4, ChunkLength / 4);
        if (message.Length <= ChunkLength)
        {
            return Third(stream, 0, First(key, message));
        }

        ulong value = 1;
        for (; !message.IsEmpty; message = message[Math.Min(ChunkLength, message.Length)..])
        {
            value = Second(value, _key2[stream], First(key, message[..Math.Min(ChunkLength, message.Length)]));
        }

        return Third(stream, 0, value);
    }

    // NH over one chunk: 32-bit words, little endian in the message, four and four of each 32 bytes multiplied.
    private static ulong First(ReadOnlySpan<uint> key, ReadOnlySpan<byte> chunk)
    {
        ulong sum = (ulong)chunk.Length * 8;
        int word = 0;
        Span<byte> padded = stackalloc byte[HashedBlock];
        do
        {
            scoped ReadOnlySpan<byte> block = chunk;
            if (chunk.Length < HashedBlock)
            {
                padded.Clear();
                chunk.CopyTo(padded);
                block = padded;
                chunk = default;
            }
            else
            {
                chunk = chunk[HashedBlock..];
            }

            for (int i = 0; i < 4; i++)
            {
                uint a = unchecked(BinaryPrimitives.ReadUInt32LittleEndian(block[(i * 4)..]) + key[word + i]);
                uint b = unchecked(BinaryPrimitives.ReadUInt32LittleEndian(block[((i + 4) * 4)..]) + key[word + i + 4]);
                sum = unchecked(sum + ((ulong)a * b));
            }

            word += 8;
        }
        while (!chunk.IsEmpty);

        return sum;
    }

    private static ulong Second(ulong value, ulong key, ulong word)
    {
        if (word >= 0xFFFFFFFF00000000)
        {
            value = MultiplyAdd(value, key, Prime64 - 1);
            return MultiplyAdd(value, key, word - 59);
        }

        return MultiplyAdd(value, key, word);
    }

    private static ulong MultiplyAdd(ulong value, ulong key, ulong word) => (ulong)((((UInt128)value * key) + word) % Prime64);

    private uint Third(int stream, ulong high, ulong low)
    {
        ReadOnlySpan<ulong> key = _key3.AsSpan(stream * 8, 8);
        ulong sum = 0;
        for (int i = 0; i < 4; i++)
        {
            sum += (high >> (48 - (16 * i)) & 0xFFFF) * key[i] % Prime36;
            sum += (low >> (48 - (16 * i)) & 0xFFFF) * key[i + 4] % Prime36;
        }

        return (uint)(sum % Prime36) ^ _key3Mask[stream];
    }

    private static Aes NewAes(ReadOnlySpan<byte> key)
    {
        Aes aes = Aes.Create();
        aes.Key = key.ToArray();
        return aes;
    }

    private static byte[] Derive(Aes aes, ulong index, int length)
    {
        byte[] output = new byte[(length + KeyLength - 1) / KeyLength * KeyLength];
        Span<byte> block = stackalloc byte[KeyLength];
        for (int i = 0; i * KeyLength < output.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(block, index);
            BinaryPrimitives.WriteUInt64BigEndian(block[8..], (ulong)i + 1);
            aes.EncryptEcb(block, output.AsSpan(i * KeyLength, KeyLength), PaddingMode.None);
        }

        return output[..length];
    }
}
