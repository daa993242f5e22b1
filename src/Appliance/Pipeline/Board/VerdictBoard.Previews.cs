using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <content>What a change would do, without doing it.</content>
public sealed partial class VerdictBoard
{
    /// <summary>What <see cref="Publish"/> would do, or <see cref="Amend"/> with the id of the decision to change.</summary>
    public ChangePreview Preview(DecisionRequest request, long? amendedId = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_lock)
        {
            long now = Now();
            int slot = _table.Find(new DecisionKey(request.Scope, request.Origin));
            slot = slot >= 0 && _table.Expiry(slot) <= now ? -1 : slot;
            Decision? before = slot < 0 ? null : ToDecision(slot);
            if (Judge(request, now, amendedId is null ? -1 : slot) is { } refusal)
            {
                return new ChangePreview(before, null, WinnerWithout(request.Scope, -1, now), refusal.Sentence) { Field = FieldOf(refusal.Kind) };
            }

            long expiry = ExpiryOf(request, now);
            Decision after = new(
                before?.Id ?? 0,
                request.Scope,
                request.Verdict,
                request.Origin,
                request.Reason,
                request.Confidence,
                before?.Start ?? Clock.ToDate(now),
                expiry == long.MaxValue ? null : Clock.ToDate(expiry),
                before?.EvidenceIds ?? [],
                request.Comment,
                request.Actor);
            Decision? other = WinnerWithout(request.Scope, slot, now);
            bool wins = other is null || after.Rank < other.Rank || (after.Rank == other.Rank && after.Scope.Length >= other.Scope.Length);
            return new ChangePreview(before, after, wins ? after : other, null);
        }
    }

    /// <summary>What <see cref="Lift"/> would do; null: there is no such decision.</summary>
    public ChangePreview? PreviewLift(long decisionId)
    {
        lock (_lock)
        {
            int slot = _table.Find(decisionId);
            long now = Now();
            return slot < 0 || _table.Expiry(slot) <= now
                ? null
                : new ChangePreview(ToDecision(slot), null, WinnerWithout(_table[slot].Scope, slot, now), null);
        }
    }

    /// <summary>What <see cref="PublishAll"/> would do: how many decisions would be new, and what it would refuse.</summary>
    public IReadOnlyList<(int Index, string Sentence)> PreviewAll(DecisionRequest template, IReadOnlyList<Prefix> scopes, out int added)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(scopes);
        lock (_lock)
        {
            added = scopes.Count(scope => _table.Find(new DecisionKey(scope, template.Origin)) < 0);
            return [.. JudgeAll(template, scopes, Now()).Select(refused => (refused.Index, refused.Refusal.Sentence))];
        }
    }

    private Decision? WinnerWithout(Prefix scope, int without, long now)
    {
        int best = -1;
        foreach (int slot in _table.Containing(scope))
        {
            // Widest first: at equal rank a later one is longer.
            if (slot != without && _table.Expiry(slot) > now && (best < 0 || _table[slot].Rank <= _table[best].Rank))
            {
                best = slot;
            }
        }

        return best < 0 ? null : ToDecision(best);
    }

    private List<(int Index, (Refusal Kind, string Sentence) Refusal)> JudgeAll(DecisionRequest template, IReadOnlyList<Prefix> scopes, long now)
    {
        const int most = 100;
        List<(int, (Refusal, string))> refused = [];
        for (int i = 0; i < scopes.Count && refused.Count < most; i++)
        {
            if (Judge(template with { Scope = scopes[i] }, now, amended: -1) is { } refusal)
            {
                refused.Add((i, refusal));
            }
        }

        int missing = scopes.Count - (Capacity(template.Origin) - _table.Count);
        if (refused.Count == 0 && missing > 0 && scopes.Count(s => _table.Find(new DecisionKey(s, template.Origin)) < 0) > scopes.Count - missing)
        {
            refused.Add((0, Full()));
        }

        return refused;
    }
}
