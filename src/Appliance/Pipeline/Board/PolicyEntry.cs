using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>
/// What the wall shall hold under one scope: the decision that wins now, and those that win one after the other when it has ended. 48 bytes,
/// so that a generation of a million entries is one array of 48 MB.
/// </summary>
public readonly struct PolicyEntry
{
    // Two halves in place of a UInt128: its 16-byte alignment would round the entry up to 48 bytes.
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly PolicySpan[]? _later;
    private readonly byte _length;

    internal PolicyEntry(Prefix scope, in ClaimRow decision, long expiry)
        : this(scope, decision.Id, expiry, decision.Verdict, decision.Rank)
    {
    }

    internal PolicyEntry(Prefix scope, in Timeline timeline)
        : this(scope, timeline.First.DecisionId, timeline.First.ExpiryUnixMilliseconds, timeline.First.Verdict, timeline.First.Rank, timeline.Later)
    {
    }

    internal PolicyEntry(Prefix scope, long decisionId, long expiry, Verdict verdict, byte rank, PolicySpan[]? later = null)
    {
        _later = later is { Length: > 0 } ? later : null;
        _high = (ulong)(scope.Network.Value >> 64);
        _low = (ulong)scope.Network.Value;
        _length = scope.Length;
        DecisionId = decisionId;
        ExpiryUnixMilliseconds = expiry;
        Verdict = verdict;
        Rank = rank;
    }

    /// <summary>The listed scope; the deciding decision may be one over a wider scope.</summary>
    public Prefix Scope => new(new Address(new UInt128(_high, _low)), _length);

    public long DecisionId { get; }

    /// <summary>Milliseconds since 1970; <see cref="long.MaxValue"/>: without end.</summary>
    public long ExpiryUnixMilliseconds { get; }

    public Verdict Verdict { get; }

    /// <summary><see cref="Decision.Rank"/> of the deciding decision.</summary>
    public byte Rank { get; }

    /// <summary>What holds after that, in order of the ends; at most <see cref="MostLater"/>. Each ends after the one before it.</summary>
    public ReadOnlySpan<PolicySpan> Later => _later;

    /// <summary>Most spans after the first one that the kernel holds for a scope.</summary>
    public const int MostLater = 3;
}
