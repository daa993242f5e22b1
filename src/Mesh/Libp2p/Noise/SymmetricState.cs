using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Mesh.Libp2p.Noise;

/// <summary>Hash, chaining key and cipher of a running handshake (Noise specification, revision 34, section 5.2).</summary>
internal sealed class SymmetricState : IDisposable
{
    public const int KeyLength = 32;
    public const int TagLength = 16;
    public const int NonceLength = 12;
    private readonly byte[] _hash = new byte[KeyLength];
    private readonly byte[] _chain = new byte[KeyLength];
    private readonly byte[] _key = new byte[KeyLength];
    private bool _hasKey;
    private ulong _nonce;

    public SymmetricState(string protocol, ReadOnlySpan<byte> prologue)
    {
        // A name of exactly 32 bytes is the first hash as it is.
        Encoding.ASCII.GetBytes(protocol, _hash);
        _hash.CopyTo(_chain, 0);
        MixHash(prologue);
    }

    public ReadOnlySpan<byte> Hash => _hash;

    public void MixHash(ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_hash);
        hash.AppendData(data);
        hash.GetHashAndReset(_hash);
    }

    public void MixKey(ReadOnlySpan<byte> secret)
    {
        Span<byte> both = stackalloc byte[2 * KeyLength];
        Derive(secret, both);
        both[..KeyLength].CopyTo(_chain);
        both[KeyLength..].CopyTo(_key);
        CryptographicOperations.ZeroMemory(both);
        _hasKey = true;
        _nonce = 0;
    }

    /// <summary>Writes the ciphertext (with its tag once there is a key) and returns its length.</summary>
    public int EncryptAndHash(ReadOnlySpan<byte> plain, Span<byte> output)
    {
        if (!_hasKey)
        {
            plain.CopyTo(output);
            MixHash(plain);
            return plain.Length;
        }

        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, _nonce++);
        using var cipher = new ChaCha20Poly1305(_key);
        cipher.Encrypt(nonce, plain, output[..plain.Length], output.Slice(plain.Length, TagLength), _hash);
        MixHash(output[..(plain.Length + TagLength)]);
        return plain.Length + TagLength;
    }

    /// <summary>Writes the plaintext and returns its length; -1 where the ciphertext is not authentic.</summary>
    public int DecryptAndHash(ReadOnlySpan<byte> sealedText, Span<byte> output)
    {
        if (!_hasKey)
        {
            sealedText.CopyTo(output);
            MixHash(sealedText);
            return sealedText.Length;
        }

        int length = sealedText.Length - TagLength;
        if (length < 0)
        {
            return -1;
        }

        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(nonce, _nonce++);
        using var cipher = new ChaCha20Poly1305(_key);
        try
        {
            cipher.Decrypt(nonce, sealedText[..length], sealedText[length..], output[..length], _hash);
        }
        catch (AuthenticationTagMismatchException)
        {
            return -1;
        }

        MixHash(sealedText);
        return length;
    }

    /// <summary>The ciphers of the finished handshake: what the initiator sends with, and what it receives with.</summary>
    public (TransportCipher Initiator, TransportCipher Responder) Split()
    {
        Span<byte> both = stackalloc byte[2 * KeyLength];
        Derive([], both);
        var ciphers = (new TransportCipher(both[..KeyLength]), new TransportCipher(both[KeyLength..]));
        CryptographicOperations.ZeroMemory(both);
        return ciphers;
    }

    // Noise's HKDF is RFC 5869 with the chaining key as salt and no info. Extracting is the HMAC itself: OpenSSL's HKDF refuses the empty secret of Split.
    private void Derive(ReadOnlySpan<byte> secret, Span<byte> both)
    {
        Span<byte> extracted = stackalloc byte[KeyLength];
        HMACSHA256.HashData(_chain, secret, extracted);
        HKDF.Expand(HashAlgorithmName.SHA256, extracted, both, []);
        CryptographicOperations.ZeroMemory(extracted);
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_chain);
        CryptographicOperations.ZeroMemory(_key);
    }

    /// <summary>Four zero bytes, then the counter, least significant byte first.</summary>
    public static void WriteNonce(Span<byte> nonce, ulong counter)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], counter);
    }
}
