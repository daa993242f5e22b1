using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>A change of rules laid over the board without being on it: who would decide then. Used under the board's lock.</summary>
internal sealed class RuleOverlay
{
    private readonly BoardState _state;
    private readonly RuleChange _change;
    private readonly long _now;
    private readonly Dictionary<Prefix, (ClaimRow Row, long Expiry, int Index)> _rows = [];
    private readonly HashSet<Prefix> _removed;
    private readonly byte[] _lengths4;
    private readonly byte[] _lengths6;

    public RuleOverlay(BoardState state, RuleChange change, long now)
    {
        (_state, _change, _now) = (state, change, now);
        _removed = [.. change.Remove];
        for (int i = 0; i < change.Put.Count; i++)
        {
            DecisionRequest request = change.Put[i];
            ClaimRow row = new() { Id = PolicyPreview.IdOf(i), Scope = request.Scope, Origin = Origin.Operator, Verdict = request.Verdict, Start = now };
            _rows[request.Scope] = (row, request.Ttl is { } ttl ? now + (long)ttl.TotalMilliseconds : long.MaxValue, i);
        }

        _lengths4 = [.. _rows.Keys.Where(scope => scope.IsV4).Select(scope => scope.Length).Distinct().Order()];
        _lengths6 = [.. _rows.Keys.Where(scope => !scope.IsV4).Select(scope => scope.Length).Distinct().Order()];
    }

    /// <summary>What would decide about everything that the change touches.</summary>
    public PolicyPreview Preview()
    {
        HashSet<Prefix> scopes = [.. _change.Scopes];
        foreach (Prefix wide in scopes.Where(scope => !scope.IsHost).ToArray())
        {
            foreach (int slot in _state.Table.Inside(wide))
            {
                scopes.Add(_state.Table[slot].Scope);
            }
        }

        List<PolicyEntry> entries = new(scopes.Count);
        Dictionary<int, Decision> overruled = [];
        foreach (Prefix scope in scopes)
        {
            (ClaimRow? winner, long expiry, int slot) = Winner(scope);
            if (winner is { } row)
            {
                entries.Add(new PolicyEntry(scope, row, expiry));
            }

            if (slot >= 0 && _rows.TryGetValue(scope, out (ClaimRow Row, long Expiry, int Index) put))
            {
                overruled[put.Index] = _state.ToDecision(slot);
            }
        }

        return new PolicyPreview([], entries.ToArray(), overruled);
    }

    /// <summary>What would decide about a scope; the slot is -1 where it is a rule of the change.</summary>
    private (ClaimRow? Row, long Expiry, int Slot) Winner(Prefix scope)
    {
        ClaimRow? best = null;
        (long expiry, int from) = (0, -1);
        foreach (int slot in _state.Table.Containing(scope))
        {
            ref ClaimRow row = ref _state.Table[slot];
            long ends = _state.Table.Expiry(slot);
            if (ends > _now && !Hides(row) && (best is null || Precedence.Beats(row.With(ends), best.Value.With(expiry))))
            {
                (best, expiry, from) = (row, ends, slot);
            }
        }

        foreach ((ClaimRow row, long ends) in Containing(scope))
        {
            if (best is null || Precedence.Beats(row.With(ends), best.Value.With(expiry)))
            {
                (best, expiry, from) = (row, ends, -1);
            }
        }

        return (best, expiry, from);
    }

    /// <summary>Whether the operator's present rule goes.</summary>
    private bool Hides(in ClaimRow row) =>
        row.Origin == Origin.Operator
        && string.Equals(_state.Owners[row.Owner], ClaimOwner.Operator, StringComparison.Ordinal)
        && (_removed.Contains(row.Scope) || _rows.ContainsKey(row.Scope));

    private IEnumerable<(ClaimRow Row, long Expiry)> Containing(Prefix scope)
    {
        foreach (byte length in scope.IsV4 ? _lengths4 : _lengths6)
        {
            if (length <= scope.Length && _rows.TryGetValue(Prefix.Around(scope.Network, length), out (ClaimRow Row, long Expiry, int Index) row))
            {
                yield return (row.Row, row.Expiry);
            }
        }
    }
}
