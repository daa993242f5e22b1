using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <content>How a decision is made, renewed and ended.</content>
public sealed partial class VerdictBoard
{
    /// <summary>From here on an import is placed at once.</summary>
    private const int BulkSize = 4096;

    /// <summary>A century: a date that any clock can show, whatever it was set to.</summary>
    private const double LongestOfOperator = 100.0 * 366 * 86_400_000;

    private PublishResult Apply(DecisionRequest request, long now)
    {
        List<Evidence> evidence = new(Math.Min(request.Evidence.Count, Admission.MaxEvidence));
        foreach (Evidence piece in request.Evidence.Take(Admission.MaxEvidence))
        {
            evidence.Add(piece.Id != 0 ? piece : piece with { Id = _nextEvidenceId++ });
        }

        request = request with { Evidence = evidence };
        int slot = _table.Find(new DecisionKey(request.Scope, request.Origin));
        Decision? replaced = null;
        if (slot >= 0 && _table.Expiry(slot) <= now)
        {
            End(slot, DecisionChangeKind.Expired, "appliance");
            _expired++;
            slot = -1;
        }

        if (slot < 0)
        {
            slot = Create(request, _nextId++, now, ExpiryOf(request, now));
        }
        else
        {
            // Only a person asks what was there before.
            replaced = request.Origin == Origin.Operator ? ToDecision(slot) : null;
            Renew(slot, request, now);
        }

        return new PublishResult(ToDecision(slot), null, _version, replaced);
    }

    private void ApplyAll(DecisionRequest template, IReadOnlyList<Prefix> scopes, long now)
    {
        List<Prefix> added = new(scopes.Count);
        foreach (Prefix scope in scopes)
        {
            if (scopes.Count < BulkSize || _table.Find(new DecisionKey(scope, template.Origin)) >= 0)
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

    /// <summary>Puts many new scopes on the board: sorted and merged at once, and told to the observers as one change.</summary>
    private void CreateAll(DecisionRequest template, List<Prefix> scopes, long now)
    {
        scopes.Sort();
        DecisionRow[] rows = new DecisionRow[scopes.Count];
        long[] expiries = new long[scopes.Count];
        ushort reason = _words.Intern(template.Reason);
        ushort actor = _words.Intern(template.Actor);
        bool mostly = scopes.Count > _table.Count;
        int count = 0;
        foreach (Prefix scope in scopes)
        {
            if (count > 0 && rows[count - 1].Speaks(scope))
            {
                continue;
            }

            expiries[count] = ExpiryOf(template with { Scope = scope }, now);
            rows[count++] = new DecisionRow
            {
                Id = _nextId++,
                Scope = scope,
                Origin = template.Origin,
                Verdict = template.Verdict,
                Start = now,
                Reason = reason,
                Actor = actor,
                Confidence = (ushort)Math.Round(template.Confidence * 10_000),
            };
            if (!mostly)
            {
                _unsaved.Add(new DecisionKey(scope, template.Origin));
            }
        }

        _table.AddOrdered(rows.AsSpan(0, count), expiries.AsSpan(0, count));
        if (mostly)
        {
            _unsaved.Invalidate();
        }

        // A whole new generation costs the wall less than this many single updates.
        _version++;
        _unenforced.Invalidate();
        _changed.Set();
        int last = _table.Find(new DecisionKey(scopes[^1], template.Origin));
        if (template.Comment is not null)
        {
            foreach (Prefix scope in scopes)
            {
                _table.Annotate(_table.Find(new DecisionKey(scope, template.Origin)), template.Comment, []);
            }
        }

        Tell(new DecisionChange(DecisionChangeKind.Created, ToDecision(last), [], _time.GetUtcNow(), template.Actor, count));
    }

    private int Create(DecisionRequest request, long id, long now, long expiry)
    {
        DecisionRow row = new()
        {
            Id = id,
            Scope = request.Scope,
            Origin = request.Origin,
            Verdict = request.Verdict,
            Start = now,
            Reason = _words.Intern(request.Reason),
            Actor = _words.Intern(request.Actor),
            Confidence = (ushort)Math.Round(request.Confidence * 10_000),
        };
        int slot = _table.Add(row, expiry);
        _table.Annotate(slot, request.Comment, [.. request.Evidence.Select(e => e.Id)]);
        if (Escalates(request))
        {
            _memory.Remember(request.Scope, now, expiry);
        }

        Changed(slot, DecisionChangeKind.Created, request.Evidence, request.Actor);
        return slot;
    }

    private void Renew(int slot, DecisionRequest request, long now)
    {
        ref DecisionRow row = ref _table[slot];
        DecisionTable.Annotation? known = _table.AnnotationOf(slot);
        long[] evidenceIds = [.. (known?.EvidenceIds ?? []).Concat(request.Evidence.Select(e => e.Id)).TakeLast(Admission.MaxEvidence)];
        bool editable = request.Origin == Origin.Operator;
        if (!editable && request.Verdict < row.Verdict)
        {
            // The harder verdict stands and runs out on its own: what may be forged must not keep a block alive.
            if (Room(known, request))
            {
                _table.Annotate(slot, known?.Comment, evidenceIds);
                Changed(slot, DecisionChangeKind.Renewed, request.Evidence, request.Actor);
            }
            else
            {
                _coalesced++;
            }

            return;
        }

        bool harder = request.Verdict != row.Verdict;
        long expiry = ExpiryOf(request, now, running: !harder);
        if (!editable && !harder)
        {
            expiry = Math.Max(expiry, _table.Expiry(slot));

            // A source that is seen a thousand times a second must not cost a kernel update and a row each time.
            if (expiry - _table.Expiry(slot) < 1000 && !Room(known, request))
            {
                _coalesced++;
                return;
            }
        }

        if (Escalates(request))
        {
            _memory.Set(request.Scope, Math.Max(1, _memory.Times(request.Scope, now) + (harder ? 1 : 0)), expiry);
        }

        _table.SetVerdict(slot, request.Verdict);
        _table.SetExpiry(slot, expiry);
        row.Reason = _words.Intern(request.Reason);
        row.Actor = _words.Intern(request.Actor);
        row.Confidence = (ushort)Math.Round(request.Confidence * 10_000);
        _table.Annotate(slot, editable ? request.Comment : request.Comment ?? known?.Comment, evidenceIds);
        Changed(slot, DecisionChangeKind.Renewed, request.Evidence, request.Actor);
    }

    /// <summary>Whether the request brings evidence that the decision still has a place for.</summary>
    private static bool Room(DecisionTable.Annotation? known, DecisionRequest request) =>
        request.Evidence.Count > 0 && (known is null || known.EvidenceIds.Length < Admission.MaxEvidence);

    private Decision End(int slot, DecisionChangeKind kind, string actor)
    {
        Decision ended = ToDecision(slot);
        DecisionKey key = new(ended.Scope, ended.Origin);
        _table.Remove(slot);
        Touch(key);
        Tell(new DecisionChange(kind, ended, [], _time.GetUtcNow(), actor));
        return ended;
    }

    /// <summary>Milliseconds at which it ends. A repetition counts when the block before has ended, not while it runs.</summary>
    private long ExpiryOf(DecisionRequest request, long now, bool running = false)
    {
        if (request.Ttl is null && request.Origin == Origin.Operator)
        {
            return long.MaxValue;
        }

        double ttl = request.Ttl?.TotalMilliseconds ?? 0;
        if (request.Ttl is null)
        {
            ttl = _options.FirstTtl.TotalMilliseconds;
            if (Escalates(request))
            {
                int times = _memory.Times(request.Scope, now);
                ttl *= Math.Pow(_options.Escalation, Math.Max(0, running ? times - 1 : times));
            }
        }

        double longest = request.Origin == Origin.Operator ? LongestOfOperator : _options.MaxTtl.TotalMilliseconds;
        return now + Math.Max(1, (long)Math.Min(ttl, longest));
    }

    // What may be forged does not climb the ladder: a rate limit always starts at the first step.
    private static bool Escalates(DecisionRequest request) => request.Origin is not (Origin.Operator or Origin.Guard) && request.Verdict != Verdict.RateLimit;
}
