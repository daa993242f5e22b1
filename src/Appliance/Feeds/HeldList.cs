using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>A list of one feed that waits for the operator, with a copy of it that outlives a restart. One writer at a time.</summary>
internal sealed class HeldList(FeedCopy copy, string feed)
{
    private FeedList? _list;

    /// <summary>Null: none waits.</summary>
    public FeedList? List => Volatile.Read(ref _list);

    /// <summary>Takes up what waited before.</summary>
    /// <param name="state">What is remembered of the feed.</param>
    /// <param name="before">The list, where it is known; null: the copy is read.</param>
    /// <param name="reserved">Private and reserved ranges that the feed may name.</param>
    public FeedState Open(FeedState state, FeedList? before, IReadOnlyList<Prefix> reserved)
    {
        if (state.Held is null)
        {
            return state;
        }

        string? fault = null;
        Volatile.Write(ref _list, before ?? FeedList.From(copy.Read(NameOfCopy, out fault, state.HeldDigest), reserved));

        // Without it nothing can be accepted; the next fetch, which is a whole one, says again what is strange.
        return fault is null && state.HeldDigest is not null ? state : Clear(state) with { ETag = null, LastModified = null };
    }

    /// <summary>Keeps a list aside, instead of one that waits already.</summary>
    /// <param name="state">What is remembered of the feed.</param>
    /// <param name="list">The list.</param>
    /// <param name="why">What is to be looked at.</param>
    /// <param name="fetched">When it was known to be up to date.</param>
    public FeedState Hold(FeedState state, FeedList list, string why, DateTimeOffset? fetched)
    {
        _ = copy.Write(NameOfCopy, list.Entries, out string digest);
        bool isOther = _list is not null && !string.Equals(state.HeldDigest, digest, StringComparison.Ordinal);
        Volatile.Write(ref _list, list);
        return state with { Held = why, HeldDigest = digest, HeldSince = fetched, IsHeldAgain = state.IsHeldAgain || isOther };
    }

    /// <summary>None waits any longer.</summary>
    public FeedState Clear(FeedState state)
    {
        Volatile.Write(ref _list, null);
        if (state.Held is null)
        {
            return state;
        }

        copy.Remove(NameOfCopy);
        return state with { Held = null, HeldDigest = null, HeldSince = null, IsHeldAgain = false };
    }

    private string NameOfCopy => FeedCopy.Waiting(feed);
}
