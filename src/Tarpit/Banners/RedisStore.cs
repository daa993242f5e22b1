using System.Text;

namespace Blackwall.Tarpit.Banners;

/// <summary>Keys and values of one address: strings as bytes. Bounded. Thread-safe.</summary>
internal sealed class RedisStore
{
    private const int MostKeys = 4096;
    private const long MostBytes = 4 << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private long _bytes;

    public RedisStore(IEnumerable<(string Key, string Value)> seed)
    {
        foreach ((string key, string value) in seed)
        {
            TrySet(key, Encoding.UTF8.GetBytes(value));
        }
    }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _values.Count;
            }
        }
    }

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_lock)
            {
                return [.. _values.Keys];
            }
        }
    }

    public byte[]? Get(string key)
    {
        lock (_lock)
        {
            return _values.GetValueOrDefault(key);
        }
    }

    /// <summary>False: there is no room.</summary>
    public bool TrySet(string key, byte[] value)
    {
        lock (_lock)
        {
            long change = value.Length + (_values.TryGetValue(key, out byte[]? old) ? -old.Length : key.Length);
            if (_bytes + change > MostBytes || (old is null && _values.Count == MostKeys))
            {
                return false;
            }

            _values[key] = value;
            _bytes += change;
            return true;
        }
    }

    public bool Remove(string key)
    {
        lock (_lock)
        {
            if (!_values.Remove(key, out byte[]? old))
            {
                return false;
            }

            _bytes -= old.Length + key.Length;
            return true;
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _values.Clear();
            _bytes = 0;
        }
    }
}
