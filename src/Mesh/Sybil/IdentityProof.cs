using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Mesh.Libp2p;
using NSec.Cryptography;

namespace Blackwall.Mesh.Sybil;

/// <summary>
/// Work that an identity costs once in each period of 30 days, in memory that a graphics card has little of for each of its cores: Argon2id over identity, period and
/// nonce. A SHA-256 of the same comes first, so that junk costs who checks it half a microsecond. It makes identities dear and does not stop anybody who pays.
/// </summary>
public sealed class IdentityProof
{
    /// <summary>Days of a period.</summary>
    public const int PeriodDays = 30;

    private static readonly byte[] Context = "blackwall-identity"u8.ToArray();
    private readonly int _memory;
    private readonly int _filterBits;
    private readonly int _hashBits;

    /// <param name="memoryKib">Memory of Argon2id, KiB; 8 and more.</param>
    /// <param name="filterBits">Leading zero bits of the SHA-256, 0..32.</param>
    /// <param name="hashBits">Leading zero bits of the Argon2id hash, 0..8.</param>
    public IdentityProof(int memoryKib = 64 * 1024, int filterBits = 16, int hashBits = 4) => (_memory, _filterBits, _hashBits) = (memoryKib, filterBits, hashBits);

    /// <summary>The period of a time.</summary>
    public static ulong PeriodOf(DateTimeOffset time) => (ulong)(time.ToUnixTimeSeconds() / (PeriodDays * 86_400L));

    /// <summary>Whether a nonce passes the cheap part of the check.</summary>
    public bool MayHold(PeerId id, ulong period, ulong nonce) => LeadingZeros(Filter(id, period, nonce)) >= _filterBits;

    /// <summary>Whether a nonce is the work that an identity owes in a period; takes tenths of a second and all of the memory.</summary>
    public bool Holds(PeerId id, ulong period, ulong nonce) => MayHold(id, period, nonce) && LeadingZeros(Hash(id, period, nonce)) >= _hashBits;

    /// <summary>Does the work: some seconds, up to half a minute.</summary>
    public ulong Find(PeerId id, ulong period, CancellationToken cancellation)
    {
        for (ulong nonce = 0; ; nonce++)
        {
            if ((nonce & 0x3ff) == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            if (MayHold(id, period, nonce))
            {
                cancellation.ThrowIfCancellationRequested();
                if (LeadingZeros(Hash(id, period, nonce)) >= _hashBits)
                {
                    return nonce;
                }
            }
        }
    }

    private static byte[] Filter(PeerId id, ulong period, ulong nonce) => SHA256.HashData(Input(id, period, nonce));

    private byte[] Hash(PeerId id, ulong period, ulong nonce)
    {
        var algorithm = new Argon2id(new Argon2Parameters { DegreeOfParallelism = 1, MemorySize = _memory, NumberOfPasses = 1 });
        byte[] input = Input(id, period, nonce);

        // The salt is of the identity and the period: nothing can be computed for many at once.
        ReadOnlySpan<byte> salt = SHA256.HashData([.. Context, .. id.Bytes, .. Encoding.ASCII.GetBytes($"{period}")]).AsSpan(0, 16);
        return algorithm.DeriveBytes(input, salt, 8);
    }

    private static byte[] Input(PeerId id, ulong period, ulong nonce)
    {
        byte[] input = new byte[Context.Length + 16 + id.Bytes.Length];
        Context.CopyTo(input, 0);
        BinaryPrimitives.WriteUInt64BigEndian(input.AsSpan(Context.Length), period);
        BinaryPrimitives.WriteUInt64BigEndian(input.AsSpan(Context.Length + 8), nonce);
        id.Bytes.CopyTo(input.AsSpan(Context.Length + 16));
        return input;
    }

    private static int LeadingZeros(ReadOnlySpan<byte> bytes) => (int)ulong.LeadingZeroCount(BinaryPrimitives.ReadUInt64BigEndian(bytes));
}
