using System.Globalization;
using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>Why a list shall not come into force before somebody has looked at it.</summary>
/// <param name="budget">Users that feeds stop.</param>
/// <param name="options">The settings as they are now.</param>
internal sealed class FeedDoubts(UserBudget budget, Func<FeedOptions> options)
{
    /// <summary>A list that shrinks to less than a tenth, or grows to more than ten times, is more likely a fault of its server than news; small lists may.</summary>
    private const int ChangeFrom = 20;
    private const int ChangeBy = 10;

    private static readonly double s_wide4 = Math.Pow(2, 32 - 8);
    private static readonly double s_wide6 = Math.Pow(2, 128 - 19);

    /// <summary>What is strange about a list beside the one before it; null: nothing.</summary>
    public static string? OfChange(int before, int now) => before < ChangeFrom ? null
        : now * ChangeBy < before ? string.Create(CultureInfo.InvariantCulture, $"The list shrank from {before} to {now} entries.")
        : now > (long)before * ChangeBy ? string.Create(CultureInfo.InvariantCulture, $"The list grew from {before} to {now} entries.")
        : null;

    /// <summary>What speaks against acting on a list; null: nothing does, and the users that it stops are noted.</summary>
    /// <param name="feed">Whose list.</param>
    /// <param name="state">What was accepted before.</param>
    /// <param name="list">What would be enforced of it.</param>
    /// <param name="impact">Which sources it holds; null: that is not known.</param>
    public string? OfForce(Feed feed, FeedState state, FeedList list, FeedImpact? impact)
    {
        FeedOptions now = options();
        if (!now.AllowWide && feed.Settings is { Enabled: true } and ({ Verdict: not null } or { Kind: FeedKind.Allow })
            && (list.Ranges.Size4 > Math.Max(s_wide4, state.AcceptedSize4) || list.Ranges.Size6 > Math.Max(s_wide6, state.AcceptedSize6)))
        {
            return "The list covers more than a /8 of IPv4 or a /19 of IPv6 in all (feeds.allow_wide).";
        }

        if (feed.Settings.Verdict is null)
        {
            return null;
        }

        HashSet<Address> users = Unaccepted(state, list, impact);
        return budget.TryTake(feed.Name, users, now.MaxUsers, out int total) ? null
            : string.Create(CultureInfo.InvariantCulture, $"The list would stop {users.Count} sources that use services here in the ordinary way{(total > users.Count ? string.Create(CultureInfo.InvariantCulture, $", with all other feeds {total}") : "")} (feeds.max_users = {now.MaxUsers}).");
    }

    /// <summary>What is remembered of a list that comes into force.</summary>
    public FeedState Remember(Feed feed, FeedState state, FeedList list, FeedImpact? impact, bool isAccepted)
    {
        if (feed.Settings.Verdict is null && feed.Settings.Kind is not FeedKind.Allow)
        {
            budget.Release(feed.Name);
            return state;
        }

        HashSet<Address> stopped = Unaccepted(state, list, impact);
        IEnumerable<string> accepted = state.Accepted.Where(text => list.Find(Address.Parse(text)) is not null);
        if (isAccepted)
        {
            // These people, and no larger number of others.
            accepted = accepted.Concat(stopped.Select(user => $"{user}"));
            stopped = [];
            state = state with { AcceptedSize4 = list.Ranges.Size4, AcceptedSize6 = list.Ranges.Size6 };
        }

        budget.Set(feed.Name, stopped);
        return state with { Accepted = [.. accepted], Stopped = [.. stopped.Select(user => $"{user}")] };
    }

    /// <summary>Users whom the list stops and about whom nobody was asked: those who are users now, and those who were when the feed first stopped them.</summary>
    private static HashSet<Address> Unaccepted(FeedState state, FeedList list, FeedImpact? impact)
    {
        HashSet<Address> users = [.. impact?.UserAddresses ?? []];
        users.UnionWith(state.Stopped.Select(text => Address.Parse(text)).Where(user => list.Find(user) is not null));
        users.ExceptWith(state.Accepted.Select(text => Address.Parse(text)));
        return users;
    }
}
