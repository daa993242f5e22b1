using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Indicators;

/// <summary>What one reporter says of one indicator. It never names who was attacked.</summary>
/// <param name="Kind">What is said.</param>
/// <param name="Value">Of what.</param>
/// <param name="Evidence">What it rests on.</param>
/// <param name="Detector">Machine word of the detector: "brute-force"; 1..32 of a-z, 0-9 and '-'.</param>
/// <param name="FirstSeen">Rounded down to 5 minutes.</param>
/// <param name="LastSeen">Rounded down to 5 minutes; not before <paramref name="FirstSeen"/>.</param>
/// <param name="Sightings">How often, as a step: 1, 10, 100 or 1,000.</param>
/// <param name="Confidence">0..100.</param>
/// <param name="TimeToLive">From <paramref name="Created"/> on; whole seconds, up to 7 days.</param>
/// <param name="Author">Whose key signed it.</param>
/// <param name="Epoch">Grows at each start of the author.</param>
/// <param name="Counter">Each message of an epoch has another one.</param>
/// <param name="Created">Whole seconds.</param>
public sealed record IndicatorMessage(
    MessageKind Kind,
    IndicatorValue Value,
    EvidenceLevel Evidence,
    string Detector,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    int Sightings,
    int Confidence,
    TimeSpan TimeToLive,
    PeerId Author,
    ulong Epoch,
    ulong Counter,
    DateTimeOffset Created)
{
    /// <summary>The longest time to live.</summary>
    public static readonly TimeSpan MaxTimeToLive = TimeSpan.FromDays(7);

    /// <summary>Steps of the times that are told.</summary>
    public static readonly TimeSpan Rounding = TimeSpan.FromMinutes(5);

    private const int IdBytes = 16;

    /// <summary>How far it may be passed on (0 clear, 1 green, 2 amber, 3 red); never beyond the mesh for amber and red.</summary>
    public int Marking { get; init; } = 1;

    /// <summary>A salted SHA-256 of what the sighting rests on, for a later audit; or empty.</summary>
    public ReadOnlyMemory<byte> Commitment { get; init; }

    /// <summary>Period of the proof of work of the author's identity; see <see cref="Sybil.IdentityProof"/>.</summary>
    public ulong ProofPeriod { get; init; }

    /// <summary>Its nonce.</summary>
    public ulong ProofNonce { get; init; }

    public DateTimeOffset Expires => Created + TimeToLive;

    /// <summary>32 hexadecimal digits: the same for what the same reporter says of the same thing within an hour.</summary>
    public string Id
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            Span<byte> number = stackalloc byte[10];
            number[0] = (byte)Kind;
            number[1] = (byte)Value.Kind;
            BinaryPrimitives.WriteInt64BigEndian(number[2..], Created.ToUnixTimeSeconds() / 3600);
            hash.AppendData(number);
            hash.AppendData(Author.Bytes);
            hash.AppendData(Encoding.ASCII.GetBytes(Value.Text));
            return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, IdBytes));
        }
    }

    /// <summary>A count as the step that is told: 1, 10, 100 or 1,000.</summary>
    public static int Step(long count) => count switch { >= 1000 => 1000, >= 100 => 100, >= 10 => 10, _ => 1 };

    /// <summary>A time as it is told.</summary>
    public static DateTimeOffset Round(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % Rounding.Ticks), TimeSpan.Zero);
}
