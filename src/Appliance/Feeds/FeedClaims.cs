using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>
/// Makes claims of lists: each feed is the owner of its own, and a new list changes what differs and nothing else. What an allow list has is left out of
/// all feeds; it takes nothing away from the operator's rules or from what this appliance saw itself. Thread-safe.
/// </summary>
internal sealed class FeedClaims(VerdictBoard board)
{
    public const string Reason = "threat-feed";

    private readonly Lock _lock = new();
    private volatile IReadOnlyDictionary<string, ScopeRanges> _allowed = new Dictionary<string, ScopeRanges>(StringComparer.Ordinal);

    /// <summary>Makes an allow list count from now on, or no longer.</summary>
    public void Allow(string name, ScopeRanges? ranges)
    {
        lock (_lock)
        {
            Dictionary<string, ScopeRanges> allowed = new(_allowed, StringComparer.Ordinal);
            allowed.Remove(name);
            if (ranges is not null)
            {
                allowed[name] = ranges;
            }

            _allowed = allowed;
        }
    }

    /// <summary>Brings what a feed claims to a new list.</summary>
    /// <param name="feed">Whose claims.</param>
    /// <param name="list">All that it says.</param>
    /// <param name="left">How long the claims hold unless they are made again; not positive: there shall be none.</param>
    /// <param name="excepted">Entries that an allow list has.</param>
    public ReconcileResult Make(Feed feed, FeedList list, TimeSpan left, out int excepted)
    {
        excepted = 0;
        if (feed.Settings.Verdict is not { } verdict || left <= TimeSpan.Zero)
        {
            return Withdraw(feed.Name);
        }

        IReadOnlyList<FeedEntry> entries = Without(list, [.. _allowed.Values]);
        excepted = list.Entries.Count - entries.Count;
        return board.Reconcile(OwnerOf(feed.Name), new EntryClaims(entries, new Claim(default, verdict, Reason, feed.Settings.Score / 100.0, left) { IsVouched = feed.Settings.Reserved.Count > 0 }));
    }

    /// <summary>Whether nobody but feeds blocks an address.</summary>
    public bool IsFree(Address address) => board.Effective(Prefix.Host(address)) is null or { Origin: Origin.Feed } or { Verdict: Verdict.Pass };

    /// <summary>What of a list may be claimed now: allow lists take the rest out.</summary>
    public FeedList WithoutAllowed(FeedList list) => Without(list, [.. _allowed.Values]) is var left && left.Count == list.Entries.Count ? list : list.Only(left);

    public ReconcileResult Withdraw(string name) => board.Reconcile(OwnerOf(name), []);

    /// <summary>How many claims the board has of a feed.</summary>
    public int Count(string name) => board.ScopesOf(OwnerOf(name)).Count;

    /// <summary>How many entries would be new, or gone, if the list came into force.</summary>
    public (int Added, int Removed) Compare(string name, FeedList list)
    {
        HashSet<Prefix> claimed = [.. board.ScopesOf(OwnerOf(name))];
        int before = claimed.Count;
        int kept = 0;
        foreach (FeedEntry entry in list.Entries)
        {
            kept += claimed.Contains(entry.Scope) ? 1 : 0;
        }

        return (list.Entries.Count - kept, before - kept);
    }

    /// <summary>Entries that nothing automatic may touch, with the reason of the first ones.</summary>
    public (int Count, IReadOnlyList<string> Samples) Guarded(FeedList list)
    {
        // Most of the guard set are single addresses, so that it is they that are looked up.
        HashSet<Prefix> hit = [];
        List<string> samples = [];
        foreach (GuardEntry guard in board.Guarded.Entries)
        {
            foreach (FeedEntry entry in list.Overlapping(guard.Scope))
            {
                if (hit.Add(entry.Scope) && samples.Count < FeedList.MaxSamples)
                {
                    samples.Add($"{entry.Scope}: guarded, {guard.Why}");
                }
            }
        }

        return (hit.Count, samples);
    }

    public IReadOnlyList<string> Owners() => [.. board.OwnersOf(Origin.Feed).Select(owner => owner.Name)];

    private static IReadOnlyList<FeedEntry> Without(FeedList list, ScopeRanges[] allowed)
    {
        if (Array.TrueForAll(allowed, ranges => ranges.IsEmpty))
        {
            return list.Entries;
        }

        List<FeedEntry> left = new(list.Entries.Count);
        int[] places = new int[allowed.Length];
        foreach (FeedEntry entry in list.Span)
        {
            bool isAllowed = false;
            for (int i = 0; i < allowed.Length; i++)
            {
                isAllowed |= allowed[i].Overlaps(entry.Scope, ref places[i]);
            }

            if (!isAllowed)
            {
                left.Add(entry);
            }
        }

        return left;
    }

    private static ClaimOwner OwnerOf(string name) => new(Origin.Feed, name);
}
