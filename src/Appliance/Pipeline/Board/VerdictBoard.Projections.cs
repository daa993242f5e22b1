using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <content>What the wall, the API and the statistics read.</content>
public sealed partial class VerdictBoard
{
    /// <summary>Most decisions that one page looks at.</summary>
    private const int MaxExamined = 65_536;

    private HashSet<Prefix>? _inFlight = [];
    private long _inFlightVersion;

    /// <summary>The version that the wall acts on.</summary>
    public long EnforcedVersion => _gate.Enforced;

    /// <summary>
    /// The single changes since the last drain are not all known (after the restore, or when far too many waited):
    /// build a generation from <see cref="Snapshot"/>. True until one was taken.
    /// </summary>
    public bool SnapshotNeeded
    {
        get
        {
            lock (_lock)
            {
                return _unenforced.Overflowed;
            }
        }
    }

    public string Name => "board";

    /// <summary>The decision that wins for a scope among all whose scope contains it; null: nothing is decided.</summary>
    public Decision? Effective(Prefix scope)
    {
        lock (_lock)
        {
            int slot = _table.Effective(scope, Now());
            return slot < 0 ? null : ToDecision(slot);
        }
    }

    /// <summary>What nothing may touch, at this moment.</summary>
    public GuardSet Guarded
    {
        get
        {
            lock (_lock)
            {
                return _guard;
            }
        }
    }

    /// <summary>The guarded thing that shares an address with this scope; null: none.</summary>
    public GuardEntry? Guarding(Prefix scope)
    {
        lock (_lock)
        {
            return _guard.Overlapping(scope);
        }
    }

    /// <summary>
    /// What the wall shall hold under exactly this key. False when no decision in force names the scope: then remove the key, and
    /// the next wider one decides. (<see cref="Effective"/> would answer with that wider decision, and nobody would mark this key when it changes.)
    /// </summary>
    public bool TryEntry(Prefix scope, out PolicyEntry entry)
    {
        lock (_lock)
        {
            long now = Now();
            entry = default;
            if (!_table.IsListed(scope))
            {
                return false;
            }

            Timeline timeline = default;
            foreach (int slot in _table.Containing(scope))
            {
                timeline = timeline.With(_table[slot], _table.Expiry(slot), now);
            }

            entry = timeline.IsEmpty ? default : new PolicyEntry(scope, timeline.Fitting());
            return !timeline.IsEmpty;
        }
    }

    /// <summary>
    /// Moves out the scopes whose effective decision may have changed since the last drain: what changed, and every listed scope inside it.
    /// Returns the version that applying them brings the wall to. Check <see cref="SnapshotNeeded"/> first.
    /// </summary>
    public long DrainDirty(List<Prefix> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        lock (_lock)
        {
            _changed.Reset();
            HashSet<Prefix> touched = [];
            _unenforced.Drain(touched);
            foreach (Prefix prefix in touched.Where(p => !p.IsHost).ToArray())
            {
                foreach (int slot in _table.Inside(prefix))
                {
                    touched.Add(_table[slot].Scope);
                }
            }

            into.AddRange(touched);
            (_inFlight, _inFlightVersion) = (touched, _version);
            return _version;
        }
    }

    /// <summary>The whole policy: each listed scope with what decides it. One sweep in order of scope.</summary>
    public BoardSnapshot Snapshot()
    {
        lock (_lock)
        {
            _changed.Reset();
            _unenforced.Reset();
            (_inFlight, _inFlightVersion) = (null, _version);
            return new BoardSnapshot(_version, PolicySweep.Run(_table, Now()));
        }
    }

    /// <summary>Scopes whose entries the wall has to write again; they count as not enforced until then.</summary>
    public void ReturnDirty(IEnumerable<Prefix> scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        lock (_lock)
        {
            foreach (Prefix scope in scopes)
            {
                _unenforced.Add(scope);
            }

            _changed.Set();
        }
    }

    /// <summary>Listed scopes in order, a slice at a time.</summary>
    /// <param name="after">The last one of the slice before; null: from the first.</param>
    /// <param name="max">At most this many.</param>
    /// <param name="into">Where to.</param>
    /// <returns>The last one; null: there are no more.</returns>
    public Prefix? ScopesAfter(Prefix? after, int max, List<Prefix> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        lock (_lock)
        {
            Prefix? last = after;
            int taken = 0;
            foreach (int slot in _table.After(after))
            {
                Prefix scope = _table[slot].Scope;
                if (scope == last)
                {
                    continue;
                }

                if (taken++ == max)
                {
                    return last;
                }

                into.Add(scope);
                last = scope;
            }

            return null;
        }
    }

    /// <summary>Forgets what waits for the wall and returns the version; for where there is no wall.</summary>
    public long Discard()
    {
        lock (_lock)
        {
            _changed.Reset();
            _unenforced.Reset();
            (_inFlight, _inFlightVersion) = (null, _version);
            return _version;
        }
    }

    /// <summary>What the wall holds is in doubt: it must build a generation from <see cref="Snapshot"/>.</summary>
    public void RequireSnapshot()
    {
        lock (_lock)
        {
            _unenforced.Invalidate();
            _changed.Set();
        }
    }

    /// <summary>The wall acts on this version now.</summary>
    public void MarkEnforced(long version) => _gate.Mark(version);

    /// <summary>Whether the wall holds what the board says about this scope.</summary>
    public bool IsEnforced(Prefix scope)
    {
        lock (_lock)
        {
            if (_unenforced.Overflowed || _unenforced.Contains(scope))
            {
                return false;
            }

            // Null in flight: a whole generation, so every scope.
            return _gate.Enforced >= _inFlightVersion || _inFlight?.Contains(scope) == false;
        }
    }

    /// <summary>Completes when the wall acts on this version.</summary>
    public Task WhenEnforcedAsync(long version, CancellationToken cancellationToken) => _gate.WhenAsync(version, cancellationToken);

    /// <summary>Blocks until something changed since the last drain or snapshot; false: the time ran out.</summary>
    public bool WaitForChange(TimeSpan timeout) => _changed.Wait(timeout);

    /// <summary>Lets <see cref="WaitForChange(TimeSpan)"/> return though nothing changed.</summary>
    public void Wake() => _changed.Set();

    /// <summary>As <see cref="WaitForChange(TimeSpan)"/>; throws when cancelled.</summary>
    public bool WaitForChange(TimeSpan timeout, CancellationToken cancellationToken) => _changed.Wait(timeout, cancellationToken);

    /// <summary>The decision in force of this id; null: none.</summary>
    public Decision? Find(long decisionId)
    {
        lock (_lock)
        {
            int slot = _table.Find(decisionId);
            return slot < 0 || _table.Expiry(slot) <= Now() ? null : ToDecision(slot);
        }
    }

    public DecisionPage List(DecisionQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_lock)
        {
            long now = Now();
            List<Decision> items = [];
            int examined = 0;
            long since = query.Since is { } from ? Clock.FromDate(from) : long.MinValue;
            long last = query.Before;
            foreach (int slot in Candidates(query))
            {
                ref DecisionRow row = ref _table[slot];
                if (items.Count == query.Limit || examined == MaxExamined)
                {
                    return new DecisionPage(items, last);
                }

                examined++;
                last = row.Id;
                if (_table.Expiry(slot) > now
                    && (query.Verdict is null || row.Verdict == query.Verdict)
                    && (query.Origin is null || row.Origin == query.Origin)
                    && (query.Scope is null || row.Speaks(query.Scope.Value))
                    && (query.Within is null || query.Within.Value.Contains(row.Scope))
                    && since <= row.Start
                    && (query.Reason is null || string.Equals(_words[row.Reason], query.Reason, StringComparison.Ordinal)))
                {
                    items.Add(ToDecision(slot));
                }
            }

            return new DecisionPage(items, null);
        }
    }

    public IReadOnlyDictionary<string, long> Read()
    {
        lock (_lock)
        {
            Dictionary<string, long> stats = new(StringComparer.Ordinal)
            {
                ["decisions"] = _table.Count,
                ["capacity"] = _options.MaxDecisions,
                ["version"] = _version,
                ["enforcedVersion"] = _gate.Enforced,
                ["waitingForWall"] = _unenforced.Count,
                ["waitingForStore"] = _unsaved.Count,
                ["wallRebuilds"] = _unenforced.Overflows,
                ["storeRebuilds"] = _unsaved.Overflows,
                ["expired"] = _expired,
                ["coalesced"] = _coalesced,
                ["remembered"] = _memory.Count,
                ["forgotten"] = _memory.Forgotten,
                ["words"] = _words.Count,
                ["wordOverflows"] = _words.Overflows,
                ["guarded"] = _guard.Entries.Count,
                ["untold"] = _feed.Untold,
            };
            foreach (Origin origin in Enum.GetValues<Origin>())
            {
                stats[$"of{origin}"] = _table.CountOf(origin);
            }

            foreach (Verdict verdict in Enum.GetValues<Verdict>())
            {
                stats[$"to{verdict}"] = _table.CountOf(verdict);
            }

            foreach (Refusal refusal in Enum.GetValues<Refusal>())
            {
                stats[$"refused{refusal}"] = _refused[(int)refusal];
            }

            return stats;
        }
    }

    private IEnumerable<int> Candidates(DecisionQuery query)
    {
        if ((query.Containing ?? query.Scope) is not { } scope)
        {
            return _table.Before(query.Before, query.Origin);
        }

        // At most 129 lengths times six origins: few enough to sort.
        return _table.Containing(scope).Where(slot => _table[slot].Id < query.Before).OrderByDescending(slot => _table[slot].Id);
    }

    private Decision ToDecision(int slot)
    {
        ref DecisionRow row = ref _table[slot];
        DecisionTable.Annotation? annotation = _table.AnnotationOf(slot);
        long expiry = _table.Expiry(slot);
        return new Decision(
            row.Id,
            row.Scope,
            row.Verdict,
            row.Origin,
            _words[row.Reason],
            row.Confidence / 10_000.0,
            Clock.ToDate(row.Start),
            expiry == long.MaxValue ? null : Clock.ToDate(expiry),
            annotation?.EvidenceIds ?? [],
            annotation?.Comment,
            _words[row.Actor])
        {
            Ends = expiry,
        };
    }
}
