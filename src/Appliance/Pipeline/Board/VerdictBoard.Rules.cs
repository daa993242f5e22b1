using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <content>Several rules at once: what they would do, doing it, and taking it back.</content>
public sealed partial class VerdictBoard
{
    private const int MostRefusals = 100;

    /// <summary>Works out what a change would do, and does nothing.</summary>
    public PolicyPreview Preview(RuleChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_lock)
        {
            long now = Now();
            List<(string, string)> refusals = JudgeAll(change, now);
            if (refusals.Count > 0)
            {
                return new PolicyPreview(refusals, ReadOnlyMemory<PolicyEntry>.Empty, new Dictionary<int, Decision>());
            }

            Overlay overlay = new(change, now);
            HashSet<Prefix> scopes = [.. change.Scopes];
            foreach (Prefix wide in scopes.Where(scope => !scope.IsHost).ToArray())
            {
                foreach (int slot in _table.Inside(wide))
                {
                    scopes.Add(_table[slot].Scope);
                }
            }

            List<PolicyEntry> entries = new(scopes.Count);
            Dictionary<int, Decision> overruled = [];
            foreach (Prefix scope in scopes)
            {
                (DecisionRow? winner, long expiry, int slot) = Winner(scope, overlay, now);
                if (winner is { } row)
                {
                    entries.Add(new PolicyEntry(scope, row, expiry));
                }

                if (overlay.TryIndex(scope, out int index) && slot >= 0)
                {
                    overruled[index] = ToDecision(slot);
                }
            }

            return new PolicyPreview([], entries.ToArray(), overruled);
        }
    }

    /// <summary>The operator's rules that a change would replace or remove, as they are now.</summary>
    public IReadOnlyList<Decision> Replaced(RuleChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_lock)
        {
            long now = Now();
            return [.. change.Scopes.Distinct().Select(scope => OperatorRule(scope, now)).Where(slot => slot >= 0).Select(ToDecision)];
        }
    }

    /// <summary>The operator's rule for exactly this scope; null: none.</summary>
    public Decision? RuleOf(Prefix scope)
    {
        lock (_lock)
        {
            return OperatorRule(scope, Now()) is >= 0 and int slot ? ToDecision(slot) : null;
        }
    }

    /// <summary>Makes a change, all or nothing. Refusals are as in <see cref="Preview(RuleChange)"/>.</summary>
    /// <param name="change">What to make and to remove.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="changeId">Id of the change: the store notes that it is made in the transaction that holds it. 0: it has none.</param>
    public IReadOnlyList<(string Field, string Sentence)> Change(RuleChange change, string actor, long changeId = 0)
    {
        ArgumentNullException.ThrowIfNull(change);
        using (Enter())
        {
            long now = Now();
            List<(string, string)> refusals = JudgeAll(change, now);
            if (refusals.Count > 0)
            {
                return refusals;
            }

            foreach (Prefix scope in change.Remove)
            {
                if (OperatorRule(scope, now) is >= 0 and int slot)
                {
                    End(slot, DecisionChangeKind.Lifted, actor);
                }
            }

            PutAll(change.Put, now);
            _course = changeId == 0 ? _course : MadeMark(changeId);
            return [];
        }
    }

    /// <summary>
    /// Takes a change back: its rules go, and what it replaced or removed comes back with the time that is left to it. A rule that somebody
    /// has given another verdict since is left alone.
    /// </summary>
    public void TakeBack(RuleChange change, IReadOnlyList<Decision> replaced, string actor, long changeId = 0)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(replaced);
        using (Enter())
        {
            long now = Now();
            foreach (DecisionRequest put in change.Put)
            {
                if (OperatorRule(put.Scope, now) is >= 0 and int slot && _table[slot].Verdict == put.Verdict)
                {
                    End(slot, DecisionChangeKind.Lifted, actor);
                }
            }

            List<DecisionRequest> back = [];
            foreach (Decision before in replaced)
            {
                TimeSpan? left = before.Ends == long.MaxValue ? null : TimeSpan.FromMilliseconds(before.Ends - now);
                if (!(left <= TimeSpan.Zero) && OperatorRule(before.Scope, now) < 0)
                {
                    back.Add(new DecisionRequest(before.Scope, before.Verdict, Origin.Operator, before.Reason, before.Confidence, left, [], before.Comment, before.Actor));
                }
            }

            // What the guard has come to protect since stays away.
            PutAll([.. back.Where(request => Admission.Judge(request, _guard) is null)], now);
            _course = changeId == 0 ? _course : UndoneMark(changeId);
        }
    }

    /// <summary>What the store notes with the decisions of a change that is on the board.</summary>
    internal static long MadeMark(long changeId) => changeId * 2;

    /// <summary>What the store notes with the decisions once the change is off the board again.</summary>
    internal static long UndoneMark(long changeId) => (changeId * 2) + 1;

    private void PutAll(IReadOnlyList<DecisionRequest> requests, long now)
    {
        // Runs of requests that differ in their scope alone are placed as one.
        for (int first = 0, next; first < requests.Count; first = next)
        {
            DecisionRequest template = requests[first];
            next = first + 1;
            while (next < requests.Count && requests[next] with { Scope = template.Scope, Evidence = template.Evidence } == template)
            {
                next++;
            }

            int start = first;
            ApplyAll(template, [.. Enumerable.Range(start, next - start).Select(i => requests[i].Scope)], now);
        }
    }

    private int OperatorRule(Prefix scope, long now)
    {
        int slot = _table.Find(new DecisionKey(scope, Origin.Operator));
        return slot >= 0 && _table.Expiry(slot) > now ? slot : -1;
    }

    private List<(string Field, string Sentence)> JudgeAll(RuleChange change, long now)
    {
        List<(string, string)> refusals = [];
        HashSet<Prefix> removed = [.. change.Remove];
        for (int i = 0; i < change.Remove.Count && refusals.Count < MostRefusals; i++)
        {
            if (OperatorRule(change.Remove[i], now) < 0)
            {
                refusals.Add(($"remove[{i}]", $"There is no rule for {change.Remove[i]}."));
            }
        }

        HashSet<Prefix> seen = [];
        for (int i = 0; i < change.Put.Count && refusals.Count < MostRefusals; i++)
        {
            DecisionRequest request = change.Put[i];
            (Refusal Kind, string Sentence)? refusal = request.Origin != Origin.Operator
                ? (Refusal.NotAllowedForOrigin, "Only the operator makes rules.")
                : Judge(request, now, amended: -1, removed);
            if (refusal is { } why)
            {
                _refused[(int)why.Kind]++;
                refusals.Add(($"rules[{i}]", why.Sentence));
            }
            else if (!seen.Add(request.Scope) || removed.Contains(request.Scope))
            {
                refusals.Add(($"rules[{i}]", $"{request.Scope} is named twice in this change."));
            }
        }

        int missing = change.Put.Count - (Capacity(Origin.Operator) - _table.Count);
        if (refusals.Count == 0 && missing > 0 && change.Put.Count(r => _table.Find(new DecisionKey(r.Scope, r.Origin)) < 0) > change.Put.Count - missing)
        {
            refusals.Add(("rules", Full().Sentence));
        }

        return refusals;
    }

    /// <summary>What would decide about a scope; the slot is -1 where it is a rule of the change.</summary>
    private (DecisionRow? Row, long Expiry, int Slot) Winner(Prefix scope, Overlay overlay, long now)
    {
        DecisionRow? best = null;
        (long expiry, int from) = (0, -1);
        foreach (int slot in _table.Containing(scope))
        {
            // Widest first: of equal rank the longer prefix wins.
            ref DecisionRow row = ref _table[slot];
            if (_table.Expiry(slot) > now && !(row.Origin == Origin.Operator && overlay.Hides(row.Scope)) && (best is null || row.Rank <= best.Value.Rank))
            {
                (best, expiry, from) = (row, _table.Expiry(slot), slot);
            }
        }

        foreach ((DecisionRow row, long ends) in overlay.Containing(scope))
        {
            if (best is null || row.Rank < best.Value.Rank || (row.Rank == best.Value.Rank && row.Length >= best.Value.Length))
            {
                (best, expiry, from) = (row, ends, -1);
            }
        }

        return (best, expiry, from);
    }

    /// <summary>A change, seen as rows that are not on the board yet.</summary>
    private sealed class Overlay
    {
        private readonly Dictionary<Prefix, (DecisionRow Row, long Expiry, int Index)> _rows = [];
        private readonly HashSet<Prefix> _removed;
        private readonly byte[] _lengths4;
        private readonly byte[] _lengths6;

        public Overlay(RuleChange change, long now)
        {
            _removed = [.. change.Remove];
            for (int i = 0; i < change.Put.Count; i++)
            {
                DecisionRequest request = change.Put[i];
                DecisionRow row = new() { Id = PolicyPreview.IdOf(i), Scope = request.Scope, Origin = Origin.Operator, Verdict = request.Verdict, Start = now };
                _rows[request.Scope] = (row, request.Ttl is { } ttl ? now + (long)ttl.TotalMilliseconds : long.MaxValue, i);
            }

            _lengths4 = [.. _rows.Keys.Where(scope => scope.IsV4).Select(scope => scope.Length).Distinct().Order()];
            _lengths6 = [.. _rows.Keys.Where(scope => !scope.IsV4).Select(scope => scope.Length).Distinct().Order()];
        }

        /// <summary>Whether the operator's present rule for a scope goes.</summary>
        public bool Hides(Prefix scope) => _removed.Contains(scope) || _rows.ContainsKey(scope);

        public bool TryIndex(Prefix scope, out int index)
        {
            bool found = _rows.TryGetValue(scope, out (DecisionRow Row, long Expiry, int Index) row);
            index = row.Index;
            return found;
        }

        /// <summary>Widest first.</summary>
        public IEnumerable<(DecisionRow Row, long Expiry)> Containing(Prefix scope)
        {
            foreach (byte length in scope.IsV4 ? _lengths4 : _lengths6)
            {
                if (length <= scope.Length && _rows.TryGetValue(Prefix.Around(scope.Network, length), out (DecisionRow Row, long Expiry, int Index) row))
                {
                    yield return (row.Row, row.Expiry);
                }
            }
        }
    }
}
