using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>
/// The board as the wall sees it: what shall stand in the kernel, what of it is to be written, and which version the kernel acts on. Thread-safe.
/// </summary>
public sealed class WallProjection
{
    private readonly BoardState _state;
    private readonly EnforcementGate _gate = new();
    private HashSet<Prefix>? _inFlight = [];
    private long _inFlightVersion;

    internal WallProjection(BoardState state) => _state = state;

    /// <summary>The version that the wall acts on.</summary>
    public long EnforcedVersion => _gate.Enforced;

    /// <summary>
    /// The single changes since the last drain are not all known (after the restore, or when far too many waited), or belong together: build a
    /// generation from <see cref="Snapshot"/>. True until one was taken.
    /// </summary>
    public bool SnapshotNeeded
    {
        get
        {
            lock (_state.Lock)
            {
                return _state.Unenforced.Overflowed;
            }
        }
    }

    /// <summary>
    /// What the wall shall hold under exactly this key. False when no claim in force names the scope: then remove the key, and
    /// the next wider one decides. (<see cref="VerdictBoard.Effective"/> would answer with that wider one, and nobody would mark this key when it changes.)
    /// </summary>
    public bool TryEntry(Prefix scope, out PolicyEntry entry)
    {
        lock (_state.Lock)
        {
            long now = _state.Now;
            ClaimTable table = _state.Table;
            entry = default;
            if (!table.IsListed(scope))
            {
                return false;
            }

            Timeline timeline = default;
            foreach (int slot in table.Containing(scope))
            {
                timeline = timeline.With(table[slot], table.Expiry(slot), now);
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
        lock (_state.Together)
        lock (_state.Lock)
        {
            _state.Changed.Reset();
            HashSet<Prefix> touched = [];
            _state.Unenforced.Drain(touched);
            foreach (Prefix prefix in touched.Where(p => !p.IsHost).ToArray())
            {
                foreach (int slot in _state.Table.Inside(prefix))
                {
                    touched.Add(_state.Table[slot].Scope);
                }
            }

            into.AddRange(touched);
            (_inFlight, _inFlightVersion) = (touched, _state.Version);
            return _state.Version;
        }
    }

    /// <summary>Held until disposed: no claims that belong together change meanwhile. Decisions about packets go on.</summary>
    public Lock.Scope HoldStill() => _state.Together.EnterScope();

    /// <summary>The whole policy: each listed scope with what decides it. One sweep in order of scope.</summary>
    public BoardSnapshot Snapshot()
    {
        lock (_state.Together)
        lock (_state.Lock)
        {
            _state.Changed.Reset();
            _state.Unenforced.Reset();
            (_inFlight, _inFlightVersion) = (null, _state.Version);
            return new BoardSnapshot(_state.Version, PolicySweep.Run(_state.Table, _state.Now));
        }
    }

    /// <summary>Scopes whose entries the wall has to write again; they count as not enforced until then.</summary>
    public void ReturnDirty(IEnumerable<Prefix> scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        lock (_state.Lock)
        {
            foreach (Prefix scope in scopes)
            {
                _state.Unenforced.Add(scope);
            }

            _state.Changed.Set();
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
        lock (_state.Lock)
        {
            Prefix? last = after;
            int taken = 0;
            foreach (int slot in _state.Table.After(after))
            {
                Prefix scope = _state.Table[slot].Scope;
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

    /// <summary>Discards changes for the wall and returns the version; for an appliance without a wall.</summary>
    public long Discard()
    {
        lock (_state.Together)
        lock (_state.Lock)
        {
            _state.Changed.Reset();
            _state.Unenforced.Reset();
            (_inFlight, _inFlightVersion) = (null, _state.Version);
            return _state.Version;
        }
    }

    /// <summary>The wall's content is in doubt: it must build a generation from <see cref="Snapshot"/>.</summary>
    public void RequireSnapshot()
    {
        lock (_state.Lock)
        {
            _state.Unenforced.Invalidate();
            _state.Changed.Set();
        }
    }

    /// <summary>The wall acts on this version now.</summary>
    public void MarkEnforced(long version) => _gate.Mark(version);

    /// <summary>Whether the wall holds what the board says about this scope.</summary>
    public bool IsEnforced(Prefix scope)
    {
        lock (_state.Lock)
        {
            if (_state.Unenforced.Overflowed || _state.Unenforced.Contains(scope))
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
    public bool WaitForChange(TimeSpan timeout) => _state.Changed.Wait(timeout);

    /// <summary>As <see cref="WaitForChange(TimeSpan)"/>; throws when cancelled.</summary>
    public bool WaitForChange(TimeSpan timeout, CancellationToken cancellationToken) => _state.Changed.Wait(timeout, cancellationToken);

    /// <summary>Lets <see cref="WaitForChange(TimeSpan)"/> return though nothing changed.</summary>
    public void Wake() => _state.Changed.Set();
}
