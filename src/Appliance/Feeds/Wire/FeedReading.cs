using System.Globalization;
using System.Text;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds.Wire;

/// <summary>What was read of a feed: entries, and how much of it could not be used and why. Everything in it is bounded.</summary>
/// <param name="maxEntries">More entries are a failure.</param>
/// <param name="hidesRows">Rows that cannot be read are named and not shown: what a server of this machine says may be no list but somebody's secret.</param>
internal sealed class FeedReading(int maxEntries, bool hidesRows = false)
{
    public const int MaxNote = 64;
    public const int MaxSamples = 10;
    private const int MaxNotes = 4096;
    private const int MaxSampleText = 80;

    /// <summary>Readers stop here when there are more invalid lines than entries: what follows costs time and helps nobody.</summary>
    private const int MostInvalid = 1000;

    private readonly Dictionary<string, string> _notes = new(StringComparer.Ordinal);
    private readonly List<string> _samples = [];
    private List<FeedEntry> _entries = [];

    /// <summary>As read; in order and without repetitions after <see cref="Finish"/>.</summary>
    public IReadOnlyList<FeedEntry> Entries => _entries;

    /// <summary>Lines, rows or objects that are no comments.</summary>
    public int Rows { get; set; }

    /// <summary>Rows that cannot be read.</summary>
    public int Invalid { get; private set; }

    /// <summary>Rows that say something else than an address that counts: a domain, a server that is off, an indicator that ended.</summary>
    public int Skipped { get; private set; }

    public int Repeated { get; private set; }

    /// <summary>The first rows that cannot be read, as "line 7: 'text'".</summary>
    public IReadOnlyList<string> Samples => _samples;

    /// <summary>Why nothing of it may be used; null: it may.</summary>
    public string? Failure { get; private set; }

    public bool IsOver => Failure is not null;

    public void Add(Prefix scope, string? note = null)
    {
        if (_entries.Count >= maxEntries)
        {
            Fail(string.Create(CultureInfo.InvariantCulture, $"It has more than {maxEntries} entries (feeds.max_entries)."));
            return;
        }

        _entries.Add(new FeedEntry(scope, note));
    }

    public void Skip() => Skipped++;

    public void Reject(ReadOnlySpan<byte> row)
    {
        Invalid++;
        if (_samples.Count < MaxSamples)
        {
            _samples.Add(string.Create(CultureInfo.InvariantCulture, $"row {Rows}: {(hidesRows ? $"no entry, {row.Length} bytes" : $"'{Printable(row, MaxSampleText)}'")}"));
        }

        if (Invalid >= MostInvalid && Invalid > _entries.Count)
        {
            Fail(TooManyInvalid());
        }
    }

    public void Fail(string why) => Failure ??= why;

    /// <summary>A note as it is kept: printable ASCII, cut, and one string for all that read alike.</summary>
    public string? Note(ReadOnlySpan<byte> text)
    {
        text = text.Trim((byte)' ');
        if (text.IsEmpty)
        {
            return null;
        }

        string note = Printable(text, MaxNote);
        if (_notes.TryGetValue(note, out string? known))
        {
            return known;
        }

        if (_notes.Count < MaxNotes)
        {
            _notes.Add(note, note);
        }

        return note;
    }

    /// <summary>Puts the entries in order, without repetitions, and judges the whole.</summary>
    public FeedReading Finish()
    {
        if (Failure is null && Invalid > 0 && (_entries.Count + Skipped == 0 || Invalid > _entries.Count + Skipped))
        {
            Fail(_entries.Count == 0 ? $"No address can be read in it; {_samples[0]}." : TooManyInvalid());
        }

        if (Failure is not null)
        {
            _entries = [];
            return this;
        }

        if (!IsSorted())
        {
            _entries.Sort((one, other) => one.Scope.CompareTo(other.Scope));
        }

        int kept = 0;
        for (int i = 0; i < _entries.Count; i++)
        {
            if (kept == 0 || _entries[i].Scope != _entries[kept - 1].Scope)
            {
                _entries[kept++] = _entries[i];
            }
        }

        Repeated = _entries.Count - kept;
        _entries.RemoveRange(kept, Repeated);
        return this;
    }

    private bool IsSorted()
    {
        for (int i = 1; i < _entries.Count; i++)
        {
            if (_entries[i].Scope.CompareTo(_entries[i - 1].Scope) < 0)
            {
                return false;
            }
        }

        return true;
    }

    private string TooManyInvalid() => string.Create(CultureInfo.InvariantCulture, $"{Invalid} of {Rows} rows cannot be read, more than can; the first is {_samples[0]}.");

    private static string Printable(ReadOnlySpan<byte> text, int most)
    {
        StringBuilder printable = new(Math.Min(text.Length, most));
        foreach (byte letter in text[..Math.Min(text.Length, most)])
        {
            printable.Append(letter is >= 0x20 and < 0x7f and not (byte)'\'' ? (char)letter : '.');
        }

        return printable.ToString();
    }
}
