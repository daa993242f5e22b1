using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Time;

namespace Blackwall.Behavior;

/// <summary>Lists of sources. The table is walked in slices, so that events wait for microseconds; a source that moves meanwhile may be missed, and none is told twice.</summary>
/// <param name="gate">Held while a slice is read.</param>
/// <param name="table">All profiles.</param>
/// <param name="dates">Dates of the profiles' times.</param>
internal sealed class SourceListing(Lock gate, ProfileTable table, BootClock dates)
{
    private const int Slice = 2048;

    public IReadOnlyList<SourceRow> List(SourceQuery query)
    {
        // The last of those kept comes out first.
        PriorityQueue<SourceRow, SourcePlace> kept = new(Comparer<SourcePlace>.Create((left, right) => right.Compare(left)));
        foreach (ProfileRegion region in new[] { table.Proven, table.Unproven })
        {
            bool isProven = ReferenceEquals(region, table.Proven);
            for (int from = 0; from < region.Chains; from += Slice)
            {
                lock (gate)
                {
                    region.Visit(from, from + Slice, slot => Offer(query, in region[slot], isProven, kept));
                }
            }
        }

        List<SourceRow> rows = new(kept.Count);
        while (kept.TryDequeue(out SourceRow? row, out _))
        {
            rows.Add(row);
        }

        rows.Reverse();
        return [.. rows.DistinctBy(row => row.Place.Address)];
    }

    private void Offer(SourceQuery query, in Profile profile, bool isProven, PriorityQueue<SourceRow, SourcePlace> kept)
    {
        SourcePlace place = new(KeyOf(query.Order, in profile), profile.Key);
        if ((query.Phase is { } phase && !string.Equals(PhaseWords.For(profile.Phase), phase, StringComparison.Ordinal))
            || (query.Within is { } prefix && !prefix.Contains(profile.Key))
            || query.Among?.Invoke(profile.Key) == false
            || (query.After is { } after && place.Compare(after) <= 0))
        {
            return;
        }

        if (kept.Count == query.Limit)
        {
            if (kept.TryPeek(out _, out SourcePlace last) && place.Compare(last) >= 0)
            {
                return;
            }

            kept.Dequeue();
        }

        kept.Enqueue(
            new SourceRow(
                place,
                PhaseWords.For(profile.Phase),
                profile.Suspicion / 1000.0,
                dates.ToDate(profile.FirstNanoseconds),
                dates.ToDate(profile.LastNanoseconds),
                isProven,
                (long)profile.Packets.Count),
            place);
    }

    private static ulong KeyOf(SourceOrder order, in Profile profile) => order switch
    {
        SourceOrder.Packets => profile.Packets.Count,
        SourceOrder.Suspicion => profile.Suspicion,
        _ => profile.LastNanoseconds,
    };
}
