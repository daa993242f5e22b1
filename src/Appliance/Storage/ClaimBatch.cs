using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Storage;

/// <summary>The claims of one transaction: moved out of the board, written, then marked as stored or given back. The journal owns it.</summary>
internal sealed class ClaimBatch
{
    private readonly VerdictBoard _board;
    private readonly List<ClaimKey> _keys = [];
    private readonly bool _all;
    private readonly long? _course;

    /// <param name="board">The board.</param>
    /// <param name="max">At most this many, unless some belong together.</param>
    public ClaimBatch(VerdictBoard board, int max)
    {
        _board = board;
        board.Store.DrainUnsaved(_keys, max, out _all, out _course);

        // The table lies in this order: sorted, a batch touches each page once.
        _keys.Sort();
    }

    public int Count => _keys.Count;

    public bool IsEmpty => _keys.Count == 0 && !_all && _course is null;

    /// <summary>
    /// Writes the claims as the board has them now, into the open transaction. False: claims that belong together changed meanwhile and part of
    /// them may be written; roll back, give the batch back and take another.
    /// </summary>
    /// <param name="store">Where to.</param>
    /// <param name="last">The highest id among them.</param>
    public bool TryWrite(DecisionStore store, out long last)
    {
        last = 0;
        if (_all)
        {
            store.Clear();
        }

        foreach (ClaimKey key in _keys)
        {
            if (_board.Store.TrySave(key, out SavedDecision saved))
            {
                store.Save(saved);
                last = Math.Max(last, saved.Id);
            }
            else
            {
                store.Remove(key);
            }
        }

        if (_course is { } made)
        {
            store.MarkCourse(made);
        }

        return _board.Store.IsWhole();
    }

    /// <summary>It is in the store.</summary>
    public void Saved() => _board.Store.MarkSaved(_course);

    /// <summary>It is not.</summary>
    public void Return() => _board.Store.ReturnUnsaved(_keys, _all);
}
