using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Pipeline.Model;

namespace Blackwall.Classification;

/// <summary>An undecided, suspicious source as a model sees it: numbers under names of a closed list, and nothing else.</summary>
/// <param name="Source">Whom it is about; for us alone.</param>
/// <param name="Numbers">At most <see cref="MaxNumbers"/>, no name twice.</param>
/// <param name="Uses">Signs of ordinary use.</param>
internal sealed record Case(Address Source, IReadOnlyList<CaseNumber> Numbers, int Uses)
{
    public const int MaxNumbers = 64;

    /// <summary>The same for sources whose numbers are of the same size: 0 to 7 exactly, above that to half a power of two. Times do not count.</summary>
    public string Digest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bucket = stackalloc byte[8];
        foreach (CaseNumber number in Numbers.Where(n => !CaseWords.IsTime(n.Name)).OrderBy(n => n.Name, StringComparer.Ordinal))
        {
            BinaryPrimitives.WriteInt64LittleEndian(bucket, Bucket(number.Value));
            hash.AppendData(Encoding.ASCII.GetBytes(number.Name));
            hash.AppendData(bucket);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static long Bucket(long value)
    {
        if (value < 8)
        {
            return value;
        }

        int bits = BitOperations.Log2((ulong)value);
        return (bits * 2) + ((value >> (bits - 1)) & 1) + 2;
    }
}
