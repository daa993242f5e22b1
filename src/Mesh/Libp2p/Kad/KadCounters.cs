namespace Blackwall.Mesh.Libp2p.Kad;

/// <summary>What the Kademlia answered, refused and dropped. Written from any thread.</summary>
public sealed class KadCounters
{
    private long _answered;
    private long _badRequests;
    private long _overRate;
    private long _valuesRefused;
    private long _providersRefused;
    private long _badAnswers;

    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Requests that could not be read or asked for nothing we know.</summary>
    public long BadRequests => Interlocked.Read(ref _badRequests);

    /// <summary>Streams ended because their peer asked too much.</summary>
    public long OverRate => Interlocked.Read(ref _overRate);

    public long ValuesRefused => Interlocked.Read(ref _valuesRefused);

    public long ProvidersRefused => Interlocked.Read(ref _providersRefused);

    /// <summary>Answers that could not be read, came too late, or named only their own kind.</summary>
    public long BadAnswers => Interlocked.Read(ref _badAnswers);

    /// <summary>All of them, by name.</summary>
    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        [nameof(Answered)] = Answered,
        [nameof(BadRequests)] = BadRequests,
        [nameof(OverRate)] = OverRate,
        [nameof(ValuesRefused)] = ValuesRefused,
        [nameof(ProvidersRefused)] = ProvidersRefused,
        [nameof(BadAnswers)] = BadAnswers,
    };

    internal void CountAnswer() => Interlocked.Increment(ref _answered);

    internal void CountBadRequest() => Interlocked.Increment(ref _badRequests);

    internal void CountOverRate() => Interlocked.Increment(ref _overRate);

    internal void CountRefusedValue() => Interlocked.Increment(ref _valuesRefused);

    internal void CountRefusedProvider() => Interlocked.Increment(ref _providersRefused);

    internal void CountBadAnswer() => Interlocked.Increment(ref _badAnswers);
}
