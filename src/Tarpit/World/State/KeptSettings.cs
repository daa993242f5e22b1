namespace Blackwall.Tarpit.World.State;

/// <summary>What a visitor set that is no file: values of the kernel, rules of the packet filter, mounts, flags of files. By names such as "sysctl:net/ipv4/ip_forward". Thread-safe, bounded.</summary>
internal sealed class KeptSettings
{
    private const int Most = 256, LongestName = 512, LongestValue = 8192, MostCharacters = 64 * 1024;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);
    private int _characters;

    /// <summary>Counts changes.</summary>
    public int Version { get; private set; }

    public IReadOnlyList<KeyValuePair<string, string>> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _values];
            }
        }
    }

    /// <summary>Null: it was not set.</summary>
    public string? Get(string name)
    {
        lock (_lock)
        {
            return _values.GetValueOrDefault(name);
        }
    }

    /// <summary>Those whose names begin so, without that.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Below(string prefix) =>
        [.. All.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pair => KeyValuePair.Create(pair.Key[prefix.Length..], pair.Value))];

    /// <summary>Null takes it back. False: there is no room.</summary>
    public bool TrySet(string name, string? value)
    {
        lock (_lock)
        {
            int before = _values.TryGetValue(name, out string? old) ? name.Length + old.Length : 0, after = value is null ? 0 : name.Length + value.Length;
            if (value is not null && (name.Length > LongestName || value.Length > LongestValue || _characters - before + after > MostCharacters || (old is null && _values.Count >= Most)))
            {
                return false;
            }

            Version++;
            _characters += after - before;
            if (value is null)
            {
                _values.Remove(name);
            }
            else
            {
                _values[name] = value;
            }

            return true;
        }
    }
}
