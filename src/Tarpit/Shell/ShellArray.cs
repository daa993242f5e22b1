using System.Globalization;

namespace Blackwall.Tarpit.Shell;

/// <summary>An array of the shell: by numbers, or by texts (declare -A). The number of elements is bounded.</summary>
internal sealed class ShellArray(bool isAssociative)
{
    private const int MostElements = 16_384;

    // Of the place of an element.
    private const int Overhead = 16;

    private readonly SortedList<long, string> _numbered = [];
    private readonly Dictionary<string, string> _named = new(StringComparer.Ordinal);

    public bool IsAssociative => isAssociative;

    public int Count => isAssociative ? _named.Count : _numbered.Count;

    /// <summary>The index behind the last element.</summary>
    public long Next => _numbered.Count == 0 ? 0 : _numbered.Keys[^1] + 1;

    public IReadOnlyList<string> Keys => isAssociative ? [.. Ordered()] : [.. _numbered.Keys.Select(key => key.ToString(CultureInfo.InvariantCulture))];

    public IReadOnlyList<string> Values => isAssociative ? [.. Ordered().Select(key => _named[key])] : [.. _numbered.Values];

    /// <summary>Null: there is no such element.</summary>
    public string? Get(string key) => isAssociative ? _named.GetValueOrDefault(key) : _numbered.GetValueOrDefault(Index(key));

    /// <summary>Whether it ever had a value, and was not declared alone.</summary>
    public bool IsAssigned { get; set; }

    public void Set(string key, string value)
    {
        IsAssigned = true;
        if (isAssociative && (_named.Count < MostElements || _named.ContainsKey(key)))
        {
            _named[key] = value;
        }
        else if (!isAssociative && Index(key) is >= 0 and var index && (_numbered.Count < MostElements || _numbered.ContainsKey(index)))
        {
            _numbered[index] = value;
        }
    }

    public bool Has(string key) => Get(key) is not null;

    /// <summary>Whether an index counts back to before the first element.</summary>
    public bool IsBefore(string key) => !isAssociative && key.StartsWith('-') && Index(key) < 0;

    public void Add(string value) => Set(Next.ToString(CultureInfo.InvariantCulture), value);

    public void Remove(string key)
    {
        if (isAssociative)
        {
            _named.Remove(key);
        }
        else
        {
            _numbered.Remove(Index(key));
        }
    }

    public void Clear()
    {
        _named.Clear();
        _numbered.Clear();
    }

    public long BytesHeld(HashSet<object> seen) => (Count * (long)Overhead) + _numbered.Values.Concat(_named.Values).Sum(value => SessionMemory.SizeOf(value, seen)) + _named.Keys.Sum(key => SessionMemory.SizeOf(key, seen));

    public ShellArray Copy()
    {
        ShellArray copy = new(isAssociative) { IsAssigned = IsAssigned };
        foreach ((long key, string value) in _numbered)
        {
            copy._numbered[key] = value;
        }

        foreach ((string key, string value) in _named)
        {
            copy._named[key] = value;
        }

        return copy;
    }

    // As the hash table of bash gives them: by bucket, the newest first in each.
    private IEnumerable<string> Ordered()
    {
        const uint buckets = 1024;
        return _named.Keys.Reverse().OrderBy(key =>
        {
            uint hash = 2166136261;
            foreach (char c in key)
            {
                hash = unchecked(hash * 16777619) ^ c;
            }

            return hash & (buckets - 1);
        });
    }

    // Counted from the end below zero.
    private long Index(string key) => !long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long index) ? 0 : index < 0 ? Next + index : index;
}
