using System.Collections.Concurrent;

namespace Blackwall.Api.Licenses;

/// <summary>Counts requests of each key within the running minute. As many entries as there are keys; thread-safe.</summary>
internal sealed class RequestMeter(TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<long, Used> _keys = new();

    /// <summary>Counts a request. Null: it is within the limit; else how long until there is room again.</summary>
    public TimeSpan? Count(long key, int most)
    {
        Used used = _keys.GetOrAdd(key, static (_, start) => new Used { Start = start }, time.GetTimestamp());
        lock (used)
        {
            TimeSpan since = time.GetElapsedTime(used.Start);
            if (since >= Window)
            {
                (used.Start, used.Requests) = (time.GetTimestamp(), 0);
                since = TimeSpan.Zero;
            }

            if (used.Requests >= most)
            {
                return Window - since;
            }

            used.Requests++;
            return null;
        }
    }

    private sealed class Used
    {
        public long Start { get; set; }

        public int Requests { get; set; }
    }
}
