using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Stages;

/// <summary>
/// What anybody can forge is kept and told one by one only at a bounded rate; the rest is added up by kind and told once a minute. A flood in a hundred
/// thousand names neither wipes out what is proven nor wears the disk. Thread-safe.
/// </summary>
public sealed class ForgeableShare(TimeProvider time)
{
    /// <summary>Kept at once.</summary>
    public const int Burst = 1000;

    /// <summary>Kept a second, in the long run.</summary>
    public const int PerSecond = 10;

    private static readonly TimeSpan SummaryEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _condensed = new(StringComparer.Ordinal);
    private double _tokens = Burst;
    private long _filled = time.GetTimestamp();
    private long _told = time.GetTimestamp();
    private long _total;

    /// <summary>Pieces that were only added up.</summary>
    public long Condensed => Interlocked.Read(ref _total);

    /// <summary>Whether this is forgeable: it says nothing that needs an answer from its source.</summary>
    public static bool IsForgeable(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return evidence.Class == EvidenceClass.Spoofable;
    }

    /// <summary>Whether this is a decision that rests on what is forgeable: a limit by local detection.</summary>
    public static bool IsForgeable(Decision decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return IsForgeable(decision.Origin, decision.Verdict);
    }

    /// <summary>As above.</summary>
    public static bool IsForgeable(Origin origin, Verdict verdict) => origin == Origin.Local && verdict == Verdict.RateLimit;

    /// <summary>Whether one more is kept by itself.</summary>
    /// <param name="kind">Machine word that it is added up under when not.</param>
    public bool TryTake(string kind)
    {
        lock (_lock)
        {
            _tokens = Math.Min(Burst, _tokens + (time.GetElapsedTime(_filled).TotalSeconds * PerSecond));
            _filled = time.GetTimestamp();
            if (_tokens >= 1)
            {
                _tokens--;
                return true;
            }

            _total++;
            _condensed[kind] = _condensed.GetValueOrDefault(kind) + 1;
            return false;
        }
    }

    /// <summary>What was added up, once a minute: a piece of evidence for each kind, without a source. Without an id.</summary>
    public IReadOnlyList<Evidence> TakeSummaries()
    {
        lock (_lock)
        {
            if (_condensed.Count == 0 || time.GetElapsedTime(_told) < SummaryEvery)
            {
                return [];
            }

            _told = time.GetTimestamp();
            Evidence[] summaries = [.. _condensed.Select(pair => Evidence.Create(
                Address.None,
                pair.Key,
                EvidenceClass.Spoofable,
                0,
                time.GetUtcNow(),
                new EvidenceFacts(CommonFindings.AddedUp) { Pieces = pair.Value }))];
            _condensed.Clear();
            return summaries;
        }
    }
}
