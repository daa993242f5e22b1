using System.Text;
using Blackwall.Mesh.Libp2p.Kad.Wire;

namespace Blackwall.Mesh.Libp2p.Kad.Records;

/// <summary>
/// Values that others put, bounded and with an end. A key is text below our own name space; a value is replaced by who put it, or where
/// the validator prefers the new one: nobody can overwrite what is not theirs by being later.
/// </summary>
internal sealed class ValueStore(KadOptions options)
{
    private readonly Dictionary<string, Entry> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<PeerId, int> _perPeer = [];
    private readonly string _space = NameSpace(options.Protocol);
    private DateTimeOffset _nextExpiry = DateTimeOffset.MinValue;

    public int Count => _values.Count;

    /// <summary>"/x/" of "/x/kad/1.0.0".</summary>
    public static string NameSpace(string protocol)
    {
        int end = protocol.Length > 1 ? protocol.IndexOf('/', 1) : -1;
        return end < 0 ? protocol + "/" : protocol[..(end + 1)];
    }

    /// <summary>Null: kept. Otherwise why not.</summary>
    public string? Put(PeerId by, KadRecord record, DateTimeOffset now)
    {
        if (Wrong(record) is { } wrong)
        {
            return wrong;
        }

        Expire(now);
        string key = Encoding.UTF8.GetString(record.Key);
        _values.TryGetValue(key, out Entry? present);
        if (present is not null && present.Ends > now && !Replaces(by, record, present))
        {
            return "another peer's value is there";
        }

        if (present is null && _values.Count >= options.Values)
        {
            return "too many values";
        }

        if ((present is null || present.By != by) && _perPeer.GetValueOrDefault(by) >= options.ValuesPerPeer)
        {
            return "too many values of one peer";
        }

        if (present is not null)
        {
            Forget(key, present);
        }

        _values[key] = new Entry(record.Value, by, now, now + options.ValueLifetime);
        _perPeer[by] = _perPeer.GetValueOrDefault(by) + 1;
        return null;
    }

    public KadRecord? Get(ReadOnlySpan<byte> key, DateTimeOffset now)
    {
        return _values.TryGetValue(Encoding.UTF8.GetString(key), out Entry? entry) && entry.Ends > now
            ? new KadRecord(key.ToArray(), entry.Value, entry.Received.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>Why a record must not be kept, nor taken from an answer; null: it may.</summary>
    public string? Wrong(KadRecord record) =>
        record.Key.Length <= _space.Length || !System.Text.Unicode.Utf8.IsValid(record.Key) || !record.Key.AsSpan().StartsWith(Encoding.UTF8.GetBytes(_space)) ? $"the key is not below '{_space}'"
        : record.Value.Length is 0 or > KadCodec.MaxValue ? "the value is empty or too long"
        : options.Validator?.IsValid(record.Key, record.Value) is false ? "the value is not valid"
        : null;

    private bool Replaces(PeerId by, KadRecord record, Entry present) =>
        options.Validator is { } validator ? validator.IsBetter(record.Key, record.Value, present.Value)
        : present.By == by || present.Value.AsSpan().SequenceEqual(record.Value);

    // A walk over all of it, and so at most once a minute.
    private void Expire(DateTimeOffset now)
    {
        if (now < _nextExpiry)
        {
            return;
        }

        _nextExpiry = now + TimeSpan.FromMinutes(1);
        foreach ((string key, Entry entry) in _values)
        {
            if (entry.Ends <= now)
            {
                Forget(key, entry);
            }
        }
    }

    private void Forget(string key, Entry entry)
    {
        _values.Remove(key);
        if (--System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_perPeer, entry.By, out _) <= 0)
        {
            _perPeer.Remove(entry.By);
        }
    }

    private sealed record Entry(byte[] Value, PeerId By, DateTimeOffset Received, DateTimeOffset Ends);
}
