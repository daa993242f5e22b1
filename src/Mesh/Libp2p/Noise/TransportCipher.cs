using System.Security.Cryptography;

namespace Blackwall.Mesh.Libp2p.Noise;

/// <summary>One direction of a secured connection. One user at a time.</summary>
internal sealed class TransportCipher(ReadOnlySpan<byte> key) : IDisposable
{
    private readonly ChaCha20Poly1305 _cipher = new(key);
    private ulong _nonce;

    /// <summary>Writes ciphertext and tag: the length of <paramref name="plain"/> and 16 bytes.</summary>
    public void Encrypt(ReadOnlySpan<byte> plain, Span<byte> output)
    {
        Span<byte> nonce = stackalloc byte[SymmetricState.NonceLength];
        SymmetricState.WriteNonce(nonce, Next());
        _cipher.Encrypt(nonce, plain, output[..plain.Length], output.Slice(plain.Length, SymmetricState.TagLength));
    }

    /// <summary>Decrypts in place. False where it is not authentic: altered, replayed, left out; the connection is to be ended then.</summary>
    public bool TryDecrypt(Span<byte> sealedText)
    {
        Span<byte> nonce = stackalloc byte[SymmetricState.NonceLength];
        SymmetricState.WriteNonce(nonce, Next());
        int length = sealedText.Length - SymmetricState.TagLength;
        try
        {
            _cipher.Decrypt(nonce, sealedText[..length], sealedText[length..], sealedText[..length]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => _cipher.Dispose();

    // 2^64 - 1 is reserved; no connection lives that long, and none would be continued with a repeated nonce.
    private ulong Next() => _nonce < ulong.MaxValue ? _nonce++ : throw new CryptographicException("The connection used up its nonces.");
}
