using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>
/// Brings an owner's claims to a new state. What differs is found, and put on the board, a slice at a time: whoever decides about packets waits for
/// one slice at most, while wall and store see all of it or nothing (<see cref="BoardState.Together"/>).
/// </summary>
internal sealed class Reconciler(BoardState state, BoardAdmission admission, ClaimWriter writer)
{
    /// <summary>Claims looked at, or changed, under the lock at a time: well under a millisecond.</summary>
    private const int Slice = 256;

    /// <summary>Up to here the wall writes entries one by one, within microseconds; from here on they come into force as a generation, in one step.</summary>
    private const int MostSingleWrites = 64;

    /// <summary>Up to here each change is told by itself; more are told as one of each kind.</summary>
    private const int MostTold = 4096;

    private const int MostRefusals = 100;

    // One at a time: what was found to differ must still differ.
    private readonly Lock _one = new();

    public ReconcileResult Run(ClaimOwner owner, IReadOnlyList<Claim> claims, string actor)
    {
        lock (_one)
        {
            Difference difference = Compare(owner, claims);
            lock (state.Together)
            {
                return Apply(owner, claims, actor, difference);
            }
        }
    }

    public int HandOver(ClaimOwner from, ClaimOwner to, IEnumerable<Prefix> scopes)
    {
        int moved = 0;
        lock (_one)
        lock (state.Together)
        {
            foreach (Prefix[] slice in scopes.Chunk(Slice))
            {
                lock (state.Lock)
                {
                    moved += slice.Count(scope => HandOver(from, to, scope));
                }
            }
        }

        return moved;
    }

    private bool HandOver(ClaimOwner from, ClaimOwner to, Prefix scope)
    {
        int slot = state.Find(scope, from.Origin, from.Name);
        if (slot < 0 || from.Origin != to.Origin || state.Find(scope, to.Origin, to.Name) >= 0)
        {
            return false;
        }

        ClaimRow row = state.Table[slot];
        long expiry = state.Table.Expiry(slot);
        ClaimRows.Annotation? annotation = state.Table.Rows.AnnotationOf(slot);
        writer.Remove(slot);
        row.Owner = state.Owners.Intern(to.Name);
        slot = state.Table.Add(row, expiry);
        state.Table.Rows.Annotate(slot, annotation?.Comment, annotation?.EvidenceIds ?? []);
        state.Touch(new ClaimKey(scope, to.Origin, to.Name));
        return true;
    }

    private Difference Compare(ClaimOwner owner, IReadOnlyList<Claim> claims)
    {
        bool isKnown;
        ushort id;
        int[] owned;
        int used;
        lock (state.Lock)
        {
            isKnown = state.Owners.TryFind(owner.Name, out id);
            owned = isKnown ? state.Table.Owned.Copy(owner.Origin, id) : [];
            used = state.Table.Rows.Used;
        }

        Difference difference = new();
        bool[] said = new bool[used];
        for (int start = 0; start < claims.Count; start += Slice)
        {
            lock (state.Lock)
            {
                long now = state.Now;
                for (int i = start; i < Math.Min(start + Slice, claims.Count); i++)
                {
                    Claim claim = claims[i];
                    int slot = isKnown ? state.Table.Find(claim.Scope, owner.Origin, id) : -1;
                    if (slot < 0 || slot >= used)
                    {
                        difference.Added.Add(i);
                    }
                    else if (!said[slot])
                    {
                        said[slot] = true;
                        if (Says(slot, claim, owner.Origin, now))
                        {
                            difference.Kept++;
                        }
                        else
                        {
                            difference.Altered.Add(i);
                        }
                    }
                }
            }
        }

        difference.Gone.AddRange(owned.Where(slot => !said[slot]));
        return difference;
    }

    /// <summary>Whether a claim on the board says this already, and for long enough.</summary>
    private bool Says(int slot, in Claim claim, Origin origin, long now)
    {
        ref ClaimRow row = ref state.Table[slot];
        if (row.Verdict != admission.Answerable(claim.Verdict, claim.Scope, origin)
            || row.Confidence != (ushort)Math.Round(claim.Confidence * 10_000)
            || !string.Equals(state.Words[row.Reason], claim.Reason, StringComparison.Ordinal)
            || !string.Equals(state.Table.Rows.AnnotationOf(slot)?.Comment, claim.Comment, StringComparison.Ordinal))
        {
            return false;
        }

        long ends = state.Table.Expiry(slot);
        if (Lasting(claim, origin) is not { } ttl)
        {
            return ends == long.MaxValue;
        }

        // An end that is a second off is the same end.
        double left = ends - (double)now;
        return left >= ttl.TotalMilliseconds / 2 && left <= ttl.TotalMilliseconds + 1000;
    }

    private ReconcileResult Apply(ClaimOwner owner, IReadOnlyList<Claim> claims, string actor, Difference difference)
    {
        Outcome outcome = new(state, difference.Size <= MostTold, actor);
        lock (state.Lock)
        {
            if (owner.Origin == Origin.Guard || admission.Exceeds(owner.Origin, difference.Added.Count - difference.Gone.Count, () => difference.Added.Count - difference.Gone.Count))
            {
                return new ReconcileResult(0, 0, 0, difference.Kept, 0, [], state.Version)
                {
                    Failure = owner.Origin == Origin.Guard ? "Guard decisions come from the guard set alone." : admission.Full().Sentence,
                };
            }

            if (difference.Size == 0)
            {
                return new ReconcileResult(0, 0, 0, difference.Kept, 0, [], state.Version);
            }

            Announce(difference.Size);
        }

        InSlices(difference.Gone, slot =>
        {
            if (IsOf(slot, owner))
            {
                outcome.Removed(writer.Remove(slot));
            }
        });
        InSlices(difference.Altered, index => Apply(owner, claims[index], index, isNew: false, actor, outcome));
        InSlices(difference.Added, index => Apply(owner, claims[index], index, isNew: true, actor, outcome));
        using (state.Enter())
        {
            outcome.Notify();
            return outcome.Result(difference.Kept, state.Version);
        }
    }

    /// <summary>The projections take what comes now in one step.</summary>
    private void Announce(int size)
    {
        state.Transitions++;
        state.IsTransitionUnsaved = true;
        if (size > MostSingleWrites)
        {
            state.Unenforced.Invalidate();
        }

        // Where most is new, the store writes everything anew sooner than so many rows one by one.
        if (size > state.Table.Count)
        {
            state.Unsaved.Invalidate();
        }
    }

    private void InSlices(List<int> items, Action<int> act)
    {
        for (int start = 0; start < items.Count; start += Slice)
        {
            using (state.Enter())
            {
                for (int i = start; i < Math.Min(start + Slice, items.Count); i++)
                {
                    act(items[i]);
                }
            }
        }
    }

    private bool IsOf(int slot, ClaimOwner owner)
    {
        ref ClaimRow row = ref state.Table[slot];
        return row.Id != 0 && row.Origin == owner.Origin && string.Equals(state.Owners[row.Owner], owner.Name, StringComparison.Ordinal) && state.Table.Expiry(slot) > state.Now;
    }

    private void Apply(ClaimOwner owner, in Claim claim, int index, bool isNew, string actor, Outcome outcome)
    {
        long now = state.Now;
        int slot = state.Find(claim.Scope, owner.Origin, owner.Name);
        if (isNew && slot >= 0 && state.Table.Expiry(slot) > now)
        {
            // Said before in the same list.
            return;
        }

        DecisionRequest request = new(
            claim.Scope,
            admission.Answerable(claim.Verdict, claim.Scope, owner.Origin),
            owner.Origin,
            claim.Reason,
            claim.Confidence,
            Lasting(claim, owner.Origin),
            claim.Evidence is null ? [] : [.. claim.Evidence.Take(Admission.MaxEvidence).Select(state.WithId)],
            claim.Comment,
            actor)
        {
            Owner = owner.Name,
            IsVouched = claim.IsVouched,
        };
        if (admission.JudgeAlone(request, now, slot) is { } refusal)
        {
            state.Refused[(int)refusal.Kind]++;
            outcome.Refused(new ClaimRefusal(index, claim.Scope, refusal.Sentence), MostRefusals);
            return;
        }

        if (slot >= 0 && state.Table.Expiry(slot) <= now)
        {
            writer.End(slot, DecisionChangeKind.Expired, ClaimOwner.Appliance);
            state.Expired++;
            slot = -1;
        }

        long expiry = writer.ExpiryOf(request, now);
        if (slot >= 0)
        {
            writer.Replace(slot, request, expiry);
            state.Table.Rows.Annotate(slot, request.Comment, [.. request.Evidence.Select(e => e.Id)]);
            outcome.Altered(slot, request.Evidence);
        }
        else
        {
            outcome.Added(writer.Place(request, state.NewId(), now, expiry), request.Evidence);
        }
    }

    // What is automatic ends by itself even when its owner is never heard of again.
    private TimeSpan? Lasting(in Claim claim, Origin origin)
    {
        if (origin == Origin.Operator)
        {
            return claim.Ttl;
        }

        return claim.Ttl is { } ttl && ttl < state.Options.MaxTtl ? ttl : state.Options.MaxTtl;
    }

    /// <summary>What an owner says now against what is on the board: indexes of claims, and slots.</summary>
    private sealed class Difference
    {
        public List<int> Added { get; } = [];

        public List<int> Altered { get; } = [];

        public List<int> Gone { get; } = [];

        public int Kept { get; set; }

        public int Size => Added.Count + Altered.Count + Gone.Count;
    }

    /// <summary>Counts what was done and tells of it: each by itself, or each kind once when they are many.</summary>
    private sealed class Outcome(BoardState state, bool isTold, string actor)
    {
        private readonly List<ClaimRefusal> _refusals = [];
        private int _added;
        private int _altered;
        private int _removed;
        private int _refused;
        private int _lastAdded = -1;
        private int _lastAltered = -1;
        private Decision? _lastRemoved;

        public void Added(int slot, IReadOnlyList<Evidence> evidence) => Made(DecisionChangeKind.Created, slot, evidence, ref _added, ref _lastAdded);

        public void Altered(int slot, IReadOnlyList<Evidence> evidence) => Made(DecisionChangeKind.Renewed, slot, evidence, ref _altered, ref _lastAltered);

        public void Removed(Decision ended)
        {
            _removed++;
            _lastRemoved = ended;
            if (isTold)
            {
                state.AddChange(new DecisionChange(DecisionChangeKind.Lifted, ended, [], state.Time.GetUtcNow(), actor));
            }
        }

        public void Refused(ClaimRefusal refusal, int most)
        {
            _refused++;
            if (_refusals.Count < most)
            {
                _refusals.Add(refusal);
            }
        }

        /// <summary>Tells of each kind once, when they were not told one by one.</summary>
        public void Notify()
        {
            if (isTold)
            {
                return;
            }

            Notify(DecisionChangeKind.Lifted, _lastRemoved, _removed);
            Notify(DecisionChangeKind.Renewed, _lastAltered < 0 ? null : state.ToDecision(_lastAltered), _altered);
            Notify(DecisionChangeKind.Created, _lastAdded < 0 ? null : state.ToDecision(_lastAdded), _added);
        }

        public ReconcileResult Result(int kept, long version) => new(_added, _altered, _removed, kept, _refused, _refusals, version);

        private void Made(DecisionChangeKind kind, int slot, IReadOnlyList<Evidence> evidence, ref int count, ref int last)
        {
            count++;
            last = slot;
            ref ClaimRow row = ref state.Table[slot];
            state.Touch(new ClaimKey(row.Scope, row.Origin, state.Owners[row.Owner]));
            if (isTold || evidence.Count > 0)
            {
                state.AddChange(new DecisionChange(kind, state.ToDecision(slot), evidence, state.Time.GetUtcNow(), actor));
            }
        }

        private void Notify(DecisionChangeKind kind, Decision? last, int count)
        {
            if (last is not null)
            {
                state.AddChange(new DecisionChange(kind, last, [], state.Time.GetUtcNow(), actor, count));
            }
        }
    }
}
