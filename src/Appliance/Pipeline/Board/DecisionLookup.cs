using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>What is asked of the board: who decides, which claims there are, lists of them. Thread-safe.</summary>
internal sealed class DecisionLookup(BoardState state)
{
    /// <summary>Most decisions that one page looks at.</summary>
    private const int MaxExamined = 65_536;

    public Decision? Effective(Prefix scope)
    {
        lock (state.Lock)
        {
            int slot = state.Table.Effective(scope, state.Now);
            return slot < 0 ? null : state.ToDecision(slot);
        }
    }

    public ScopeClaims ClaimsOf(Prefix scope)
    {
        List<Decision> claims = [];
        lock (state.Lock)
        {
            long now = state.Now;
            foreach (int slot in state.Table.Containing(scope))
            {
                if (state.Table.Expiry(slot) > now)
                {
                    claims.Add(state.ToDecision(slot));
                }
            }
        }

        if (claims.Count > 1)
        {
            claims.Sort((one, other) => Precedence.Compare(one.Contender, other.Contender));
        }

        return new ScopeClaims(scope, claims);
    }

    /// <summary>What an owner speaks of, in no order.</summary>
    public IReadOnlyList<Prefix> ScopesOf(ClaimOwner owner)
    {
        lock (state.Lock)
        {
            return state.Owners.TryFind(owner.Name, out ushort id) ? [.. state.Table.Owned.Copy(owner.Origin, id).Select(slot => state.Table[slot].Scope)] : [];
        }
    }

    /// <summary>Who of this origin claims anything.</summary>
    public IReadOnlyList<ClaimOwner> OwnersOf(Origin origin)
    {
        lock (state.Lock)
        {
            return [.. state.Table.Owned.Names(origin).Select(owner => new ClaimOwner(origin, state.Owners[owner]))];
        }
    }

    public Decision? Find(long decisionId)
    {
        lock (state.Lock)
        {
            int slot = state.Table.Find(decisionId);
            return slot < 0 || state.Table.Expiry(slot) <= state.Now ? null : state.ToDecision(slot);
        }
    }

    public DecisionPage List(DecisionQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (state.Lock)
        {
            long now = state.Now;
            List<Decision> items = [];
            int examined = 0;
            long since = query.Since is { } from ? state.Clock.FromDate(from) : long.MinValue;
            long last = query.Before;
            foreach (int slot in Candidates(query))
            {
                ref ClaimRow row = ref state.Table[slot];
                if (items.Count == query.Limit || examined == MaxExamined)
                {
                    return new DecisionPage(items, last);
                }

                examined++;
                last = row.Id;
                if (state.Table.Expiry(slot) > now && Fits(row, query, since))
                {
                    items.Add(state.ToDecision(slot));
                }
            }

            return new DecisionPage(items, null);
        }
    }

    private bool Fits(in ClaimRow row, DecisionQuery query, long since) =>
        (query.Verdict is null || row.Verdict == query.Verdict)
        && (query.Origin is null || row.Origin == query.Origin)
        && (query.Scope is null || row.Speaks(query.Scope.Value))
        && (query.Within is null || query.Within.Value.Contains(row.Scope))
        && since <= row.Start
        && (query.Reason is null || string.Equals(state.Words[row.Reason], query.Reason, StringComparison.Ordinal))
        && (query.Owner is null || string.Equals(state.Owners[row.Owner], query.Owner, StringComparison.Ordinal));

    private IEnumerable<int> Candidates(DecisionQuery query)
    {
        if ((query.Containing ?? query.Scope) is not { } scope)
        {
            return state.Table.Before(query.Before, query.Origin);
        }

        // What is claimed of one address by everybody: few enough to sort.
        return state.Table.Containing(scope).Where(slot => state.Table[slot].Id < query.Before).OrderByDescending(slot => state.Table[slot].Id);
    }
}
