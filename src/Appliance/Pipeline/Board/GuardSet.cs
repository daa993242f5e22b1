using System.Collections.Frozen;
using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>What nothing may touch, at one moment. Immutable; the board swaps the whole set.</summary>
public sealed class GuardSet
{
    private static readonly GuardEntry[] Always =
    [
        new(Prefix.Parse("0.0.0.0/8"), "addresses of this machine or its network (RFC 1122)", Pass: false),
        new(Prefix.Parse("127.0.0.0/8"), "loopback", Pass: false),
        new(Prefix.Parse("169.254.0.0/16"), "link-local (RFC 3927)", Pass: false),
        new(Prefix.Parse("224.0.0.0/4"), "multicast", Pass: false),
        new(Prefix.Parse("255.255.255.255"), "broadcast", Pass: false),
        new(Prefix.Parse("::"), "the unspecified address", Pass: false),
        new(Prefix.Parse("::1"), "loopback", Pass: false),
        new(Prefix.Parse("fe80::/10"), "link-local (RFC 4291)", Pass: false),
        new(Prefix.Parse("ff00::/8"), "multicast", Pass: false),
    ];

    private readonly FrozenDictionary<Prefix, GuardEntry> _hosts;
    private readonly GuardEntry[] _prefixes;

    /// <summary>Most entries that may pass; more are ignored, and counted by whoever collects them.</summary>
    public const int MaxEntries = 65_535;

    /// <summary>What is guarded on every machine.</summary>
    public static GuardSet Empty { get; } = new([]);

    public GuardSet(IEnumerable<GuardEntry> entries)
    {
        Dictionary<Prefix, GuardEntry> distinct = [];
        foreach (GuardEntry entry in Always.Concat(entries))
        {
            // One scope can be two things (a gateway that is the resolver): passing is the wider promise.
            if (!distinct.TryGetValue(entry.Scope, out GuardEntry? known) || (entry.Pass && !known.Pass))
            {
                if (known is not null || distinct.Count < MaxEntries)
                {
                    distinct[entry.Scope] = entry;
                }
            }
        }

        Entries = [.. distinct.Values];
        _hosts = Entries.Where(e => e.Scope.IsHost).ToFrozenDictionary(e => e.Scope);
        _prefixes = [.. Entries.Where(e => !e.Scope.IsHost)];
    }

    public IReadOnlyList<GuardEntry> Entries { get; }

    /// <summary>The first guarded thing that shares an address with this scope; null: none.</summary>
    public GuardEntry? Overlapping(Prefix scope)
    {
        if (_hosts.TryGetValue(scope, out GuardEntry? host))
        {
            return host;
        }

        foreach (GuardEntry entry in _prefixes)
        {
            if (entry.Scope.Overlaps(scope))
            {
                return entry;
            }
        }

        return scope.IsHost ? null : _hosts.Values.FirstOrDefault(e => scope.Contains(e.Scope));
    }
}
