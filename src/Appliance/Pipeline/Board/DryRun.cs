using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>What a request would do, without doing it. Thread-safe.</summary>
public sealed class DryRun
{
    private readonly BoardState _state;
    private readonly BoardAdmission _admission;
    private readonly ClaimWriter _writer;

    internal DryRun(BoardState state, BoardAdmission admission, ClaimWriter writer) => (_state, _admission, _writer) = (state, admission, writer);

    /// <summary>What <see cref="VerdictBoard.Publish"/> would do, or <see cref="VerdictBoard.Amend"/> with the id of the rule to change.</summary>
    public ChangePreview Publish(DecisionRequest request, long? amendedId = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_state.Lock)
        {
            long now = _state.Now;
            int slot = _state.Find(request.Scope, request.Origin, request.Owner);
            slot = slot >= 0 && _state.Table.Expiry(slot) <= now ? -1 : slot;
            Decision? before = slot < 0 ? null : _state.ToDecision(slot);
            if (_admission.Judge(request, now, amendedId is null ? -1 : slot) is { } refusal)
            {
                return new ChangePreview(before, null, WinnerWithout(request.Scope, -1, now), refusal.Sentence) { Field = BoardAdmission.FieldOf(refusal.Kind) };
            }

            long expiry = _writer.ExpiryOf(request, now);
            Decision after = new(
                before?.Id ?? 0,
                request.Scope,
                request.Verdict,
                request.Origin,
                request.Reason,
                request.Confidence,
                before?.Start ?? _state.Clock.ToDate(now),
                expiry == long.MaxValue ? null : _state.Clock.ToDate(expiry),
                before?.EvidenceIds ?? [],
                request.Comment,
                request.Actor)
            {
                Owner = request.Owner,
                Ends = expiry,
            };
            Decision? other = WinnerWithout(request.Scope, slot, now);

            // A new claim is younger than all others.
            bool wins = other is null || Precedence.Beats(before is null ? after.Contender with { Id = long.MaxValue } : after.Contender, other.Contender);
            return new ChangePreview(before, after, wins ? after : other, null);
        }
    }

    /// <summary>What <see cref="VerdictBoard.Lift"/> would do; null: there is no such decision.</summary>
    public ChangePreview? Lift(long decisionId)
    {
        lock (_state.Lock)
        {
            int slot = _state.Table.Find(decisionId);
            long now = _state.Now;
            return slot < 0 || _state.Table.Expiry(slot) <= now
                ? null
                : new ChangePreview(_state.ToDecision(slot), null, WinnerWithout(_state.Table[slot].Scope, slot, now), null);
        }
    }

    /// <summary>What <see cref="VerdictBoard.PublishAll"/> would do: how many decisions would be new, and what it would refuse.</summary>
    public IReadOnlyList<(int Index, string Sentence)> PublishAll(DecisionRequest template, IReadOnlyList<Prefix> scopes, out int added)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(scopes);
        lock (_state.Lock)
        {
            added = scopes.Count(scope => _state.Find(scope, template.Origin, template.Owner) < 0);
            return [.. _admission.JudgeAll(template, scopes, _state.Now).Select(refused => (refused.Index, refused.Refusal.Sentence))];
        }
    }

    private Decision? WinnerWithout(Prefix scope, int without, long now)
    {
        int best = -1;
        foreach (int slot in _state.Table.Containing(scope))
        {
            if (slot != without && _state.Table.Expiry(slot) > now && (best < 0 || Precedence.Beats(_state.Table.ContenderOf(slot), _state.Table.ContenderOf(best))))
            {
                best = slot;
            }
        }

        return best < 0 ? null : _state.ToDecision(best);
    }
}
