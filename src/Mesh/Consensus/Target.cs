using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Consensus;

/// <summary>A value that votes are about.</summary>
public sealed class Target
{
    internal Target(IndicatorValue value) => (Value, Key) = (value, KeyOf(value));

    public IndicatorValue Value { get; }

    /// <summary>The latest vote of each reporter.</summary>
    public IReadOnlyCollection<Vote> Votes => ByAuthor.Values;

    public MeshAction Action { get; internal set; }

    /// <summary>When the action ends by itself.</summary>
    public DateTimeOffset Until { get; internal set; }

    /// <summary>When our own sensors last saw it attack; null: never.</summary>
    public DateTimeOffset? SeenHere { get; internal set; }

    /// <summary>Until then an operator's word stands that it is no attacker.</summary>
    public DateTimeOffset RefutedUntil { get; internal set; }

    /// <summary>Why the action is what it is.</summary>
    public BallotResult Cause { get; internal set; } = BallotResult.Empty;

    internal Dictionary<PeerId, Vote> ByAuthor { get; } = [];

    /// <summary>Stands for it in the histories of reporters.</summary>
    internal ulong Key { get; }

    /// <summary>Who named it first; null: our own sensors or operator.</summary>
    internal PeerId? NamedBy { get; init; }

    internal DateTimeOffset Touched { get; set; }

    internal DateTimeOffset ActedAt { get; set; }

    /// <summary>Since when strangers' votes suffice, while those who serve it are heard; null: they do not, or it is acted on.</summary>
    internal DateTimeOffset? HeardSince { get; set; }

    /// <summary>Reporters that earned or lost reputation by it already: taking a vote back and casting it again earns nothing twice.</summary>
    internal HashSet<PeerId> Judged { get; } = [];

    /// <summary>The groups of reporters whose word the present action rests on.</summary>
    internal IReadOnlyCollection<PeerId> Charged { get; set; } = [];

    /// <summary>The last action ended because nobody said anything new.</summary>
    internal bool HasLapsed { get; set; }

    internal static ulong KeyOf(IndicatorValue value) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes($"{(int)value.Kind}:{value.Text}")));

    internal bool IsSeenHere(DateTimeOffset now, TimeSpan window) => SeenHere is { } seen && now - seen < window;
}
