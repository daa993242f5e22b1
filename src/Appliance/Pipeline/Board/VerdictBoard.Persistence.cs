using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Pipeline.Board;

/// <content>What the store reads and restores.</content>
public sealed partial class VerdictBoard
{
    /// <summary>Beyond this many, whatever is on its way to the store counts as not stored.</summary>
    private const int MostTracked = 16_384;

    private HashSet<DecisionKey>? _saving = [];

    // Twice the id of the change that was made last, one more when it was taken back; null: stored.
    private long? _course;

    /// <summary>An empty load for <see cref="Restore"/>.</summary>
    internal RestoredBoard BeginRestore() => new(word =>
    {
        lock (_lock)
        {
            return _words.Intern(word);
        }
    }, _options.MaxDecisions);

    /// <summary>Takes the store's decisions. Once, before anything is published.</summary>
    internal void Restore(RestoredBoard restored)
    {
        lock (_lock)
        {
            if (_table.Count != 0)
            {
                throw new InvalidOperationException("The board is restored before anything else is put on it.");
            }

            restored.Table.Order();
            _table = restored.Table;
            foreach ((Prefix scope, int times, long ended) in restored.Repetitions)
            {
                _memory.Set(scope, times, Clock.FromDate(DateTimeOffset.FromUnixTimeMilliseconds(ended)));
            }

            // What runs now is a block of the past for the next one.
            long now = Now();
            foreach (int slot in _table.Before(long.MaxValue, Origin.Local))
            {
                if (_table[slot].Verdict != Verdict.RateLimit)
                {
                    _memory.Remember(_table[slot].Scope, now, _table.Expiry(slot));
                }
            }

            _nextId = Math.Max(_nextId, restored.LastDecisionId + 1);
            _nextEvidenceId = Math.Max(_nextEvidenceId, restored.LastEvidenceId + 1);
            _version++;
            _unenforced.Invalidate();
            _changed.Set();
        }
    }

    /// <summary>The last ids given to a decision and to evidence.</summary>
    internal (long Decision, long Evidence) LastIds
    {
        get
        {
            lock (_lock)
            {
                return (_nextId - 1, _nextEvidenceId - 1);
            }
        }
    }

    /// <summary>Ids go on at these, or above what was given already.</summary>
    internal void SkipIds(long decision, long evidence)
    {
        lock (_lock)
        {
            (_nextId, _nextEvidenceId) = (Math.Max(_nextId, decision), Math.Max(_nextEvidenceId, evidence));
        }
    }

    /// <summary>Moves out keys of decisions that the store has to bring up to date.</summary>
    /// <param name="into">Where to.</param>
    /// <param name="max">At most this many.</param>
    /// <param name="all">Too many waited; rewrite everything.</param>
    /// <param name="course">How far a change of the policy has come with these; null: nothing new, or more of it waits.</param>
    internal void DrainUnsaved(List<DecisionKey> into, int max, out bool all, out long? course)
    {
        lock (_lock)
        {
            all = _unsaved.Overflowed;
            if (all)
            {
                _unsaved.Reset();
                into.AddRange(_table.InOrder().Where(slot => _table[slot].Origin != Origin.Guard).Select(slot => new DecisionKey(_table[slot].Scope, _table[slot].Origin)));
            }
            else
            {
                _unsaved.Drain(into, max);
            }

            course = _unsaved.Count == 0 ? _course : null;
            _saving = into.Count <= MostTracked ? [.. into] : null;
        }
    }

    /// <summary>The store has what was moved out last.</summary>
    internal void MarkSaved(long? course)
    {
        lock (_lock)
        {
            _saving = [];
            if (course == _course)
            {
                _course = null;
            }
        }
    }

    /// <summary>Whether the store holds what the board says about this scope. Guard decisions are made anew by each process and need no store.</summary>
    public bool IsStored(DecisionKey key)
    {
        lock (_lock)
        {
            return key.Origin == Origin.Guard || (!_unsaved.Overflowed && !_unsaved.Contains(key) && _saving?.Contains(key) == false);
        }
    }

    /// <summary>The store could not take these; they wait again.</summary>
    internal void ReturnUnsaved(IEnumerable<DecisionKey> keys, bool all)
    {
        lock (_lock)
        {
            if (all)
            {
                _unsaved.Invalidate();
            }

            _saving = [];
            foreach (DecisionKey key in keys)
            {
                _unsaved.Add(key);
            }
        }
    }

    /// <summary>False: there is no such decision any more, or it is none that is kept; the store removes it.</summary>
    internal bool TrySave(DecisionKey key, out SavedDecision saved)
    {
        lock (_lock)
        {
            int slot = _table.Find(key);

            // A limit that rests on what anybody can forge is short and made again at need: a flood of them must not wear the disk.
            if (slot < 0 || ForgeableShare.IsForgeable(_table[slot].Origin, _table[slot].Verdict))
            {
                saved = default;
                return false;
            }

            ref DecisionRow row = ref _table[slot];
            DecisionTable.Annotation? annotation = _table.AnnotationOf(slot);
            saved = new SavedDecision(key, row.Id, row.Verdict, row.Start, _table.Expiry(slot), row.Confidence, _words[row.Reason], _words[row.Actor], annotation?.Comment, annotation?.EvidenceIds ?? []);
            return true;
        }
    }
}
