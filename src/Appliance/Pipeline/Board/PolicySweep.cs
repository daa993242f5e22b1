using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>Works out what decides about every listed scope, in one pass in order of scope: a scope inherits from the scope around it.</summary>
internal sealed class PolicySweep
{
    private readonly PolicyEntry[] _entries;
    private readonly long _now;

    // One stack a family: the IPv4 numbers lie in the middle of the IPv6 ones, and belong to no IPv6 prefix.
    private readonly Stack<Open> _open4 = new();
    private readonly Stack<Open> _open6 = new();
    private int _count;
    private Open _current;
    private bool _any;

    private PolicySweep(int capacity, long now) => (_entries, _now) = (new PolicyEntry[capacity], now);

    /// <summary>A scope and what decides about it, one after the other.</summary>
    private record struct Open(Prefix Scope, Timeline Timeline);

    public static ReadOnlyMemory<PolicyEntry> Run(ClaimTable table, long now)
    {
        PolicySweep sweep = new(table.Count, now);
        ClaimRow[] rows = new ClaimRow[ClaimTable.BlockSize];
        long[] expiries = new long[ClaimTable.BlockSize];
        int block = 0;
        while (table.CopyBlock(ref block, rows, expiries) is > 0 and int count)
        {
            for (int i = 0; i < count; i++)
            {
                sweep.Add(rows[i], expiries[i]);
            }
        }

        sweep.Close();
        return sweep._entries.AsMemory(0, sweep._count);
    }

    private void Add(in ClaimRow row, long expiry)
    {
        if (!_any || !row.Speaks(_current.Scope))
        {
            Close();
            Prefix scope = row.Scope;
            Stack<Open> open = scope.IsV4 ? _open4 : _open6;
            while (open.TryPeek(out Open top) && !top.Scope.Contains(scope))
            {
                open.Pop();
            }

            _current = open.TryPeek(out Open around) ? around with { Scope = scope } : new Open(scope, default);
            _any = true;
        }

        _current = _current with { Timeline = _current.Timeline.With(row, expiry, _now) };
    }

    private void Close()
    {
        if (!_any || _current.Timeline.IsEmpty)
        {
            return;
        }

        _entries[_count++] = new PolicyEntry(_current.Scope, _current.Timeline.Fitting());
        if (!_current.Scope.IsHost)
        {
            (_current.Scope.IsV4 ? _open4 : _open6).Push(_current);
        }
    }
}
