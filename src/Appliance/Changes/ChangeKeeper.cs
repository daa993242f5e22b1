using System.Collections.Concurrent;
using Blackwall.Storage;

namespace Blackwall.Changes;

/// <summary>What the store has to have before a change may act, and what it takes later when the disk refuses.</summary>
internal sealed class ChangeKeeper(ChangeStore store, ILogger log)
{
    private readonly ConcurrentDictionary<long, PolicyChange> _unstored = new();

    /// <summary>Whether a change waits for the disk.</summary>
    public bool Waits => !_unstored.IsEmpty;

    /// <exception cref="ChangeRefusedException">The disk refused.</exception>
    public static async Task ExpectAsync(Task write)
    {
        try
        {
            await write;
        }
        catch (StoreException failure)
        {
            throw new ChangeRefusedException($"The change cannot be stored ({failure.Message}), so it could not be taken back after a crash.", failure);
        }
    }

    /// <summary>Waits for a write about a change; a failure is only told.</summary>
    public async Task<bool> TryAsync(PolicyChange change, Task write)
    {
        try
        {
            await write;
            return true;
        }
        catch (StoreException failure)
        {
            ChangesLog.NotStored(log, change.Id, failure.Message);
            return false;
        }
    }

    /// <summary>Stores a change that ended, now or as soon as the disk takes it; the answer says which.</summary>
    public async Task<PolicyChange> KeepAsync(PolicyChange change)
    {
        if (await TryAsync(change, store.UpdateAsync(change)))
        {
            return change;
        }

        // At the worst the next start finds a change whose time is over, and takes back what is taken back already.
        change = change with { Stored = false };
        _unstored[change.Id] = change;
        return change;
    }

    /// <summary>Tries again with what waits; returns what is stored by now.</summary>
    public async Task<IReadOnlyList<PolicyChange>> KeepAgainAsync()
    {
        List<PolicyChange> stored = [];
        try
        {
            foreach (PolicyChange change in _unstored.Values)
            {
                await store.UpdateAsync(change);
                _unstored.TryRemove(change.Id, out _);
                stored.Add(change with { Stored = true });
            }
        }
        catch (StoreException)
        {
            // Told already; the next round tries again.
        }

        return stored;
    }
}
