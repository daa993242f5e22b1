using System.Runtime.CompilerServices;
using Blackwall.Pipeline.Model;
using Microsoft.Extensions.Options;

namespace Blackwall.Fingerprints;

/// <summary>
/// What the clients of each source showed of themselves. Bounded: the source that was seen longest ago makes room, and within a source the
/// fingerprint that was. Whoever has proved nothing makes room only for others of that kind, so no flood of invented sources reaches those that
/// have, and no SYN in the name of a source what its programs showed. A known source allocates nothing. Thread-safe.
/// </summary>
public sealed class FingerprintBook(IOptions<FingerprintOptions> options)
{
    /// <summary>Fingerprints of programs that are remembered of a source.</summary>
    public const int PerSource = 6;

    /// <summary>Fingerprints of SYNs that are remembered of a source beside them.</summary>
    public const int SynsPerSource = 4;

    /// <summary>For so many sources with a proof there is room for one without.</summary>
    private const int UnprovenShare = 4;

    /// <summary>A fingerprint that was not seen for so long is news again.</summary>
    private static readonly TimeSpan s_news = TimeSpan.FromHours(1);

    private const int None = -1;

    private readonly Lock _lock = new();
    private readonly Dictionary<Address, int> _places = [];
    private readonly Order _proven = new(options.Value.MaxSources);
    private readonly Order _unproven = new(options.Value.MaxSources / UnprovenShare);
    private readonly Stack<int> _free = [];
    private Entry[] _entries = new Entry[64];
    private int _used;
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

    /// <summary>Sources of them that have proved nothing yet.</summary>
    public int Unproven
    {
        get
        {
            lock (_lock)
            {
                return _unproven.Count;
            }
        }
    }

    /// <summary>Sources that made room for others.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>Fingerprints that made room for others of their source.</summary>
    public long Displaced => Interlocked.Read(ref _displaced);

    /// <summary>Newest first; empty: nothing is known of it.</summary>
    public IReadOnlyList<SeenFingerprint> Find(Address source)
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

    /// <summary>Somebody is at this address: he answered what we sent there.</summary>
    internal void Prove(Address source)
    {
        lock (_lock)
        {
            if (_places.TryGetValue(source, out int place) && !_entries[place].IsProven)
            {
                Unlink(place);
                MakeRoom(_proven);
                _entries[place].IsProven = true;
                Link(place);
            }
        }
    }

    /// <summary>Notes a flow of a source; true: it is the first with this fingerprint, or the first for an hour.</summary>
    /// <param name="source">Who opened the flow.</param>
    /// <param name="fingerprint">What was seen.</param>
    /// <param name="time">Of the packet.</param>
    /// <param name="proven">Nobody else can have sent it.</param>
    internal bool Record(Address source, Fingerprint fingerprint, DateTimeOffset time, bool proven)
    {
        lock (_lock)
        {
            // First the place: making it may move the entries.
            int place = PlaceOf(source, proven);
            ref Entry entry = ref _entries[place];
            (int first, int end) = fingerprint.Kind == FingerprintKind.TcpSyn ? (PerSource, PerSource + SynsPerSource) : (0, PerSource);
            ref Mark eldest = ref entry.Marks[first];
            for (int i = first; i < end; i++)
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

    private int PlaceOf(Address source, bool proven)
    {
        if (_places.TryGetValue(source, out int place))
        {
            Unlink(place);
            if (proven && !_entries[place].IsProven)
            {
                MakeRoom(_proven);
                _entries[place].IsProven = true;
            }
        }
        else
        {
            MakeRoom(proven ? _proven : _unproven);
            if (!_free.TryPop(out place))
            {
                place = _used++;
                if (place == _entries.Length)
                {
                    Array.Resize(ref _entries, place * 2);
                }
            }

            _entries[place] = new Entry { Source = source, IsProven = proven };
            _places.Add(source, place);
        }

        Link(place);
        return place;
    }

    private void MakeRoom(Order order)
    {
        if (order.Count < order.Capacity)
        {
            return;
        }

        int place = order.Oldest;
        _places.Remove(_entries[place].Source);
        Unlink(place);
        _free.Push(place);
        _evicted++;
    }

    private void Link(int place)
    {
        Order order = _entries[place].IsProven ? _proven : _unproven;
        (_entries[place].Newer, _entries[place].Older) = (None, order.Newest);
        if (order.Newest != None)
        {
            _entries[order.Newest].Newer = place;
        }

        order.Newest = place;
        order.Oldest = order.Oldest == None ? place : order.Oldest;
        order.Count++;
    }

    private void Unlink(int place)
    {
        Order order = _entries[place].IsProven ? _proven : _unproven;
        (int newer, int older) = (_entries[place].Newer, _entries[place].Older);
        if (newer == None)
        {
            order.Newest = older;
        }
        else
        {
            _entries[newer].Older = older;
        }

        if (older == None)
        {
            order.Oldest = newer;
        }
        else
        {
            _entries[older].Newer = newer;
        }

        order.Count--;
    }

    /// <summary>Places in the order in which their sources were seen.</summary>
    private sealed class Order(int capacity)
    {
        public int Capacity => capacity;

        public int Newest { get; set; } = None;

        public int Oldest { get; set; } = None;

        public int Count { get; set; }
    }

    private struct Mark
    {
        public Fingerprint? Fingerprint;
        public DateTimeOffset First;
        public DateTimeOffset Last;
        public long Count;
    }

    [InlineArray(PerSource + SynsPerSource)]
    private struct Marks
    {
        private Mark _first;
    }

    private struct Entry
    {
        public Address Source;
        public bool IsProven;
        public int Newer;
        public int Older;
        public Marks Marks;
    }
}
