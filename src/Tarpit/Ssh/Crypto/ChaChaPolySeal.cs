using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>chacha20-poly1305@openssh.com (PROTOCOL.chacha20poly1305): one key for the length, one for the rest, the sequence number as nonce.</summary>
internal sealed class ChaChaPolySeal(ReadOnlySpan<byte> key) : PacketSeal
{
    private const int KeyLength = 32;

    private readonly ChaChaEngine _main = new();
    private readonly ChaChaEngine _length = new();
    private readonly Poly1305 _poly = new();
    private readonly KeyParameter _mainKey = new(key[..KeyLength]);
    private readonly KeyParameter _lengthKey = new(key.Slice(KeyLength, KeyLength));

    public override int BlockLength => 8;

    public override int TagLength => 16;

    public override bool LengthAside => true;

    public override uint ReadLength(uint sequence, Span<byte> head)
    {
        Span<byte> plain = stackalloc byte[sizeof(uint)];
        Start(_length, _lengthKey, sequence);
        _length.ProcessBytes(head[..sizeof(uint)], plain);
        return BinaryPrimitives.ReadUInt32BigEndian(plain);
    }

    public override bool Open(uint sequence, Span<byte> packet)
    {
        Span<byte> tag = stackalloc byte[TagLength];
        Span<byte> body = packet[sizeof(uint)..^TagLength];
        StartMain(sequence);
        Authenticate(packet[..^TagLength], tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, packet[^TagLength..]))
        {
            return false;
        }

        _main.ProcessBytes(body, body);
        return true;
    }

    public override void Seal(uint sequence, Span<byte> packet)
    {
        Span<byte> length = packet[..sizeof(uint)], body = packet[sizeof(uint)..^TagLength];
        Start(_length, _lengthKey, sequence);
        _length.ProcessBytes(length, length);
        StartMain(sequence);
        _main.ProcessBytes(body, body);
        Authenticate(packet[..^TagLength], packet[^TagLength..]);
    }

    // The first block of the key stream gives the key of the authenticator; the payload begins with the second.
    private void StartMain(uint sequence)
    {
        Span<byte> block = stackalloc byte[64];
        block.Clear();
        Start(_main, _mainKey, sequence);
        _main.ProcessBytes(block, block);
        _poly.Init(new KeyParameter(block[..KeyLength]));
    }

    private void Authenticate(ReadOnlySpan<byte> data, Span<byte> tag)
    {
        _poly.BlockUpdate(data);
        _poly.DoFinal(tag);
    }

    private static void Start(ChaChaEngine engine, KeyParameter key, uint sequence)
    {
        byte[] nonce = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(nonce, sequence);
        engine.Init(forEncryption: true, new ParametersWithIV(key, nonce));
    }
}
