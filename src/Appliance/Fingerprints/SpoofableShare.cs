namespace Blackwall.Fingerprints;

/// <summary>
/// How much evidence may come of what anybody can forge: else a flood of scanners' SYNs with invented sources would turn journal and event stream
/// over. GCRA in the time of the packets; one owner.
/// </summary>
internal sealed class SpoofableShare
{
    private const ulong Interval = 50_000_000;
    private const ulong Burst = 199 * Interval;

    private ulong _theoretical;
    private long _held;

    /// <summary>Pieces of evidence that did not fit. Any thread.</summary>
    public long Held => Volatile.Read(ref _held);

    /// <summary>20 a second, 200 at once. Nanoseconds.</summary>
    public bool TryTake(ulong time)
    {
        ulong from = Math.Max(_theoretical, time);
        if (from - time > Burst)
        {
            Volatile.Write(ref _held, _held + 1);
            return false;
        }

        _theoretical = from + Interval;
        return true;
    }
}
