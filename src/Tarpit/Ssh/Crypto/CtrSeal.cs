using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>aes*-ctr (RFC 4344 §4) with a MAC over the plain packet (RFC 4253) or over the encrypted one (OpenSSH's -etm).</summary>
internal sealed class CtrSeal : PacketSeal
{
    private const int AesBlock = 16;
    private const int StreamLength = 512;

    private readonly Aes _aes;
    private readonly PacketMac _mac;
    private readonly byte[] _counter;

    public CtrSeal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, PacketMac mac)
    {
        _aes = Aes.Create();
        _aes.Key = key.ToArray();
        _counter = iv[..AesBlock].ToArray();
        _mac = mac;
    }

    public override int BlockLength => AesBlock;

    public override int TagLength => _mac.Length;

    public override bool LengthAside => _mac.EncryptThenMac;

    public override uint ReadLength(uint sequence, Span<byte> head)
    {
        if (!LengthAside)
        {
            Crypt(head[..AesBlock]);
        }

        return BinaryPrimitives.ReadUInt32BigEndian(head);
    }

    public override bool Open(uint sequence, Span<byte> packet)
    {
        Span<byte> tag = stackalloc byte[TagLength];
        Span<byte> body = packet[..^TagLength];
        if (LengthAside)
        {
            _mac.Compute(sequence, body, tag);
            if (!CryptographicOperations.FixedTimeEquals(tag, packet[^TagLength..]))
            {
                return false;
            }

            Crypt(body[sizeof(uint)..]);
            return true;
        }

        // The first block is plain already: the length was in it.
        Crypt(body[AesBlock..]);
        _mac.Compute(sequence, body, tag);
        return CryptographicOperations.FixedTimeEquals(tag, packet[^TagLength..]);
    }

    public override void Seal(uint sequence, Span<byte> packet)
    {
        Span<byte> body = packet[..^TagLength];
        if (LengthAside)
        {
            Crypt(body[sizeof(uint)..]);
            _mac.Compute(sequence, body, packet[^TagLength..]);
            return;
        }

        _mac.Compute(sequence, body, packet[^TagLength..]);
        Crypt(body);
    }

    protected override void Release()
    {
        _aes.Dispose();
        _mac.Dispose();
    }

    private void Crypt(Span<byte> data)
    {
        Span<byte> counters = stackalloc byte[StreamLength];
        Span<byte> stream = stackalloc byte[StreamLength];
        while (!data.IsEmpty)
        {
            int length = Math.Min(data.Length, StreamLength);
            int blocks = (length + AesBlock - 1) / AesBlock;
            for (int i = 0; i < blocks; i++)
            {
                _counter.CopyTo(counters[(i * AesBlock)..]);
                Advance();
            }

            _aes.EncryptEcb(counters[..(blocks * AesBlock)], stream, PaddingMode.None);
            for (int i = 0; i < length; i++)
            {
                data[i] ^= stream[i];
            }

            data = data[length..];
        }
    }

    private void Advance()
    {
        ulong low = unchecked(BinaryPrimitives.ReadUInt64BigEndian(_counter.AsSpan(8)) + 1);
        BinaryPrimitives.WriteUInt64BigEndian(_counter.AsSpan(8), low);
        if (low == 0)
        {
            BinaryPrimitives.WriteUInt64BigEndian(_counter, unchecked(BinaryPrimitives.ReadUInt64BigEndian(_counter) + 1));
        }
    }
}
