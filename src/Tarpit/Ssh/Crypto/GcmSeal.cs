using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>aes128-gcm@openssh.com, aes256-gcm@openssh.com (RFC 5647 with OpenSSH's negotiation): the length is authenticated and not encrypted.</summary>
internal sealed class GcmSeal : PacketSeal
{
    private const int FixedLength = 4;

    private readonly AesGcm _aes;
    private readonly byte[] _nonce = new byte[12];

    public GcmSeal(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv)
    {
        _aes = new AesGcm(key, TagLength);
        iv[.._nonce.Length].CopyTo(_nonce);
    }

    public override int BlockLength => 16;

    public override int TagLength => 16;

    public override bool LengthAside => true;

    public override uint ReadLength(uint sequence, Span<byte> head) => BinaryPrimitives.ReadUInt32BigEndian(head);

    public override bool Open(uint sequence, Span<byte> packet)
    {
        Span<byte> body = packet[sizeof(uint)..^TagLength];
        try
        {
            _aes.Decrypt(_nonce, body, packet[^TagLength..], body, packet[..sizeof(uint)]);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        Advance();
        return true;
    }

    public override void Seal(uint sequence, Span<byte> packet)
    {
        Span<byte> body = packet[sizeof(uint)..^TagLength];
        _aes.Encrypt(_nonce, body, body, packet[^TagLength..], packet[..sizeof(uint)]);
        Advance();
    }

    protected override void Release() => _aes.Dispose();

    private void Advance()
    {
        Span<byte> counter = _nonce.AsSpan(FixedLength);
        BinaryPrimitives.WriteUInt64BigEndian(counter, unchecked(BinaryPrimitives.ReadUInt64BigEndian(counter) + 1));
    }
}
