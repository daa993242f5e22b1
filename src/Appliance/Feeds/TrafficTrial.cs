using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Feeds;

/// <summary>
/// Holds a list against the sources that detection remembers: which of them it would have stopped, and how many of those use services here in the
/// ordinary way. The memory is that of detection: sources of the last days, the least active forgotten first.
/// </summary>
/// <param name="detection">What is remembered; null: detection does not run.</param>
/// <param name="isFree">Whether nobody but feeds blocks an address.</param>
internal sealed class TrafficTrial(Func<ISourceInsight?> detection, Func<Address, bool> isFree)
{
    private const int MostHits = 10_000;
    private const int MostSamples = 20;
    private const string Trusted = "trusted";
    private const string New = "new";
    private const string Blocked = "blocked";

    /// <summary>From here on a source is suspected of something.</summary>
    private const double LeastSuspicion = 0.5;

    /// <param name="list">What would be enforced.</param>
    /// <param name="others">Names of the other feeds that hold an address.</param>
    /// <returns>Null: detection does not run, so nothing is known.</returns>
    public FeedImpact? Run(FeedList list, Func<Address, IReadOnlyList<string>> others)
    {
        if (detection() is not { } insight)
        {
            return null;
        }

        IReadOnlyList<SourceRow> rows = list.Ranges.IsEmpty ? [] : insight.List(new SourceQuery(null, null, SourceOrder.LastSeen, null, MostHits) { Among = address => list.Ranges.Find(address) >= 0 });
        Dictionary<string, int> agreeing = new(StringComparer.Ordinal);
        List<ImpactSample> hits = new(rows.Count);
        List<Address> users = [];
        foreach (SourceRow row in rows)
        {
            Address source = row.Place.Address;
            int uses = insight.Describe(source)?.Uses ?? 0;
            IReadOnlyList<string> also = others(source);
            foreach (string other in also)
            {
                agreeing[other] = agreeing.GetValueOrDefault(other) + 1;
            }

            FeedEntry? entry = list.Find(source);
            bool isUser = IsUser(row, uses);
            if (isUser)
            {
                users.Add(source);
            }

            hits.Add(new ImpactSample($"{source}", $"{entry?.Scope}", isUser, uses, row.Phase, row.LastSeen, also));
        }

        return new FeedImpact(hits.Count, hits.Count(hit => hit.IsUser), agreeing, [.. hits.OrderByDescending(hit => hit.IsUser).ThenByDescending(hit => hit.Uses).Take(MostSamples)]) { UserAddresses = users };
    }

    // Whoever used something here and is not suspected of anything is a person or a program that somebody will miss, also while a feed stops them.
    private bool IsUser(SourceRow row, int uses) =>
        row.Phase is Trusted || (row.IsProven && uses > 0 && (row.Phase is New || (row.Phase is Blocked && row.Suspicion < LeastSuspicion && isFree(row.Place.Address))));
}
