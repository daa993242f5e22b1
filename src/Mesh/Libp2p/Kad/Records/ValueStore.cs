using System.Net;
using System.Text;
using Blackwall.Mesh.Libp2p.Kad.Routing;
using Blackwall.Mesh.Libp2p.Kad.Wire;

namespace Blackwall.Mesh.Libp2p.Kad.Records;

/// <summary>
/// Values that others put, bounded and with an end. A key is text below our own name space; a value is replaced by who put it, or where
/// the validator prefers the new one: nobody can overwrite what is not theirs by being later. See <see cref="GroupLimits"/>
/// for what goes when there is no more room.
/// </summary>
internal sealed class ValueStore(PeerId self, KadOptions options, Func<PeerId, bool> present)
{
    private readonly Dictionary<string, Entry> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<PeerId, int> _perPeer = [];
    private readonly Dictionary<string, int> _perGroup = new(StringComparer.Ordinal);
    private readonly KadKey _self = KadKey.From(self);
    private readonly string _space = NameSpace(options.Protocol);
    private DateTimeOffset _nextExpiry = DateTimeOffset.MinValue;

    public int Count => _values.Count;

    /// <summary>Values that went before their time.</summary>
    public long Evicted { get; private set; }

    /// <summary>"/x/" of "/x/kad/1.0.0".</summary>
    public static string NameSpace(string protocol)
    {
        int end = protocol.Length > 1 ? protocol.IndexOf('/', 1) : -1;
        return end < 0 ? protocol + "/" : protocol[..(end + 1)];
    }

    /// <summary>Null: kept. Otherwise why not.</summary>
    /// <param name="from">Where the peer is connected from; null: it is not counted by address.</param>
    public string? Put(PeerId by, IPAddress? from, KadRecord record, DateTimeOffset now)
    {
        if (Wrong(record) is { } wrong)
        {
            return wrong;
        }

        Expire(now);
        string key = Encoding.UTF8.GetString(record.Key);
        _values.TryGetValue(key, out Entry? before);
        if (before is not null && before.Ends > now && !Replaces(by, record, before))
        {
            return "another peer's value is there";
        }

        string? group = GroupLimits.GroupOf(from, options.PrivateExempt, out bool limited);
        if (before?.By != by)
        {
            if (_perPeer.GetValueOrDefault(by) >= options.ValuesPerPeer)
            {
                return "too many values of one peer";
            }

            if (limited && _perGroup.GetValueOrDefault(group!) >= options.ValuesPerSubnet)
            {
                return "too many values of one network";
            }
        }

        var entry = new Entry(key, record.Value, by, group, KadKey.From(record.Key).DistanceTo(_self), now, now + options.ValueLifetime);
        if (before is not null)
        {
            Forget(before);
        }
        else if (_values.Count >= options.Values)
        {
            IReadOnlyList<Entry> going = GroupLimits.Choose(_values.Values, entry, Math.Max(1, options.Values / 64), present);
            if (going.Count == 0)
            {
                return "too many values";
            }

            foreach (Entry gone in going)
            {
                Forget(gone);
                Evicted++;
            }
        }

        _values[key] = entry;
        _perPeer[by] = _perPeer.GetValueOrDefault(by) + 1;
        if (group is not null)
        {
            _perGroup[group] = _perGroup.GetValueOrDefault(group) + 1;
        }

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

    private bool Replaces(PeerId by, KadRecord record, Entry before) =>
        options.Validator is { } validator ? validator.IsBetter(record.Key, record.Value, before.Value)
        : before.By == by || before.Value.AsSpan().SequenceEqual(record.Value);

    // A walk over all of it, and so at most once a minute.
    private void Expire(DateTimeOffset now)
    {
        if (now < _nextExpiry)
        {
            return;
        }

        _nextExpiry = now + TimeSpan.FromMinutes(1);
        foreach (Entry entry in _values.Values.Where(entry => entry.Ends <= now).ToArray())
        {
            Forget(entry);
        }
    }

    private void Forget(Entry entry)
    {
        _values.Remove(entry.Key);
        GroupLimits.Less(_perPeer, entry.By);
        if (entry.Group is { } group)
        {
            GroupLimits.Less(_perGroup, group);
        }
    }

    private sealed record Entry(string Key, byte[] Value, PeerId By, string? Group, KadKey Distance, DateTimeOffset Received, DateTimeOffset Ends) : StoredEntry(By, Group, Distance);
}
