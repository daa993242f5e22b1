using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;

namespace Blackwall.Pipeline.Board;

/// <summary>What the parts of the board share: the claims, the guard set, what the projections have yet to do, and the lock over all of it.</summary>
internal sealed class BoardState(BoardOptions options, TimeProvider time, IEnumerable<IDecisionObserver> observers, SteadyClock clock) : IDisposable
{
    private readonly ChangeFeed _feed = new(observers);
    private long _nextId = VerdictBoard.FirstStoredId;
    private long _nextEvidenceId = 1;

    /// <summary>Over everything here. Held for microseconds, except by a sweep over the whole policy and the first load.</summary>
    public Lock Lock { get; } = new();

    /// <summary>
    /// Taken before <see cref="Lock"/> by whoever makes a change that belongs together in several steps, and by the projections when they read:
    /// they see all of it or nothing. What decides about packets never waits for it.
    /// </summary>
    public Lock Together { get; } = new();

    public BoardOptions Options => options;

    public TimeProvider Time => time;

    public SteadyClock Clock => clock;

    /// <summary>Reasons and actors.</summary>
    public WordTable Words { get; } = new();

    /// <summary>Names of owners.</summary>
    public WordTable Owners { get; } = new();

    public ClaimTable Table { get; set; } = new();

    public GuardSet Guard { get; set; } = GuardSet.Empty;

    public EscalationMemory Memory { get; } = new(options.MaxRemembered, options.Memory);

    /// <summary>Scopes that the wall has to bring up to date.</summary>
    public ChangeSet<Prefix> Unenforced { get; } = new(options.MaxDecisions);

    /// <summary>Claims that the store has to bring up to date.</summary>
    public ChangeSet<ClaimKey> Unsaved { get; } = new(options.MaxDecisions);

    /// <summary>Set when something waits for the wall.</summary>
    public ManualResetEventSlim Changed { get; } = new(initialState: false, spinCount: 0);

    /// <summary>Counts up at every change.</summary>
    public long Version { get; set; }

    /// <summary>How many changes of several claims that belong together were made.</summary>
    public long Transitions { get; set; }

    /// <summary>Whether such a change waits for the store, which then takes everything in one transaction.</summary>
    public bool IsTransitionUnsaved { get; set; }

    /// <summary>Refused requests by <see cref="Refusal"/>.</summary>
    public long[] Refused { get; } = new long[Enum.GetValues<Refusal>().Length];

    public long Expired { get; set; }

    public long Coalesced { get; set; }

    /// <summary>The last ids given to a claim and to evidence.</summary>
    public (long Decision, long Evidence) LastIds => (_nextId - 1, _nextEvidenceId - 1);

    /// <summary>Milliseconds of the board's clock.</summary>
    public long Now => clock.Now;

    public long NewId() => _nextId++;

    public Evidence WithId(Evidence evidence) => evidence.Id != 0 ? evidence : evidence with { Id = _nextEvidenceId++ };

    /// <summary>Ids go on at these, or above what was given already.</summary>
    public void SkipIds(long decision, long evidence) => (_nextId, _nextEvidenceId) = (Math.Max(_nextId, decision), Math.Max(_nextEvidenceId, evidence));

    /// <summary>The slot of a claim, ended or not; -1: there is none.</summary>
    public int Find(Prefix scope, Origin origin, string owner) => Owners.TryFind(owner, out ushort id) ? Table.Find(scope, origin, id) : -1;

    public int Find(in ClaimKey key) => Find(key.Scope, key.Origin, key.Owner);

    /// <summary>The slot of the rule that operators made for exactly this scope; -1: none is in force.</summary>
    public int OperatorRule(Prefix scope, long now) =>
        Find(scope, Origin.Operator, ClaimOwner.Operator) is >= 0 and int slot && Table.Expiry(slot) > now ? slot : -1;

    public Decision ToDecision(int slot)
    {
        ref ClaimRow row = ref Table[slot];
        ClaimRows.Annotation? annotation = Table.Rows.AnnotationOf(slot);
        long expiry = Table.Expiry(slot);
        return new Decision(
            row.Id,
            row.Scope,
            row.Verdict,
            row.Origin,
            Words[row.Reason],
            row.Confidence / 10_000.0,
            clock.ToDate(row.Start),
            expiry == long.MaxValue ? null : clock.ToDate(expiry),
            annotation?.EvidenceIds ?? [],
            annotation?.Comment,
            Words[row.Actor])
        {
            Owner = Owners[row.Owner],
            Ends = expiry,
        };
    }

    /// <summary>A claim was made, changed or taken away: both projections have to follow.</summary>
    public void Touch(in ClaimKey key)
    {
        Version++;
        Unenforced.Add(key.Scope);
        if (key.Origin != Origin.Guard)
        {
            Unsaved.Add(key);
        }

        Changed.Set();
    }

    /// <summary>Notes what changed; observers are told once the lock is given back.</summary>
    public void AddChange(DecisionChange change) => _feed.Add(change);

    /// <summary>Changes that were too many at once to be told.</summary>
    public long Untold => _feed.Untold;

    /// <summary>Takes the lock to change something; observers are told after it is given back.</summary>
    public Changing Enter() => new(this);

    public void Dispose() => Changed.Dispose();

    /// <summary>The lock, and the telling after it.</summary>
    public readonly ref struct Changing
    {
        private readonly BoardState _state;

        public Changing(BoardState state)
        {
            _state = state;
            state.Lock.Enter();
        }

        public void Dispose()
        {
            _state.Lock.Exit();
            _state._feed.Deliver();
        }
    }
}
