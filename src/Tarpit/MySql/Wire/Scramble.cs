using System.Security.Cryptography;

namespace Blackwall.Tarpit.MySql.Wire;

/// <summary>Proofs that a client knows a password, from the password and the server's salt.</summary>
internal static class Scramble
{
    /// <summary>mysql_native_password: SHA1(p) xor SHA1(salt + SHA1(SHA1(p))). 20 bytes; none for the empty password.</summary>
    public static byte[] Native(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt)
    {
        if (password.IsEmpty)
        {
            return [];
        }

        byte[] first = SHA1.HashData(password);
        byte[] proof = SHA1.HashData([.. salt, .. SHA1.HashData(first)]);
        for (int i = 0; i < proof.Length; i++)
        {
            proof[i] ^= first[i];
        }

        return proof;
    }

    /// <summary>caching_sha2_password: SHA256(p) xor SHA256(SHA256(SHA256(p)) + salt). 32 bytes; none for the empty password.</summary>
    public static byte[] Sha2(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt)
    {
        if (password.IsEmpty)
        {
            return [];
        }

        byte[] first = SHA256.HashData(password);
        byte[] proof = SHA256.HashData([.. SHA256.HashData(first), .. salt]);
        for (int i = 0; i < proof.Length; i++)
        {
            proof[i] ^= first[i];
        }

        return proof;
    }

    /// <summary>Takes away what the client laid over its password: the salt, again and again; and the zero at the end.</summary>
    public static byte[] Uncover(ReadOnlySpan<byte> covered, ReadOnlySpan<byte> salt)
    {
        byte[] password = covered.ToArray();
        for (int i = 0; i < password.Length && !salt.IsEmpty; i++)
        {
            password[i] ^= salt[i % salt.Length];
        }

        int zero = password.AsSpan().IndexOf((byte)0);
        return zero < 0 ? password : password[..zero];
    }

    /// <summary>A native proof as password crackers read it: "$mysqlna$SALT*PROOF".</summary>
    public static string ForCrackers(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> proof) => $"$mysqlna${Convert.ToHexStringLower(salt)}*{Convert.ToHexStringLower(proof)}";
}
