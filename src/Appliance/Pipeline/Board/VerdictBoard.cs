using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;

namespace Blackwall.Pipeline.Board;

/// <summary>
/// The one authority on who is let in, limited, diverted or dropped, why, and until when. The kernel maps, the store and the API are its
/// projections. Thread-safe; one lock, held for microseconds except by <see cref="Snapshot"/> and the first load.
/// </summary>
public sealed partial class VerdictBoard : IDecisionSink, IStatsSource, IDisposable
{
    /// <summary>Ids of guard decisions lie below this: they are made anew by each process and never stored.</summary>
    public const long FirstStoredId = GuardSet.MaxEntries + 1;

    private const int ExpirySlice = 16_384;

    private readonly Lock _lock = new();
    private readonly WordTable _words = new();
    private readonly BoardOptions _options;
    private readonly TimeProvider _time;
    private readonly ChangeFeed _feed;
    private readonly EscalationMemory _memory;
    private readonly ChangeSet<Prefix> _unenforced;
    private readonly ChangeSet<DecisionKey> _unsaved;
    private readonly long[] _refused = new long[Enum.GetValues<Refusal>().Length];
    private readonly ManualResetEventSlim _changed = new(initialState: false, spinCount: 0);
    private readonly EnforcementGate _gate = new();
    private DecisionTable _table = new();
    private GuardSet _guard = GuardSet.Empty;
    private long _version;
    private long _nextId = FirstStoredId;
    private long _nextEvidenceId = 1;
    private long _nextGuardId = 1;
    private long _expired;
    private long _coalesced;

    /// <param name="options">Bounds.</param>
    /// <param name="time">For dates.</param>
    /// <param name="observers">Who is told of every change.</param>
    /// <param name="clock">What ends are counted in; null: the wall clock.</param>
    public VerdictBoard(BoardOptions options, TimeProvider time, IEnumerable<IDecisionObserver> observers, SteadyClock? clock = null)
    {
        Clock = clock ?? new SteadyClock(time);
        _options = options;
        _time = time;
        _feed = new ChangeFeed(observers);
        _memory = new EscalationMemory(options.MaxRemembered, options.Memory);
        _unenforced = new ChangeSet<Prefix>(options.MaxDecisions);
        _unsaved = new ChangeSet<DecisionKey>(options.MaxDecisions);
    }

    /// <summary>The time of the board: every start and end on it is milliseconds of this clock.</summary>
    public SteadyClock Clock { get; }

    /// <summary>Counts up at every change.</summary>
    public long Version
    {
        get
        {
            lock (_lock)
            {
                return _version;
            }
        }
    }

    public PublishResult Publish(DecisionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using (Enter())
        {
            long now = Now();
            request = Answerable(request);
            return Judge(request, now, amended: -1) is { } refusal ? Refuse(refusal) : Apply(request, now);
        }
    }

    public Evidence Witness(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        lock (_lock)
        {
            return evidence.Id != 0 ? evidence : evidence with { Id = _nextEvidenceId++ };
        }
    }

    /// <summary>Publishes all or nothing: the same request over many scopes. Refusals name the index of their scope; at most 100 of them.</summary>
    public IReadOnlyList<(int Index, string Sentence)> PublishAll(DecisionRequest template, IReadOnlyList<Prefix> scopes, out long version)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(scopes);
        using (Enter())
        {
            List<(int Index, string Sentence)> refusals = [];
            long now = Now();
            version = _version;
            foreach ((int index, (Refusal kind, string sentence)) in JudgeAll(template, scopes, now))
            {
                _refused[(int)kind]++;
                refusals.Add((index, sentence));
            }

            if (refusals.Count == 0)
            {
                ApplyAll(template, scopes, now);
                version = _version;
            }

            return refusals;
        }
    }

    /// <summary>Changes an operator's decision in place; null: it is not there any more.</summary>
    public PublishResult? Amend(long decisionId, DecisionRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using (Enter())
        {
            int slot = _table.Find(decisionId);
            long now = Now();
            if (slot < 0 || _table[slot].Origin != Origin.Operator || _table[slot].Scope != request.Scope || _table.Expiry(slot) <= now)
            {
                return null;
            }

            return Judge(request, now, slot) is { } refusal ? Refuse(refusal) : Apply(request, now);
        }
    }

    /// <summary>Takes a decision away. False: there is none of this id, or it is one of the guard's.</summary>
    public bool Lift(long decisionId, string actor, out Decision? lifted)
    {
        using (Enter())
        {
            int slot = _table.Find(decisionId);
            lifted = null;
            if (slot < 0 || _table[slot].Origin == Origin.Guard || _table.Expiry(slot) <= Now())
            {
                return false;
            }

            // A person who lifts says that it was a mistake: the next block starts at the first step again.
            _memory.Forget(_table[slot].Scope);
            lifted = End(slot, DecisionChangeKind.Lifted, actor);
            return true;
        }
    }

    /// <summary>Drops what has ended; returns how many. Called about once a second.</summary>
    public int ExpireDue()
    {
        Clock.Look();
        int expired = 0;
        bool more = true;
        while (more)
        {
            // In slices, so that neither packets' decisions nor the observers wait for a hundred thousand ends at once.
            using (Enter())
            {
                List<int> ended = [];
                _table.Ended(Now(), ended, ExpirySlice);
                foreach (int slot in ended)
                {
                    End(slot, DecisionChangeKind.Expired, "appliance");
                }

                more = ended.Count == ExpirySlice;
                expired += ended.Count;
                _expired += ended.Count;
            }
        }

        return expired;
    }

    /// <summary>Swaps the guard set; what it lets pass shows up as guard decisions.</summary>
    public void Guard(GuardSet guard)
    {
        ArgumentNullException.ThrowIfNull(guard);
        using (Enter())
        {
            Dictionary<Prefix, GuardEntry> wanted = guard.Entries.Where(e => e.Pass).ToDictionary(e => e.Scope);
            foreach (int slot in _table.Before(long.MaxValue, Origin.Guard).ToArray())
            {
                if (!wanted.Remove(_table[slot].Scope, out GuardEntry? kept))
                {
                    End(slot, DecisionChangeKind.Lifted, "appliance");
                }
                else if (!string.Equals(_table.AnnotationOf(slot)?.Comment, kept.Why, StringComparison.Ordinal))
                {
                    _table.Annotate(slot, kept.Why, []);
                }
            }

            _guard = guard;
            long now = Now();
            foreach (GuardEntry entry in wanted.Values)
            {
                DecisionRequest request = new(entry.Scope, Verdict.Pass, Origin.Guard, "guard", 1, null, [], entry.Why, "appliance");
                Create(request, FreeGuardId(), now, long.MaxValue);
            }
        }
    }

    public void Dispose() => _changed.Dispose();

    /// <param name="request">What is asked for.</param>
    /// <param name="now">Milliseconds of the board's clock.</param>
    /// <param name="amended">The rule that is edited; -1: none.</param>
    /// <param name="removed">Scopes whose rules go in the same change.</param>
    private (Refusal Kind, string Sentence)? Judge(DecisionRequest request, long now, int amended, HashSet<Prefix>? removed = null)
    {
        if (Admission.Judge(request, _guard) is { } refusal)
        {
            return refusal;
        }

        if (request.Verdict == Verdict.RedirectToTarpit && !CanRedirect(request.Scope))
        {
            int family = request.Scope.IsV4 ? 4 : 6;
            return (Refusal.NoTarpit, $"No tarpit is configured for IPv{family} (kernel.tarpit.address{family} and port{family}); redirected packets would simply pass.");
        }

        if (request.Verdict != Verdict.Pass && Allowing(request.Scope, now, amended, removed) is { } allow)
        {
            return (Refusal.OperatorAllow, request.Origin == Origin.Operator
                ? $"{request.Scope} overlaps the allow rule {_table[allow].Id} for {_table[allow].Scope}; remove that rule first."
                : $"{request.Scope} overlaps the operator's allow rule for {_table[allow].Scope}.");
        }

        bool known = _table.Find(new DecisionKey(request.Scope, request.Origin)) >= 0;
        if (!known && ForgeableShare.IsForgeable(request.Origin, request.Verdict) && _table.CountOf(Verdict.RateLimit) >= _options.MaxDecisions / 4)
        {
            return (Refusal.Full, $"A quarter of the board is rate limits ({_table.CountOf(Verdict.RateLimit)}); the rest is kept for what is proven.");
        }

        return known || _table.Count < Capacity(request.Origin) ? null : Full();
    }

    /// <summary>An operator's allow rule that shares an address with this scope.</summary>
    private int? Allowing(Prefix scope, long now, int amended, HashSet<Prefix>? removed)
    {
        if (_table.CountOf(Verdict.Pass) == _table.CountOf(Origin.Guard))
        {
            return null;
        }

        IEnumerable<int> overlapping = scope.IsHost ? _table.Containing(scope) : _table.Containing(scope).Concat(_table.Inside(scope));
        foreach (int slot in overlapping)
        {
            ref DecisionRow row = ref _table[slot];
            if (row.Origin == Origin.Operator && row.Verdict == Verdict.Pass && slot != amended && _table.Expiry(slot) > now && removed?.Contains(row.Scope) != true)
            {
                return slot;
            }
        }

        return null;
    }

    private int Capacity(Origin origin) =>
        origin is Origin.Operator or Origin.Guard ? _options.MaxDecisions : _options.MaxDecisions - (_options.MaxDecisions / 64);

    private (Refusal Kind, string Sentence) Full() =>
        (Refusal.Full, $"The board is full ({_table.Count} decisions); lift some, or raise storage.max_decisions.");

    private PublishResult Refuse((Refusal Kind, string Sentence) refusal)
    {
        _refused[(int)refusal.Kind]++;
        return new PublishResult(null, refusal.Sentence, _version) { Field = FieldOf(refusal.Kind) };
    }

    private static string? FieldOf(Refusal kind) => kind == Refusal.NoTarpit ? "verdict" : null;

    private bool CanRedirect(Prefix scope) => scope.IsV4 ? _options.CanRedirect4 : _options.CanRedirect6;

    /// <summary>Detection knows of one tarpit for both families; where its own has none, a proven attacker is dropped instead of let through.</summary>
    private DecisionRequest Answerable(DecisionRequest request) =>
        request.Origin != Origin.Operator && request.Verdict == Verdict.RedirectToTarpit && !CanRedirect(request.Scope) ? request with { Verdict = Verdict.Drop } : request;

    private long FreeGuardId()
    {
        while (_table.Find(_nextGuardId) >= 0)
        {
            _nextGuardId = (_nextGuardId % GuardSet.MaxEntries) + 1;
        }

        long id = _nextGuardId;
        _nextGuardId = (_nextGuardId % GuardSet.MaxEntries) + 1;
        return id;
    }

    private void Changed(int slot, DecisionChangeKind kind, IReadOnlyList<Evidence> evidence, string actor)
    {
        ref DecisionRow row = ref _table[slot];
        Touch(new DecisionKey(row.Scope, row.Origin));
        Tell(new DecisionChange(kind, ToDecision(slot), evidence, _time.GetUtcNow(), actor));
    }

    private void Touch(DecisionKey key)
    {
        _version++;
        _unenforced.Add(key.Scope);
        if (key.Origin != Origin.Guard)
        {
            _unsaved.Add(key);
        }

        _changed.Set();
    }

    private void Tell(DecisionChange change) => _feed.Note(change);

    /// <summary>Takes the lock to change something; observers are told after it is given back.</summary>
    private Changing Enter() => new(this);

    private long Now() => Clock.Now;

    /// <summary>The lock, and the telling after it.</summary>
    private readonly ref struct Changing
    {
        private readonly VerdictBoard _board;

        public Changing(VerdictBoard board)
        {
            _board = board;
            board._lock.Enter();
        }

        public void Dispose()
        {
            _board._lock.Exit();
            _board._feed.Tell();
        }
    }
}
