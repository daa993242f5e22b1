using System.Buffers;
using System.Security.Cryptography;
using Blackwall.Fingerprints.Wire;

namespace Blackwall.Fingerprints;

/// <summary>HASSH, the fingerprint of an SSH client: MD5 of "key exchanges;encryptions;macs;compressions" as it offers them.</summary>
public static class Hassh
{
    /// <summary>Characters of a fingerprint.</summary>
    public const int Length = 32;

    /// <summary>Writes <see cref="Length"/> lower-case hex digits; allocates nothing.</summary>
    public static void Write(in SshClientHello hello, Span<char> into)
    {
        byte[] text = ArrayPool<byte>.Shared.Rent(hello.KeyExchanges.Length + hello.Encryptions.Length + hello.Macs.Length + hello.Compressions.Length + 3);
        int length = 0;
        Add(hello.KeyExchanges, text, ref length);
        text[length++] = (byte)';';
        Add(hello.Encryptions, text, ref length);
        text[length++] = (byte)';';
        Add(hello.Macs, text, ref length);
        text[length++] = (byte)';';
        Add(hello.Compressions, text, ref length);
        Span<byte> hash = stackalloc byte[MD5.HashSizeInBytes];
#pragma warning disable CA5351 // The published algorithm is MD5; nothing is protected by it.
        MD5.HashData(text.AsSpan(0, length), hash);
#pragma warning restore CA5351
        ArrayPool<byte>.Shared.Return(text);
        Convert.TryToHexStringLower(hash, into, out _);
    }

    private static void Add(ReadOnlySpan<byte> list, byte[] text, ref int length)
    {
        list.CopyTo(text.AsSpan(length));
        length += list.Length;
    }
}
