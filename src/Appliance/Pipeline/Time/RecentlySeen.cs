namespace Blackwall.Pipeline.Time;

/// <summary>What came within a while, so that it is reported once. Bounded: when full, it begins anew. Thread-safe.</summary>
/// <param name="window">How long a thing counts as seen.</param>
/// <param name="most">Things remembered.</param>
/// <param name="time">The clock.</param>
public sealed class RecentlySeen<TKey>(TimeSpan window, int most, TimeProvider time)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, long> _seen = [];

    /// <summary>Whether this did not come within the window. Notes it.</summary>
    public bool IsFirst(TKey key)
    {
        lock (_lock)
        {
            if (_seen.TryGetValue(key, out long before) && time.GetElapsedTime(before) < window)
            {
                return false;
            }

            if (_seen.Count >= most)
            {
                _seen.Clear();
            }

            _seen[key] = time.GetTimestamp();
            return true;
        }
    }
}
