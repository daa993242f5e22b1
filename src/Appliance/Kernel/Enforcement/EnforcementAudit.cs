using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Enforcement;

/// <summary>
/// Holds the kernel's entries against the board's, a slice at a time, and has what differs written anew. Whoever writes to the maps beside the
/// appliance, and whatever a write left undone, is found and mended within a pass. Owned by the wall's thread.
/// </summary>
internal sealed class EnforcementAudit(VerdictBoard board, IPolicyTarget wall, TimeProvider time)
{
    /// <summary>Entries looked at in one slice: well under a millisecond.</summary>
    private const int Slice = 256;

    /// <summary>A pass over few entries is done at once; the next one waits.</summary>
    private static readonly TimeSpan PassEvery = TimeSpan.FromSeconds(30);

    private readonly List<Prefix> _scopes = [];
    private readonly List<Prefix> _differing = [];
    private Prefix? _after;
    private bool _listing;
    private bool _resting;
    private long _began = time.GetTimestamp();

    /// <summary>Entries compared since the start.</summary>
    public long Compared { get; private set; }

    /// <summary>Entries that differed and were written anew.</summary>
    public long Differed { get; private set; }

    /// <summary>Passes over everything.</summary>
    public long Passes { get; private set; }

    /// <summary>Looks at the next slice. Call it when the kernel is up to date with the board.</summary>
    public void CompareSlice()
    {
        if (wall.OnTrial || (_resting && time.GetElapsedTime(_began) < PassEvery))
        {
            return;
        }

        if (_resting)
        {
            (_resting, _began) = (false, time.GetTimestamp());
        }

        _scopes.Clear();
        if (!_listing)
        {
            // What the board says must be in the kernel.
            _after = board.Wall.ScopesAfter(_after, Slice, _scopes);
            _listing = _after is null;
        }
        else if (!wall.List(_scopes, Slice))
        {
            // And what is in the kernel, the board must say.
            (_listing, _resting) = (false, true);
            Passes++;
        }

        _differing.Clear();
        foreach (Prefix scope in _scopes)
        {
            Compared++;
            if (Differs(scope) && Differs(scope))
            {
                _differing.Add(scope);
            }
        }

        if (_differing.Count > 0)
        {
            Differed += _differing.Count;
            board.Wall.ReturnDirty(_differing);
        }
    }

    // Twice: what ends or changes between two looks differs for a moment.
    private bool Differs(Prefix scope) => board.Wall.IsEnforced(scope) && !wall.Holds(scope, board.Wall.TryEntry(scope, out PolicyEntry entry) ? entry : null) && board.Wall.IsEnforced(scope);
}
