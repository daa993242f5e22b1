using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Enforcement;

/// <summary>
/// Makes the kernel's policy follow the board: single changes in place, many as a new generation. Owned by the wall's thread.
/// </summary>
internal sealed class EnforcementWriter(VerdictBoard board, IPolicyTarget wall)
{
    /// <summary>From here on a new generation is cheaper than single writes.</summary>
    private const int MostSingleChanges = 16_384;

    /// <summary>After so many failures in a row a new generation is tried: tables of its own may take what the old ones do not.</summary>
    private const int FailuresBeforeWhole = 3;

    private readonly List<Prefix> _dirty = [];

    /// <summary>Single entries written.</summary>
    public long Written { get; private set; }

    /// <summary>Whole policies built.</summary>
    public long Replaced { get; private set; }

    /// <summary>Writes that the kernel refused.</summary>
    public long Failed { get; private set; }

    /// <summary>Of these, how many one after the other until now; 0: board and kernel agree.</summary>
    public int FailedInARow { get; private set; }

    /// <summary>Why the kernel is not up to date with the board; null: it is, or will be in a moment.</summary>
    public string? Fault { get; private set; }

    /// <summary>Entries of the last whole policy.</summary>
    public int LastSize { get; private set; }

    /// <summary>Builds the whole policy anew and swaps it in.</summary>
    public void Replace() => Replace(wall.Replace);

    /// <param name="install">How the whole policy comes into force.</param>
    public void Replace(Action<BoardSnapshot> install)
    {
        BoardSnapshot snapshot = board.Wall.Snapshot();
        try
        {
            install(snapshot);
        }
        catch (KernelException failure)
        {
            // The changes are off the board but not in the kernel: only the whole can make that good.
            board.Wall.RequireSnapshot();
            Refused(failure);
            throw;
        }

        Accepted();
        Replaced++;
        LastSize = snapshot.Entries.Length;
        board.Wall.MarkEnforced(snapshot.Version);
    }

    /// <summary>Brings the kernel up to the board's version.</summary>
    public void Synchronise()
    {
        if (board.Wall.SnapshotNeeded || !TryWriteSingly())
        {
            Replace();
        }
    }

    /// <summary>False: the whole must be replaced.</summary>
    private bool TryWriteSingly()
    {
        // Claims that change together wait: an entry of theirs must not be written before the others.
        using Lock.Scope still = board.Wall.HoldStill();
        _dirty.Clear();
        long version = board.Wall.DrainDirty(_dirty);
        if (board.Wall.SnapshotNeeded || _dirty.Count > MostSingleChanges)
        {
            return false;
        }

        try
        {
            foreach (Prefix scope in _dirty)
            {
                PolicyEntry? entry = board.Wall.TryEntry(scope, out PolicyEntry found) ? found : null;
                if (!wall.TryApply(scope, entry))
                {
                    return false;
                }

                Written++;
            }
        }
        catch (KernelException failure) when (!board.Wall.SnapshotNeeded)
        {
            // None of them counts as written: the next attempt takes them all, and nobody is told that they are enforced before.
            board.Wall.ReturnDirty(_dirty);
            Refused(failure);
            if (FailedInARow >= FailuresBeforeWhole)
            {
                board.Wall.RequireSnapshot();
            }

            throw;
        }

        Accepted();
        board.Wall.MarkEnforced(version);
        return true;
    }

    private void Refused(KernelException failure)
    {
        Failed++;
        FailedInARow++;
        Fault = $"The kernel refuses changes of the policy ({failure.Message.TrimEnd('.')}); the policy before them stands, and they are tried until it takes them.";
    }

    private void Accepted() => (FailedInARow, Fault) = (0, null);
}
