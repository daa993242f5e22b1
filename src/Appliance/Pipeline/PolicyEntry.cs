namespace Blackwall.Pipeline;

/// <summary>
/// What the wall shall hold under one scope: who decides now, and who after that has ended. 48 bytes, so that a generation of a million entries
/// is one array of 48 MB.
/// </summary>
public readonly struct PolicyEntry
{
    /// <summary>BW_SPANS of bpf/abi.h: stretches of time that the kernel keeps of one entry.</summary>
    public const int MostSpans = 4;

    // Two halves in place of a UInt128: its 16-byte alignment would round the entry up to 64 bytes.
    private readonly ulong _high;
    private readonly ulong _low;
    private readonly PolicySpan[]? _then;
    private readonly byte _length;

    internal PolicyEntry(Prefix scope, in DecisionRow decision, long expiry)
        : this(scope, decision.Id, expiry, decision.Verdict, decision.Rank)
    {
    }

    internal PolicyEntry(Prefix scope, in Timeline timeline)
        : this(scope, timeline.First.DecisionId, timeline.First.ExpiryUnixMilliseconds, timeline.First.Verdict, timeline.First.Rank) =>
        _then = timeline.Rest;

    internal PolicyEntry(Prefix scope, long decisionId, long expiry, Verdict verdict, byte rank)
    {
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

    /// <summary>What holds after that end, at most <see cref="MostSpans"/> - 1 spans, each ending later than the one before; then nothing does.</summary>
    public ReadOnlySpan<PolicySpan> Then => _then;
}
