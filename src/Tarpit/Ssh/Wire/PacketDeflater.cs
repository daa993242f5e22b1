using System.Buffers;
using System.Buffers.Binary;

namespace Blackwall.Tarpit.Ssh.Wire;

/// <summary>
/// The sending side of a zlib stream (RFC 1950, RFC 1951) that is flushed partially behind each packet. It refers to nothing before a packet and so
/// keeps nothing between two: fixed Huffman codes, matches within the packet, stored blocks for what does not become smaller.
/// </summary>
internal sealed class PacketDeflater
{
    private const int HashBits = 12;
    private const int ShortestMatch = 3;
    private const int LongestMatch = 258;
    private const int FarthestMatch = 32 * 1024;
    private const int LongestStored = ushort.MaxValue;
    private const int EndOfBlock = 256;
    private const uint StoredBlock = 0;
    private const uint FixedBlock = 2;

    private static readonly int[] s_lengthBases = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
    private static readonly int[] s_lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
    private static readonly int[] s_distanceBases = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
    private static readonly int[] s_distanceBits = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];

    private ulong _bits;
    private int _bitCount;
    private bool _begun;
    private byte[] _output = [];
    private int _length;

    public byte[] Run(ReadOnlySpan<byte> payload)
    {
        _output = new byte[(payload.Length * 9 / 8) + (payload.Length / LongestStored * 8) + 32];
        _length = 0;
        if (!_begun)
        {
            // Deflate with a window of 32 KiB, the usual level: as sshd begins.
            _begun = true;
            Put(0x78, 8);
            Put(0x9C, 8);
        }

        (ulong bits, int count, int length) = (_bits, _bitCount, _length);
        Compress(payload);
        if (_length - length > payload.Length + 8)
        {
            (_bits, _bitCount, _length) = (bits, count, length);
            Store(payload);
        }

        // Z_PARTIAL_FLUSH: an empty block, so that the last symbol before it can be read.
        Put(FixedBlock, 3);
        PutSymbol(EndOfBlock);
        byte[] packet = _output[.._length];
        _output = [];
        return packet;
    }

    private void Compress(ReadOnlySpan<byte> payload)
    {
        Put(FixedBlock, 3);
        int[] heads = ArrayPool<int>.Shared.Rent(1 << HashBits);
        heads.AsSpan(0, 1 << HashBits).Fill(-1);
        for (int at = 0; at < payload.Length;)
        {
            int length = 0, distance = 0;
            if (at + sizeof(uint) <= payload.Length)
            {
                uint hash = ((BinaryPrimitives.ReadUInt32LittleEndian(payload[at..]) & 0xFFFFFF) * 2654435761u) >> (32 - HashBits);
                int before = heads[hash];
                heads[hash] = at;
                if (before >= 0 && at - before <= FarthestMatch)
                {
                    distance = at - before;
                    length = payload[before..].CommonPrefixLength(payload.Slice(at, Math.Min(LongestMatch, payload.Length - at)));
                }
            }

            if (length < ShortestMatch)
            {
                PutSymbol(payload[at++]);
                continue;
            }

            PutMatch(length, distance);
            at += length;
        }

        ArrayPool<int>.Shared.Return(heads);
        PutSymbol(EndOfBlock);
    }

    private void Store(ReadOnlySpan<byte> payload)
    {
        while (!payload.IsEmpty)
        {
            ReadOnlySpan<byte> part = payload[..Math.Min(payload.Length, LongestStored)];
            payload = payload[part.Length..];
            Put(StoredBlock, 3);
            if (_bitCount > 0)
            {
                Put(0, 8 - _bitCount);
            }

            Put((uint)part.Length, 16);
            Put((uint)part.Length ^ 0xFFFF, 16);
            part.CopyTo(_output.AsSpan(_length));
            _length += part.Length;
        }
    }

    private void PutMatch(int length, int distance)
    {
        int code = Array.FindLastIndex(s_lengthBases, known => known <= length);
        PutSymbol(EndOfBlock + 1 + code);
        Put((uint)(length - s_lengthBases[code]), s_lengthBits[code]);
        code = Array.FindLastIndex(s_distanceBases, known => known <= distance);
        PutReversed((uint)code, 5);
        Put((uint)(distance - s_distanceBases[code]), s_distanceBits[code]);
    }

    // RFC 1951 §3.2.6.
    private void PutSymbol(int symbol)
    {
        switch (symbol)
        {
            case < 144:
                PutReversed((uint)(0x30 + symbol), 8);
                break;
            case < 256:
                PutReversed((uint)(0x190 + symbol - 144), 9);
                break;
            case < 280:
                PutReversed((uint)(symbol - 256), 7);
                break;
            default:
                PutReversed((uint)(0xC0 + symbol - 280), 8);
                break;
        }
    }

    // Huffman codes go out from their first bit on.
    private void PutReversed(uint code, int count)
    {
        uint reversed = 0;
        for (int i = 0; i < count; i++)
        {
            reversed = (reversed << 1) | ((code >> i) & 1);
        }

        Put(reversed, count);
    }

    private void Put(uint value, int count)
    {
        _bits |= (ulong)value << _bitCount;
        _bitCount += count;
        while (_bitCount >= 8)
        {
            _output[_length++] = (byte)_bits;
            _bits >>= 8;
            _bitCount -= 8;
        }
    }
}
