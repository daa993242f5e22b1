namespace Blackwall.Fingerprints;

/// <summary>Flows whose client is known already, so that a second hello (after a HelloRetryRequest or a cookie, or a doubled one) counts for nothing. Forgets; one owner.</summary>
internal sealed class RecentFlows
{
    /// <summary>A port that is used again later than that belongs to another flow. Nanoseconds.</summary>
    private const ulong Window = 10_000_000_000;

    private const int Size = 8192;

    private readonly (HelloFlow Flow, ulong Time)[] _flows = new (HelloFlow, ulong)[Size];

    public bool Contains(in HelloFlow flow, ulong time)
    {
        ref (HelloFlow Flow, ulong Time) place = ref _flows[flow.GetHashCode() & (Size - 1)];
        return place.Time != 0 && time - Math.Min(time, place.Time) < Window && place.Flow == flow;
    }

    public void Add(in HelloFlow flow, ulong time) => _flows[flow.GetHashCode() & (Size - 1)] = (flow, Math.Max(1, time));
}
