using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>The operator's rules, several at once: what a change would do, making it, and taking it back. Thread-safe.</summary>
public sealed class RuleBook
{
    private const int MostRefusals = 100;

    private readonly BoardState _state;
    private readonly BoardAdmission _admission;
    private readonly ClaimWriter _writer;
    private readonly StoreProjection _store;

    internal RuleBook(BoardState state, BoardAdmission admission, ClaimWriter writer, StoreProjection store) =>
        (_state, _admission, _writer, _store) = (state, admission, writer, store);

    /// <summary>Works out what a change would do, and does nothing.</summary>
    public PolicyPreview Preview(RuleChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_state.Lock)
        {
            long now = _state.Now;
            List<(string, string)> refusals = JudgeAll(change, now);
            return refusals.Count > 0
                ? new PolicyPreview(refusals, ReadOnlyMemory<PolicyEntry>.Empty, new Dictionary<int, Decision>())
                : new RuleOverlay(_state, change, now).Preview();
        }
    }

    /// <summary>The operator's rules that a change would replace or remove, as they are now.</summary>
    public IReadOnlyList<Decision> Replaced(RuleChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_state.Lock)
        {
            long now = _state.Now;
            return [.. change.Scopes.Distinct().Select(scope => _state.OperatorRule(scope, now)).Where(slot => slot >= 0).Select(_state.ToDecision)];
        }
    }

    /// <summary>The rule of the operator or the configuration for exactly this scope, of several the one that decides; null: none.</summary>
    public Decision? For(Prefix scope)
    {
        lock (_state.Lock)
        {
            long now = _state.Now;
            ClaimTable table = _state.Table;
            int best = -1;
            for (int slot = table.NextOf(scope); slot >= 0; slot = table.NextOf(scope, slot))
            {
                if (table[slot].Origin == Origin.Operator && table.Expiry(slot) > now && (best < 0 || Precedence.Beats(table.ContenderOf(slot), table.ContenderOf(best))))
                {
                    best = slot;
                }
            }

            return best < 0 ? null : _state.ToDecision(best);
        }
    }

    /// <summary>Makes a change, all or nothing. Refusals are as in <see cref="Preview(RuleChange)"/>.</summary>
    /// <param name="change">What to make and to remove.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="changeId">Id of the change: the store notes that it is made in the transaction that holds it. 0: it has none.</param>
    public IReadOnlyList<(string Field, string Sentence)> Change(RuleChange change, string actor, long changeId = 0)
    {
        ArgumentNullException.ThrowIfNull(change);
        using (_state.Enter())
        {
            long now = _state.Now;
            List<(string, string)> refusals = JudgeAll(change, now);
            if (refusals.Count > 0)
            {
                return refusals;
            }

            foreach (Prefix scope in change.Remove)
            {
                if (_state.OperatorRule(scope, now) is >= 0 and int slot)
                {
                    _writer.End(slot, DecisionChangeKind.Lifted, actor);
                }
            }

            _writer.PutAll(change.Put, now);
            if (changeId != 0)
            {
                _store.SetCourse(MadeMark(changeId));
            }

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
        using (_state.Enter())
        {
            long now = _state.Now;
            foreach (DecisionRequest put in change.Put)
            {
                if (_state.OperatorRule(put.Scope, now) is >= 0 and int slot && _state.Table[slot].Verdict == put.Verdict)
                {
                    _writer.End(slot, DecisionChangeKind.Lifted, actor);
                }
            }

            List<DecisionRequest> back = [];
            foreach (Decision before in replaced)
            {
                TimeSpan? left = before.Ends == long.MaxValue ? null : TimeSpan.FromMilliseconds(before.Ends - now);
                if (!(left <= TimeSpan.Zero) && _state.OperatorRule(before.Scope, now) < 0)
                {
                    back.Add(new DecisionRequest(before.Scope, before.Verdict, Origin.Operator, before.Reason, before.Confidence, left, [], before.Comment, before.Actor));
                }
            }

            // What became guarded meanwhile is not blocked again.
            _writer.PutAll([.. back.Where(request => Admission.Judge(request, _state.Guard) is null)], now);
            if (changeId != 0)
            {
                _store.SetCourse(UndoneMark(changeId));
            }
        }
    }

    /// <summary>What the store notes with the claims of a change that is on the board.</summary>
    internal static long MadeMark(long changeId) => changeId * 2;

    /// <summary>What the store notes with the claims once the change is off the board again.</summary>
    internal static long UndoneMark(long changeId) => (changeId * 2) + 1;

    // A rule of a list or of the configuration is taken away where it comes from.
    private string Missing(Prefix scope)
    {
        int slot = _state.Table.Containing(scope).FirstOrDefault(slot => _state.Table[slot].Origin == Origin.Operator && _state.Table[slot].Speaks(scope), -1);
        return slot < 0 ? $"There is no rule for {scope}." : $"The rule for {scope} belongs to {_state.Owners[_state.Table[slot].Owner]}; take it out there.";
    }

    private List<(string Field, string Sentence)> JudgeAll(RuleChange change, long now)
    {
        List<(string, string)> refusals = [];
        HashSet<Prefix> removed = [.. change.Remove];
        for (int i = 0; i < change.Remove.Count && refusals.Count < MostRefusals; i++)
        {
            if (_state.OperatorRule(change.Remove[i], now) < 0)
            {
                refusals.Add(($"remove[{i}]", Missing(change.Remove[i])));
            }
        }

        HashSet<Prefix> seen = [];
        for (int i = 0; i < change.Put.Count && refusals.Count < MostRefusals; i++)
        {
            DecisionRequest request = change.Put[i];
            (Refusal Kind, string Sentence)? refusal = request.Origin != Origin.Operator
                ? (Refusal.NotAllowedForOrigin, "Only the operator makes rules.")
                : _admission.Judge(request, now, amended: -1, removed);
            if (refusal is { } why)
            {
                _state.Refused[(int)why.Kind]++;
                refusals.Add(($"rules[{i}]", why.Sentence));
            }
            else if (!seen.Add(request.Scope) || removed.Contains(request.Scope))
            {
                refusals.Add(($"rules[{i}]", $"{request.Scope} is named twice in this change."));
            }
        }

        if (refusals.Count == 0 && _admission.Exceeds(Origin.Operator, change.Put.Count, () => change.Put.Count(r => _state.Find(r.Scope, r.Origin, r.Owner) < 0)))
        {
            refusals.Add(("rules", _admission.Full().Sentence));
        }

        return refusals;
    }
}
