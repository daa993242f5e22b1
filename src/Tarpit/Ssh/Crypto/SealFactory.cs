using System.Security.Cryptography;

namespace Blackwall.Tarpit.Ssh.Crypto;

/// <summary>Keys from a key exchange (RFC 4253 §7.2), and the seals that use them.</summary>
internal sealed class SealFactory(HashAlgorithmName hash, byte[] sharedSecret, byte[] exchangeHash, byte[] sessionId)
{
    /// <param name="fromClient">For packets that the client sends; else for ours.</param>
    public PacketSeal Create(string cipher, string? mac, bool fromClient)
    {
        (int keyLength, int ivLength) = Lengths(cipher);
        byte[] iv = Derive(fromClient ? 'A' : 'B', ivLength);
        byte[] key = Derive(fromClient ? 'C' : 'D', keyLength);
        if (cipher.StartsWith("chacha20", StringComparison.Ordinal))
        {
            return new ChaChaPolySeal(key);
        }

        return mac is null
            ? new GcmSeal(key, iv)
            : new CtrSeal(key, iv, new PacketMac(mac, Derive(fromClient ? 'E' : 'F', PacketMac.KeyLength(mac))));
    }

    private static (int Key, int Iv) Lengths(string cipher) => cipher switch
    {
        "chacha20-poly1305@openssh.com" => (64, 0),
        "aes128-ctr" => (16, 16),
        "aes192-ctr" => (24, 16),
        "aes256-ctr" => (32, 16),
        "aes128-gcm@openssh.com" => (16, 12),
        "aes256-gcm@openssh.com" => (32, 12),
        _ => throw new ArgumentOutOfRangeException(nameof(cipher), cipher, "No such cipher is offered."),
    };

    private byte[] Derive(char letter, int length)
    {
        using IncrementalHash digest = IncrementalHash.CreateHash(hash);
        List<byte> key = [];
        while (key.Count < length)
        {
            digest.AppendData(sharedSecret);
            digest.AppendData(exchangeHash);
            digest.AppendData(key.Count == 0 ? [(byte)letter, .. sessionId] : key.ToArray());
            key.AddRange(digest.GetHashAndReset());
        }

        return [.. key.Take(length)];
    }
}
