namespace Blackwall.Mesh.Libp2p.Yamux;

/// <summary>How many frames without data the other side may send: so many a second, ten seconds' worth at once. One owner.</summary>
internal sealed class ControlBudget(int perSecond, TimeProvider time)
{
    private const double BurstSeconds = 10;

    private double _tokens = BurstSeconds * perSecond;
    private long _filled = time.GetTimestamp();

    public bool TryTake()
    {
        long now = time.GetTimestamp();
        _tokens = Math.Min(BurstSeconds * perSecond, _tokens + (time.GetElapsedTime(_filled, now).TotalSeconds * perSecond));
        _filled = now;
        return --_tokens >= 0;
    }
}
