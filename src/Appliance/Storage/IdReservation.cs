using Blackwall.Pipeline.Board;

namespace Blackwall.Storage;

/// <summary>
/// Keeps ids from being given twice. A block of them is reserved in the store before the first is given, so that a crash leaves a gap and no
/// doubt. Where the store refuses, ids go on from the time, far above every block. The journal owns it.
/// </summary>
internal sealed class IdReservation(VerdictBoard board, TimeProvider time)
{
    /// <summary>More than a board can take in between two writes of the store.</summary>
    public const long Block = 1 << 22;

    private long _decisions;
    private long _evidence;
    private bool _skipped;

    /// <summary>Whether less than half a block is left.</summary>
    public bool IsDue => board.Store.LastIds is var (decision, evidence) && (decision + (Block / 2) > _decisions || evidence + (Block / 2) > _evidence);

    /// <summary>Reserves in the open transaction; counts from <see cref="Reserved"/> on.</summary>
    public (long Decisions, long Evidence) Write(DecisionStore store)
    {
        (long decision, long evidence) = board.Store.LastIds;
        store.MarkIds(decision + Block, evidence + Block);
        return (decision + Block, evidence + Block);
    }

    /// <summary>The transaction is in the store.</summary>
    public void Reserved((long Decisions, long Evidence) upTo) => (_decisions, _evidence, _skipped) = (upTo.Decisions, upTo.Evidence, false);

    /// <summary>The store refused: before the block is used up, ids leave it for those that no other run gives.</summary>
    public void Refused()
    {
        (long decision, long evidence) = board.Store.LastIds;
        if (!_skipped && (decision + (Block / 4) > _decisions || evidence + (Block / 4) > _evidence))
        {
            SkipToTime();
        }
    }

    /// <summary>From here on ids lie where no earlier run was: 1,024 for each millisecond since 1970.</summary>
    public void SkipToTime()
    {
        long next = time.GetUtcNow().ToUnixTimeMilliseconds() << 10;
        board.Store.SkipIds(next, next);
        _skipped = true;
    }
}
