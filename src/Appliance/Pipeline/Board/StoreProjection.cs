using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Pipeline.Board;

/// <summary>The board as the store sees it: what it gave back at start, and what of the claims is to be stored. Thread-safe.</summary>
public sealed class StoreProjection
{
    /// <summary>Beyond this many, whatever is on its way to the store counts as not stored.</summary>
    private const int MostTracked = 16_384;

    private readonly BoardState _state;
    private HashSet<ClaimKey>? _saving = [];
    private long _transitionsAtDrain;

    // Twice the id of the change that was made last, plus one when it was reverted; null: stored.
    private long? _course;

    internal StoreProjection(BoardState state) => _state = state;

    /// <summary>The last ids given to a claim and to evidence.</summary>
    internal (long Decision, long Evidence) LastIds
    {
        get
        {
            lock (_state.Lock)
            {
                return _state.LastIds;
            }
        }
    }

    /// <summary>An empty load for <see cref="Restore"/>.</summary>
    internal RestoredBoard BeginRestore() => new(
        word =>
        {
            lock (_state.Lock)
            {
                return _state.Words.Intern(word);
            }
        },
        name =>
        {
            lock (_state.Lock)
            {
                return _state.Owners.Intern(name);
            }
        },
        _state.Options.MaxDecisions);

    /// <summary>Takes the store's claims. Once, before anything is published.</summary>
    internal void Restore(RestoredBoard restored)
    {
        lock (_state.Lock)
        {
            if (_state.Table.Count != 0)
            {
                throw new InvalidOperationException("The board is restored before anything else is put on it.");
            }

            restored.Table.Order();
            _state.Table = restored.Table;
            foreach ((Prefix scope, int times, long ended) in restored.Repetitions)
            {
                _state.Memory.Set(scope, times, _state.Clock.FromDate(DateTimeOffset.FromUnixTimeMilliseconds(ended)));
            }

            // A block that runs now counts as a former block for the next one.
            long now = _state.Now;
            foreach (int slot in _state.Table.Before(long.MaxValue, Origin.Local))
            {
                if (_state.Table[slot].Verdict != Verdict.RateLimit)
                {
                    _state.Memory.Remember(_state.Table[slot].Scope, now, _state.Table.Expiry(slot));
                }
            }

            _state.SkipIds(restored.LastDecisionId + 1, restored.LastEvidenceId + 1);
            _state.Version++;
            _state.Unenforced.Invalidate();
            _state.Changed.Set();
        }
    }

    /// <summary>Ids go on at these, or above what was given already.</summary>
    internal void SkipIds(long decision, long evidence)
    {
        lock (_state.Lock)
        {
            _state.SkipIds(decision, evidence);
        }
    }

    /// <summary>Moves out keys of claims that the store has to bring up to date.</summary>
    /// <param name="into">Where to.</param>
    /// <param name="max">At most this many, unless among them are claims that belong together.</param>
    /// <param name="all">Too many waited; rewrite everything.</param>
    /// <param name="course">How far a change of the policy has come with these; null: nothing new, or more of it waits.</param>
    internal void DrainUnsaved(List<ClaimKey> into, int max, out bool all, out long? course)
    {
        lock (_state.Together)
        lock (_state.Lock)
        {
            all = _state.Unsaved.Overflowed;
            if (all)
            {
                _state.Unsaved.Reset();
                into.AddRange(_state.Table.InOrder().Where(slot => _state.Table[slot].Origin != Origin.Guard).Select(KeyOf));
            }
            else
            {
                _state.Unsaved.Drain(into, _state.IsTransitionUnsaved ? int.MaxValue : max);
            }

            _state.IsTransitionUnsaved = false;
            _transitionsAtDrain = _state.Transitions;
            course = _state.Unsaved.Count == 0 ? _course : null;
            _saving = into.Count <= MostTracked ? [.. into] : null;
        }
    }

    /// <summary>
    /// Whether what was read since the last drain is of one moment as far as claims go that belong together. False: a change of several claims came
    /// in between, and a part of it may have been read; give the keys back and drain again.
    /// </summary>
    internal bool IsWhole()
    {
        lock (_state.Together)
        lock (_state.Lock)
        {
            return _transitionsAtDrain == _state.Transitions;
        }
    }

    /// <summary>The store has what was moved out last.</summary>
    internal void MarkSaved(long? course)
    {
        lock (_state.Lock)
        {
            _saving = [];
            if (course == _course)
            {
                _course = null;
            }
        }
    }

    /// <summary>Whether the store holds what the board says of this claim. Guard decisions are made anew by each process and need no store.</summary>
    public bool IsStored(ClaimKey key)
    {
        lock (_state.Lock)
        {
            return key.Origin == Origin.Guard || (!_state.Unsaved.Overflowed && !_state.Unsaved.Contains(key) && _saving?.Contains(key) == false);
        }
    }

    /// <summary>The store could not take these; they wait again.</summary>
    internal void ReturnUnsaved(IEnumerable<ClaimKey> keys, bool all)
    {
        lock (_state.Lock)
        {
            if (all)
            {
                _state.Unsaved.Invalidate();
            }

            _saving = [];
            _state.IsTransitionUnsaved = true;
            foreach (ClaimKey key in keys)
            {
                _state.Unsaved.Add(key);
            }
        }
    }

    /// <summary>False: there is no such claim any more, or it is none that is kept; the store removes it.</summary>
    internal bool TrySave(ClaimKey key, out SavedDecision saved)
    {
        lock (_state.Lock)
        {
            int slot = _state.Find(key);

            // A limit that rests on what anybody can forge is short and made again at need: a flood of them must not wear the disk.
            if (slot < 0 || ForgeableShare.IsForgeable(_state.Table[slot].Origin, _state.Table[slot].Verdict))
            {
                saved = default;
                return false;
            }

            ref ClaimRow row = ref _state.Table[slot];
            ClaimRows.Annotation? annotation = _state.Table.Rows.AnnotationOf(slot);
            saved = new SavedDecision(
                key,
                row.Id,
                row.Verdict,
                row.Start,
                _state.Table.Expiry(slot),
                row.Confidence,
                _state.Words[row.Reason],
                _state.Words[row.Actor],
                annotation?.Comment,
                annotation?.EvidenceIds ?? []);
            return true;
        }
    }

    /// <summary>Notes how far a change of the policy has come, to be stored with its claims. Called under the board's lock.</summary>
    internal void SetCourse(long course) => _course = course;

    private ClaimKey KeyOf(int slot)
    {
        ref ClaimRow row = ref _state.Table[slot];
        return new ClaimKey(row.Scope, row.Origin, _state.Owners[row.Owner]);
    }
}
