using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>
/// How often a scope was blocked lately. Two halves of bounded size: when the young half is full it becomes the old one, and the old one is
/// forgotten, so that the least recently seen go first and a flood of new scopes costs a bounded amount. Not thread-safe.
/// </summary>
internal sealed class EscalationMemory(int capacity, TimeSpan memory)
{
    private Dictionary<Prefix, Past> _young = [];
    private Dictionary<Prefix, Past> _old = [];

    private readonly record struct Past(int Times, long Until);

    public int Count => _young.Count + _old.Count;

    public long Forgotten { get; private set; }

    /// <summary>How many blocks of this scope are remembered.</summary>
    public int Times(Prefix scope, long now) => TryFind(scope, now, out Past past) ? past.Times : 0;

    /// <summary>Remembers one more block that ends at <paramref name="expiry"/> (milliseconds).</summary>
    public void Remember(Prefix scope, long now, long expiry) => Set(scope, Times(scope, now) + 1, expiry);

    /// <summary>Sets what an earlier run knew.</summary>
    public void Set(Prefix scope, int times, long expiry)
    {
        if (_young.Count >= capacity / 2 && !_young.ContainsKey(scope))
        {
            Forgotten += _old.Count;
            (_old, _young) = (_young, []);
        }

        _young[scope] = new Past(times, expiry + (long)memory.TotalMilliseconds);
        _old.Remove(scope);
    }

    /// <summary>The operator lifted the block as a mistake.</summary>
    public void Forget(Prefix scope)
    {
        _young.Remove(scope);
        _old.Remove(scope);
    }

    private bool TryFind(Prefix scope, long now, out Past past) =>
        (_young.TryGetValue(scope, out past) || _old.TryGetValue(scope, out past)) && past.Until > now;
}
