using Blackwall.Pipeline;

namespace Blackwall.Kernel.Enforcement;

/// <summary>
/// Makes the kernel's policy follow the board: single changes in place, many as a new generation. Owned by the wall's thread.
/// </summary>
internal sealed class EnforcementWriter(VerdictBoard board, IPolicyTarget wall)
{
    /// <summary>From here on a new generation is cheaper than single writes.</summary>
    private const int MostSingleChanges = 16_384;

    private readonly List<Prefix> _dirty = [];

    /// <summary>Single entries written.</summary>
    public long Written { get; private set; }

    /// <summary>Whole policies built.</summary>
    public long Replaced { get; private set; }

    /// <summary>Entries of the last whole policy.</summary>
    public int LastSize { get; private set; }

    /// <summary>Builds the whole policy anew and swaps it in.</summary>
    public void Replace() => Replace(wall.Replace);

    /// <param name="install">How the whole policy comes into force.</param>
    public void Replace(Action<BoardSnapshot> install)
    {
        BoardSnapshot snapshot = board.Snapshot();
        try
        {
            install(snapshot);
        }
        catch (KernelException)
        {
            // The changes are off the board but not in the kernel: only the whole can make that good.
            board.RequireSnapshot();
            throw;
        }

        Replaced++;
        LastSize = snapshot.Entries.Length;
        board.MarkEnforced(snapshot.Version);
    }

    /// <summary>Brings the kernel up to the board's version.</summary>
    public void Synchronise()
    {
        if (board.SnapshotNeeded)
        {
            Replace();
            return;
        }

        _dirty.Clear();
        long version = board.DrainDirty(_dirty);
        if (_dirty.Count > MostSingleChanges)
        {
            Replace();
            return;
        }

        foreach (Prefix scope in _dirty)
        {
            PolicyEntry? entry = board.TryEntry(scope, out PolicyEntry found) ? found : null;
            if (!wall.TryApply(scope, entry))
            {
                Replace();
                return;
            }

            Written++;
        }

        board.MarkEnforced(version);
    }
}
