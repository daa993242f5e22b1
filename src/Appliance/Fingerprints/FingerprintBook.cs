using System.Runtime.CompilerServices;
using Blackwall.Pipeline;
using Microsoft.Extensions.Options;

namespace Blackwall.Fingerprints;

/// <summary>
/// What the clients of each source showed of themselves. Bounded: the source that was seen longest ago makes room, and within a source the
/// fingerprint that was. A known source allocates nothing. Thread-safe.
/// </summary>
public sealed class FingerprintBook(IOptions<FingerprintOptions> options)
{
    /// <summary>Fingerprints that are remembered of a source.</summary>
    public const int PerSource = 6;

    /// <summary>A fingerprint that was not seen for so long is news again.</summary>
    private static readonly TimeSpan s_news = TimeSpan.FromHours(1);

    private const int None = -1;

    private readonly Lock _lock = new();
    private readonly Dictionary<Address, int> _places = [];
    private readonly int _maxSources = options.Value.MaxSources;
    private Entry[] _entries = new Entry[64];
    private int _newest = None;
    private int _oldest = None;
    private long _evicted;
    private long _displaced;

    public int Sources
    {
        get
        {
            lock (_lock)
            {
                return _places.Count;
            }
        }
    }

    /// <summary>Sources that made room for others.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>Fingerprints that made room for others of their source.</summary>
    public long Displaced => Interlocked.Read(ref _displaced);

    /// <summary>Newest first; empty: nothing is known of it.</summary>
    public IReadOnlyList<SeenFingerprint> Of(Address source)
    {
        List<SeenFingerprint> seen = [];
        lock (_lock)
        {
            if (_places.TryGetValue(source, out int place))
            {
                foreach (Mark mark in _entries[place].Marks)
                {
                    if (mark.Fingerprint is { } fingerprint)
                    {
                        seen.Add(new SeenFingerprint(fingerprint.Kind, fingerprint.Value, mark.First, mark.Last, mark.Count));
                    }
                }
            }
        }

        seen.Sort((a, b) => b.Last.CompareTo(a.Last));
        return seen;
    }

    /// <summary>Notes a flow of a source; true: it is the first with this fingerprint, or the first for an hour.</summary>
    internal bool Note(Address source, Fingerprint fingerprint, DateTimeOffset time)
    {
        lock (_lock)
        {
            // First the place: making it may move the entries.
            int place = PlaceOf(source);
            ref Entry entry = ref _entries[place];
            ref Mark eldest = ref entry.Marks[0];
            for (int i = 0; i < PerSource; i++)
            {
                ref Mark mark = ref entry.Marks[i];
                if (mark.Fingerprint is { } known && known.Kind == fingerprint.Kind && string.Equals(known.Value, fingerprint.Value, StringComparison.Ordinal))
                {
                    bool news = time - mark.Last >= s_news;
                    (mark.Last, mark.Count) = (time, mark.Count + 1);
                    return news;
                }

                if (eldest.Fingerprint is not null && (mark.Fingerprint is null || mark.Last < eldest.Last))
                {
                    eldest = ref mark;
                }
            }

            _displaced += eldest.Fingerprint is null ? 0 : 1;
            eldest = new Mark { Fingerprint = fingerprint, First = time, Last = time, Count = 1 };
            return true;
        }
    }

    private int PlaceOf(Address source)
    {
        if (_places.TryGetValue(source, out int place))
        {
            Unlink(place);
        }
        else
        {
            if (_places.Count < _maxSources)
            {
                place = _places.Count;
                if (place == _entries.Length)
                {
                    Array.Resize(ref _entries, Math.Min(_maxSources, place * 2));
                }
            }
            else
            {
                place = _oldest;
                _places.Remove(_entries[place].Source);
                Unlink(place);
                _evicted++;
            }

            _entries[place] = new Entry { Source = source };
            _places.Add(source, place);
        }

        (_entries[place].Newer, _entries[place].Older) = (None, _newest);
        if (_newest != None)
        {
            _entries[_newest].Newer = place;
        }

        _newest = place;
        _oldest = _oldest == None ? place : _oldest;
        return place;
    }

    private void Unlink(int place)
    {
        (int newer, int older) = (_entries[place].Newer, _entries[place].Older);
        if (newer == None)
        {
            _newest = older;
        }
        else
        {
            _entries[newer].Older = older;
        }

        if (older == None)
        {
            _oldest = newer;
        }
        else
        {
            _entries[older].Newer = newer;
        }
    }

    private struct Mark
    {
        public Fingerprint? Fingerprint;
        public DateTimeOffset First;
        public DateTimeOffset Last;
        public long Count;
    }

    [InlineArray(PerSource)]
    private struct Marks
    {
        private Mark _first;
    }

    private struct Entry
    {
        public Address Source;
        public int Newer;
        public int Older;
        public Marks Marks;
    }
}
