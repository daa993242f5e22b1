using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;

namespace Blackwall.Remediation;

/// <summary>
/// What a reader may still keep out although nothing says so any more, when it is not known where it was: it asked before the appliance started, or too
/// long ago. Without it a block that was lifted around a restart would stand with the reader until its own end.
/// </summary>
internal sealed class GoneBlocks(VerdictBoard board, HistoryStore history, TimeProvider time)
{
    private const int PageSize = 1000;
    private const int Most = 100_000;
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(1);

    /// <summary>Blocks that ended within the last day, and those whose scope is not blocked as a whole.</summary>
    /// <param name="standing">What is kept out now.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<IReadOnlyCollection<Block>> FindAsync(IReadOnlyCollection<Block> standing, CancellationToken cancellation)
    {
        HashSet<Prefix> kept = [.. standing.Select(block => block.Scope)];
        Dictionary<Prefix, Block> gone = [];
        DateTimeOffset oldest = time.GetUtcNow() - LookBack;
        for (long? before = long.MaxValue; before is { } from && gone.Count < Most;)
        {
            (IReadOnlyList<EndedDecision> ended, before) = await history.ListAsync(new DecisionQuery(null, null, null, null, from, PageSize), cancellation);
            foreach (EndedDecision one in ended)
            {
                Add(one.Decision);
            }

            if (ended.Count > 0 && ended[^1].Ended < oldest)
            {
                break;
            }
        }

        for (long? before = long.MaxValue; before is { } from && gone.Count < Most;)
        {
            DecisionPage page = board.List(new DecisionQuery(null, null, null, null, from, PageSize));
            foreach (Decision decision in page.Items)
            {
                Add(decision);
            }

            before = page.Next;
        }

        return gone.Values;

        void Add(Decision decision)
        {
            if (decision.Verdict is Verdict.Drop or Verdict.RedirectToTarpit && !kept.Contains(decision.Scope))
            {
                gone.TryAdd(decision.Scope, Block.Of(decision.Scope, decision));
            }
        }
    }
}
