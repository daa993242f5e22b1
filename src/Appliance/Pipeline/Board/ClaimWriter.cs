using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>How a claim is made, renewed and ended. Called under the board's lock, after <see cref="BoardAdmission"/>.</summary>
internal sealed class ClaimWriter(BoardState state)
{
    /// <summary>From here on an import is placed at once.</summary>
    private const int BulkSize = 4096;

    /// <summary>A century: a date that any calendar can show, whatever the clock was set to.</summary>
    private const double LongestOfOperator = 100.0 * 366 * 86_400_000;

    public PublishResult Apply(DecisionRequest request, long now)
    {
        request = request with { Evidence = [.. request.Evidence.Take(Admission.MaxEvidence).Select(state.WithId)] };
        int slot = state.Find(request.Scope, request.Origin, request.Owner);
        Decision? replaced = null;
        if (slot >= 0 && state.Table.Expiry(slot) <= now)
        {
            End(slot, DecisionChangeKind.Expired, ClaimOwner.Appliance);
            state.Expired++;
            slot = -1;
        }

        if (slot < 0)
        {
            slot = Create(request, state.NewId(), now, ExpiryOf(request, now));
        }
        else
        {
            // The previous decision is only reported to a person.
            replaced = request.Origin == Origin.Operator ? state.ToDecision(slot) : null;
            Renew(slot, request, now);
        }

        return new PublishResult(state.ToDecision(slot), null, state.Version, replaced);
    }

    public void ApplyAll(DecisionRequest template, IReadOnlyList<Prefix> scopes, long now)
    {
        List<Prefix> added = new(scopes.Count);
        ushort owner = state.Owners.Intern(template.Owner);
        foreach (Prefix scope in scopes)
        {
            if (scopes.Count < BulkSize || state.Table.Find(scope, template.Origin, owner) >= 0)
            {
                Apply(template with { Scope = scope }, now);
            }
            else
            {
                added.Add(scope);
            }
        }

        if (added.Count > 0)
        {
            CreateAll(template, added, now);
        }
    }

    /// <summary>Runs of requests that differ in their scope alone are placed as one.</summary>
    public void PutAll(IReadOnlyList<DecisionRequest> requests, long now)
    {
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

    public int Create(DecisionRequest request, long id, long now, long expiry)
    {
        int slot = Place(request, id, now, expiry);
        if (Escalates(request))
        {
            state.Memory.Remember(request.Scope, now, expiry);
        }

        Changed(slot, DecisionChangeKind.Created, request.Evidence, request.Actor);
        return slot;
    }

    /// <summary>Puts a claim on the board; telling of it is the caller's.</summary>
    public int Place(DecisionRequest request, long id, long now, long expiry)
    {
        int slot = state.Table.Add(RowOf(request, request.Scope, id, now), expiry);
        state.Table.Rows.Annotate(slot, request.Comment, [.. request.Evidence.Select(e => e.Id)]);
        return slot;
    }

    public Decision End(int slot, DecisionChangeKind kind, string actor)
    {
        Decision ended = Remove(slot);
        state.AddChange(new DecisionChange(kind, ended, [], state.Time.GetUtcNow(), actor));
        return ended;
    }

    /// <summary>Takes a claim off the board; telling of it is the caller's.</summary>
    public Decision Remove(int slot)
    {
        Decision ended = state.ToDecision(slot);
        state.Table.Remove(slot);
        state.Touch(ended.Key);
        return ended;
    }

    /// <summary>Gives a claim what its owner says now, as it is; telling of it is the caller's.</summary>
    public void Replace(int slot, DecisionRequest request, long expiry)
    {
        ref ClaimRow row = ref state.Table[slot];
        state.Table.Rows.SetVerdict(slot, request.Verdict);
        state.Table.Rows.SetExpiry(slot, expiry);
        row.Reason = state.Words.Intern(request.Reason);
        row.Actor = state.Words.Intern(request.Actor);
        row.Confidence = (ushort)Math.Round(request.Confidence * 10_000);
    }

    /// <summary>Milliseconds at which it ends. A repetition counts when the block before has ended, not while it runs.</summary>
    public long ExpiryOf(DecisionRequest request, long now, bool running = false)
    {
        if (request.Ttl is null && request.Origin == Origin.Operator)
        {
            return long.MaxValue;
        }

        double ttl = request.Ttl?.TotalMilliseconds ?? 0;
        if (request.Ttl is null)
        {
            ttl = state.Options.FirstTtl.TotalMilliseconds;
            if (Escalates(request))
            {
                int times = state.Memory.Times(request.Scope, now);
                ttl *= Math.Pow(state.Options.Escalation, Math.Max(0, running ? times - 1 : times));
            }
        }

        double longest = request.Origin == Origin.Operator ? LongestOfOperator : state.Options.MaxTtl.TotalMilliseconds;
        return now + Math.Max(1, (long)Math.Min(ttl, longest));
    }

    public void Changed(int slot, DecisionChangeKind kind, IReadOnlyList<Evidence> evidence, string actor)
    {
        Decision decision = state.ToDecision(slot);
        state.Touch(decision.Key);
        state.AddChange(new DecisionChange(kind, decision, evidence, state.Time.GetUtcNow(), actor));
    }

    /// <summary>Puts many new scopes on the board: sorted and merged at once, and told to the observers as one change.</summary>
    private void CreateAll(DecisionRequest template, List<Prefix> scopes, long now)
    {
        scopes.Sort();
        ClaimRow[] rows = new ClaimRow[scopes.Count];
        long[] expiries = new long[scopes.Count];
        ClaimRow like = RowOf(template, default, 0, now);
        bool mostly = scopes.Count > state.Table.Count;
        string owner = template.Owner;
        long endOfOperator = ExpiryOf(template, now);
        int count = 0;
        foreach (Prefix scope in scopes)
        {
            if (count > 0 && rows[count - 1].Speaks(scope))
            {
                continue;
            }

            expiries[count] = template.Origin == Origin.Operator ? endOfOperator : ExpiryOf(template with { Scope = scope }, now);
            rows[count] = like;
            rows[count].Scope = scope;
            rows[count++].Id = state.NewId();
            if (!mostly)
            {
                state.Unsaved.Add(new ClaimKey(scope, template.Origin, owner));
            }
        }

        state.Table.AddOrdered(rows.AsSpan(0, count), expiries.AsSpan(0, count));
        if (mostly)
        {
            state.Unsaved.Invalidate();
        }

        // A whole new generation costs the wall less than this many single updates.
        state.Version++;
        state.Unenforced.Invalidate();
        state.Changed.Set();
        int last = state.Find(scopes[^1], template.Origin, template.Owner);
        if (template.Comment is not null)
        {
            foreach (Prefix scope in scopes)
            {
                state.Table.Rows.Annotate(state.Find(scope, template.Origin, template.Owner), template.Comment, []);
            }
        }

        state.AddChange(new DecisionChange(DecisionChangeKind.Created, state.ToDecision(last), [], state.Time.GetUtcNow(), template.Actor, count));
    }

    private ClaimRow RowOf(DecisionRequest request, Prefix scope, long id, long now) => new()
    {
        Id = id,
        Scope = scope,
        Origin = request.Origin,
        Verdict = request.Verdict,
        Start = now,
        Reason = state.Words.Intern(request.Reason),
        Actor = state.Words.Intern(request.Actor),
        Owner = state.Owners.Intern(request.Owner),
        Confidence = (ushort)Math.Round(request.Confidence * 10_000),
    };

    private void Renew(int slot, DecisionRequest request, long now)
    {
        ClaimRows rows = state.Table.Rows;
        Verdict present = rows[slot].Verdict;
        ClaimRows.Annotation? known = rows.AnnotationOf(slot);
        long[] evidenceIds = [.. (known?.EvidenceIds ?? []).Concat(request.Evidence.Select(e => e.Id)).TakeLast(Admission.MaxEvidence)];
        bool editable = request.Origin == Origin.Operator;
        if (!editable && request.Verdict < present)
        {
            // The harder verdict stands and runs out on its own: forgeable evidence must not extend a block.
            if (Room(known, request))
            {
                rows.Annotate(slot, known?.Comment, evidenceIds);
                Changed(slot, DecisionChangeKind.Renewed, request.Evidence, request.Actor);
            }
            else
            {
                state.Coalesced++;
            }

            return;
        }

        bool harder = request.Verdict != present;
        long expiry = ExpiryOf(request, now, running: !harder);
        if (!editable && !harder)
        {
            expiry = Math.Max(expiry, rows.Expiry(slot));

            // A source that is seen a thousand times a second must not cost a kernel update and a row each time.
            if (expiry - rows.Expiry(slot) < 1000 && !Room(known, request))
            {
                state.Coalesced++;
                return;
            }
        }

        if (Escalates(request))
        {
            state.Memory.Set(request.Scope, Math.Max(1, state.Memory.Times(request.Scope, now) + (harder ? 1 : 0)), expiry);
        }

        Replace(slot, request, expiry);
        rows.Annotate(slot, editable ? request.Comment : request.Comment ?? known?.Comment, evidenceIds);
        Changed(slot, DecisionChangeKind.Renewed, request.Evidence, request.Actor);
    }

    /// <summary>Whether the request brings evidence that the claim still has a place for.</summary>
    private static bool Room(ClaimRows.Annotation? known, DecisionRequest request) =>
        request.Evidence.Count > 0 && (known is null || known.EvidenceIds.Length < Admission.MaxEvidence);

    // Forgeable evidence does not escalate: a rate limit always starts at the first step.
    private static bool Escalates(DecisionRequest request) => request.Origin is not (Origin.Operator or Origin.Guard) && request.Verdict != Verdict.RateLimit;
}
