using Blackwall.Pipeline.Model;

namespace Blackwall.Feeds;

/// <summary>
/// Ordinary users that feeds stop without an operator's consent: one budget for all feeds. A user who is stopped goes on counting, though detection sees
/// a blocked source by then; else a list that grows by a few users each time would never be doubted. Thread-safe.
/// </summary>
internal sealed class UserBudget
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<Address>> _stopped = new(StringComparer.Ordinal);

    /// <summary>Notes the users that a feed stops, without a question.</summary>
    public void Set(string feed, IEnumerable<Address> users)
    {
        lock (_lock)
        {
            _stopped[feed] = [.. users];
        }
    }

    /// <summary>The feed stops nobody any more.</summary>
    public void Release(string feed)
    {
        lock (_lock)
        {
            _stopped.Remove(feed);
        }
    }

    /// <summary>Notes the users that a feed is about to stop, if all feeds together may stop so many; it may always go on stopping whom it stops.</summary>
    /// <param name="feed">Its name.</param>
    /// <param name="users">All whom it would stop without consent.</param>
    /// <param name="most">Users that all feeds together may stop.</param>
    /// <param name="total">Users that they would stop.</param>
    public bool TryTake(string feed, IReadOnlyCollection<Address> users, int most, out int total)
    {
        lock (_lock)
        {
            HashSet<Address> all = [.. users];
            bool isMore = !_stopped.TryGetValue(feed, out HashSet<Address>? own) ? all.Count > 0 : !own.IsSupersetOf(all);
            foreach (HashSet<Address> others in _stopped.Where(one => !string.Equals(one.Key, feed, StringComparison.Ordinal)).Select(one => one.Value))
            {
                all.UnionWith(others);
            }

            total = all.Count;
            if (isMore && total > most)
            {
                return false;
            }

            _stopped[feed] = [.. users];
            return true;
        }
    }
}
