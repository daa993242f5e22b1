using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;

namespace Blackwall.Pipeline.Board;

/// <summary>
/// The one authority on who is let in, limited, diverted or dropped, why, and until when: owners make claims about scopes, and what they come to
/// is derived by <see cref="Precedence"/>. The kernel maps, the store and the API are its projections. Thread-safe; one lock, held for microseconds
/// except by <see cref="WallProjection.Snapshot"/> and the first load.
/// </summary>
public sealed class VerdictBoard : IDecisionSink, IDisposable
{
    /// <summary>Ids of guard decisions lie below this: they are made anew by each process and never stored.</summary>
    public const long FirstStoredId = GuardSet.MaxEntries + 1;

    private const int ExpirySlice = 16_384;

    private readonly BoardAdmission _admission;
    private readonly ClaimWriter _writer;
    private readonly Reconciler _reconciler;
    private readonly DecisionLookup _lookup;
    private long _nextGuardId = 1;

    /// <param name="options">Bounds.</param>
    /// <param name="time">For dates.</param>
    /// <param name="observers">Who is told of every change.</param>
    /// <param name="clock">What ends are counted in; null: the wall clock.</param>
    public VerdictBoard(BoardOptions options, TimeProvider time, IEnumerable<IDecisionObserver> observers, SteadyClock? clock = null)
    {
        State = new BoardState(options, time, observers, clock ?? new SteadyClock(time));
        _admission = new BoardAdmission(State);
        _writer = new ClaimWriter(State);
        _reconciler = new Reconciler(State, _admission, _writer);
        _lookup = new DecisionLookup(State);
        Wall = new WallProjection(State);
        Store = new StoreProjection(State);
        Rules = new RuleBook(State, _admission, _writer, Store);
        Trial = new DryRun(State, _admission, _writer);
    }

    /// <summary>The time of the board: every start and end on it is milliseconds of this clock.</summary>
    public SteadyClock Clock => State.Clock;

    /// <summary>What the wall reads.</summary>
    public WallProjection Wall { get; }

    /// <summary>What the store reads and restores.</summary>
    public StoreProjection Store { get; }

    /// <summary>Changes of several of the operator's rules.</summary>
    public RuleBook Rules { get; }

    /// <summary>What a request would do.</summary>
    public DryRun Trial { get; }

    /// <summary>Counts up at every change.</summary>
    public long Version
    {
        get
        {
            lock (State.Lock)
            {
                return State.Version;
            }
        }
    }

    /// <summary>What nothing may touch, at this moment.</summary>
    public GuardSet Guarded
    {
        get
        {
            lock (State.Lock)
            {
                return State.Guard;
            }
        }
    }

    internal BoardState State { get; }

    public PublishResult Publish(DecisionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using (State.Enter())
        {
            long now = State.Now;
            request = _admission.Answerable(request);
            return _admission.Judge(request, now) is { } refusal ? _admission.Refuse(refusal) : _writer.Apply(request, now);
        }
    }

    public Evidence Witness(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        lock (State.Lock)
        {
            return State.WithId(evidence);
        }
    }

    /// <summary>Publishes all or nothing: the same request over many scopes. Refusals name the index of their scope; at most 100 of them.</summary>
    public IReadOnlyList<(int Index, string Sentence)> PublishAll(DecisionRequest template, IReadOnlyList<Prefix> scopes, out long version)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(scopes);
        using (State.Enter())
        {
            List<(int Index, string Sentence)> refusals = [];
            long now = State.Now;
            version = State.Version;
            foreach ((int index, (Refusal kind, string sentence)) in _admission.JudgeAll(template, scopes, now))
            {
                State.Refused[(int)kind]++;
                refusals.Add((index, sentence));
            }

            if (refusals.Count == 0)
            {
                _writer.ApplyAll(template, scopes, now);
                version = State.Version;
            }

            return refusals;
        }
    }

    /// <summary>
    /// Brings everything that an owner claims to a new state: what is new is added, what says something else is changed, and what is no longer said
    /// is taken away; all others' claims stay. Wall and store get all of it or nothing. The work is a look at each claim, and what differs; whoever
    /// decides about packets waits for a slice of it at most. An automatic claim whose time is more than half over is renewed with it.
    /// </summary>
    /// <param name="owner">Whose claims.</param>
    /// <param name="claims">All that it claims from now on. Of two about the same scope the first counts.</param>
    /// <param name="actor">Who does it, 1..64 characters; null: the owner.</param>
    public ReconcileResult Reconcile(ClaimOwner owner, IReadOnlyList<Claim> claims, string? actor = null)
    {
        ArgumentNullException.ThrowIfNull(claims);
        return _reconciler.Run(owner, claims, actor ?? owner.Name);
    }

    /// <summary>Hands claims of one owner to another of the same origin, as they are. Those that the other makes already stay where they are.</summary>
    /// <returns>How many.</returns>
    public int HandOver(ClaimOwner from, ClaimOwner to, IEnumerable<Prefix> scopes)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        return _reconciler.HandOver(from, to, scopes);
    }

    /// <summary>Changes an operator's decision in place; null: it is not there any more.</summary>
    public PublishResult? Amend(long decisionId, DecisionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using (State.Enter())
        {
            int slot = State.Table.Find(decisionId);
            long now = State.Now;
            if (slot < 0 || slot != State.OperatorRule(request.Scope, now))
            {
                return null;
            }

            return _admission.Judge(request, now, slot) is { } refusal ? _admission.Refuse(refusal) : _writer.Apply(request, now);
        }
    }

    /// <summary>Takes a decision away; what others claim of the scope stays. False: there is none of this id, or it is one of the guard's.</summary>
    public bool Lift(long decisionId, string actor, out Decision? lifted)
    {
        using (State.Enter())
        {
            int slot = State.Table.Find(decisionId);
            lifted = null;
            if (slot < 0 || State.Table[slot].Origin == Origin.Guard || State.Table.Expiry(slot) <= State.Now)
            {
                return false;
            }

            // A person who lifts says that it was a mistake: the next block starts at the first step again.
            State.Memory.Forget(State.Table[slot].Scope);
            lifted = _writer.End(slot, DecisionChangeKind.Lifted, actor);
            return true;
        }
    }

    /// <summary>Drops what has ended; returns how many. Called about once a second.</summary>
    public int ExpireDue()
    {
        Clock.Update();
        int expired = 0;
        bool more = true;
        while (more)
        {
            // In slices, so that neither packets' decisions nor the observers wait for a hundred thousand ends at once.
            using (State.Enter())
            {
                List<int> ended = [];
                State.Table.Rows.Ended(State.Now, ended, ExpirySlice);
                foreach (int slot in ended)
                {
                    _writer.End(slot, DecisionChangeKind.Expired, ClaimOwner.Appliance);
                }

                more = ended.Count == ExpirySlice;
                expired += ended.Count;
                State.Expired += ended.Count;
            }
        }

        return expired;
    }

    /// <summary>Swaps the guard set; what it lets pass shows up as guard decisions.</summary>
    public void Guard(GuardSet guard)
    {
        ArgumentNullException.ThrowIfNull(guard);
        using (State.Enter())
        {
            Dictionary<Prefix, GuardEntry> wanted = guard.Entries.Where(e => e.Pass).ToDictionary(e => e.Scope);
            foreach (int slot in State.Table.Before(long.MaxValue, Origin.Guard).ToArray())
            {
                if (!wanted.Remove(State.Table[slot].Scope, out GuardEntry? kept))
                {
                    _writer.End(slot, DecisionChangeKind.Lifted, ClaimOwner.Appliance);
                }
                else if (!string.Equals(State.Table.Rows.AnnotationOf(slot)?.Comment, kept.Why, StringComparison.Ordinal))
                {
                    State.Table.Rows.Annotate(slot, kept.Why, []);
                }
            }

            State.Guard = guard;
            long now = State.Now;
            foreach (GuardEntry entry in wanted.Values)
            {
                DecisionRequest request = new(entry.Scope, Verdict.Pass, Origin.Guard, "guard", 1, null, [], entry.Why, ClaimOwner.Appliance);
                _writer.Create(request, FreeGuardId(), now, long.MaxValue);
            }
        }
    }

    /// <summary>The guarded thing that shares an address with this scope; null: none.</summary>
    public GuardEntry? Guarding(Prefix scope) => Guarded.Overlapping(scope);

    /// <summary>The decision that wins for a scope among all whose scope contains it; null: nothing is decided.</summary>
    public Decision? Effective(Prefix scope) => _lookup.Effective(scope);

    /// <summary>Everything that is claimed of a scope, strongest first.</summary>
    public ScopeClaims ClaimsOf(Prefix scope) => _lookup.ClaimsOf(scope);

    /// <summary>What an owner speaks of, in no order.</summary>
    public IReadOnlyList<Prefix> ScopesOf(ClaimOwner owner) => _lookup.ScopesOf(owner);

    /// <summary>Who of this origin claims anything.</summary>
    public IReadOnlyList<ClaimOwner> OwnersOf(Origin origin) => _lookup.OwnersOf(origin);

    /// <summary>The decision in force of this id; null: none.</summary>
    public Decision? Find(long decisionId) => _lookup.Find(decisionId);

    public DecisionPage List(DecisionQuery query) => _lookup.List(query);

    public void Dispose() => State.Dispose();

    private long FreeGuardId()
    {
        while (State.Table.Find(_nextGuardId) >= 0)
        {
            _nextGuardId = (_nextGuardId % GuardSet.MaxEntries) + 1;
        }

        long id = _nextGuardId;
        _nextGuardId = (_nextGuardId % GuardSet.MaxEntries) + 1;
        return id;
    }
}
