namespace Blackwall.Api.Auditing;

/// <summary>
/// Which key read which payload lately. A client that polls, as the console does, leaves one entry every ten minutes in the audit log, not one for each
/// request, which would push out who changed what. Bounded. Thread-safe.
/// </summary>
internal sealed class RecentReads(TimeProvider time)
{
    private const int Most = 4096;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(long Key, string Path), long> _seen = [];

    /// <summary>Whether this key did not read this lately. Notes it.</summary>
    public bool IsFirst(long key, string path)
    {
        lock (_lock)
        {
            if (_seen.TryGetValue((key, path), out long before) && time.GetElapsedTime(before) < Window)
            {
                return false;
            }

            if (_seen.Count >= Most)
            {
                _seen.Clear();
            }

            _seen[(key, path)] = time.GetTimestamp();
            return true;
        }
    }
}
