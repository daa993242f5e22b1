using System.Globalization;

namespace Blackwall.Feeds.Fetching;

/// <summary>
/// Bytes of bodies that all fetches together hold. It bounds memory without turns, which servers that send slowly would take from all others. Thread-safe.
/// </summary>
/// <param name="most">Bytes at most, as they are now.</param>
internal sealed class FetchRoom(Func<long> most)
{
    private long _taken;

    public Share Enter() => new(this);

    /// <summary>What one fetch holds, until its end.</summary>
    internal sealed class Share(FetchRoom room) : IDisposable
    {
        private long _mine;

        /// <exception cref="FetchException">All fetches together would hold too much.</exception>
        public void Take(int bytes)
        {
            _mine += bytes;
            if (Interlocked.Add(ref room._taken, bytes) > room.MostBytes)
            {
                throw new FetchException(string.Create(CultureInfo.InvariantCulture, $"Too many long feeds are fetched at the same time (more than {room.MostBytes >> 20} MiB); it is tried again."));
            }
        }

        public void Dispose()
        {
            Interlocked.Add(ref room._taken, -_mine);
            _mine = 0;
        }
    }

    private long MostBytes => most();
}
