using Blackwall.Behavior.Detectors;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Behavior.Statistics;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// Finds programs that check in with a C2 server. Regular timing alone accuses nobody: a destination that many inside hosts contact is a service, and one
/// that sends much content is used for it; both count against. What remains is reported and never blocks by itself.
/// </summary>
internal sealed class BeaconDetector(DetectionOptions options, Alerts alerts)
{
    private const uint RepeatSeconds = 6 * 3600;
    private const uint MostDoublings = 5;
    private const uint ShortestQuiet = 8000;
    private const uint ShortestSeconds = 20;
    private const ulong Content = 1 << 20;
    private const int ContentDiscount = 100;
    private const ulong UsualContent = 16 << 10;
    private const ulong UsualUpload = 16 << 10;
    private const uint SlowMilliseconds = 20 * 60 * 1000;
    private const int SlowCheckIns = 20;

    /// <summary>Whether the pair is looked at again after this many flows: more rarely the more there were.</summary>
    public static bool IsTime(uint opened) => opened >= BeaconMeasure.FewestCheckIns && (opened < 32 ? opened % 2 == 0 : opened % (opened < 256 ? 8u : 64u) == 0);

    public void Consider(in PairKey key, ref Pair pair, int askedBy, int insideHosts, ulong now, IFindings findings)
    {
        uint seconds = Profile.Seconds(now);
        if (WasToldLately(in pair, seconds) || IsPopular(askedBy, insideHosts) || IsContent(in pair) || pair.IsHeldOpen || (key.Protocol == Contact.Tcp && pair.IsInVain && CommonServices.IsUsual(key.Port)))
        {
            return;
        }

        Span<uint> starts = stackalloc uint[Pair.StartRing.Length];
        Span<ushort> sizes = stackalloc ushort[Pair.SizeRing.Length];
        starts = starts[..Newest(pair.Starts, pair.Opened, starts)];
        sizes = sizes[..Newest(pair.Sizes, pair.Closed, sizes)];
        Span<ushort> durations = stackalloc ushort[Pair.SizeRing.Length];
        durations = durations[..Newest(pair.Durations, pair.Closed, durations)];
        BeaconVerdict verdict = BeaconMeasure.Measure(starts, sizes, durations);
        if (verdict.Score == 0 || IsKeptAlive(in pair, verdict.Gaps, starts) || ScheduledStarts.IsKept(starts, verdict.Gaps, now))
        {
            return;
        }

        GapStatistics gaps = verdict.Gaps;
        int score = verdict.Score - (pair.MostIn >= Content ? ContentDiscount : 0);
        bool tooSlow = gaps.Period >= SlowMilliseconds && verdict.CheckIns < SlowCheckIns;
        bool tooShort = (ulong)gaps.Mean * (uint)gaps.Count < ShortestSeconds * 1000;
        if (tooSlow || tooShort || score < BeaconMeasure.Needed(verdict.CheckIns, options.BeaconScore))
        {
            return;
        }

        pair.BeaconToldSeconds = seconds;
        pair.BeaconTold++;
        alerts.Raise(key.Inside, key.Outside, key.Protocol == Contact.Tcp && pair.Closed > 0, EvidenceKind.Beacon, score / 1000.0, FactsOf(in key, in verdict, score, askedBy), now, findings);
    }

    // Streams, feeds and backups are regular too. A check-in receives commands, which are small; what is uploaded is another detector's subject.
    private static bool IsContent(in Pair pair) =>
        pair.Closed > 0 && (pair.TotalIn / pair.Closed >= UsualContent || pair.TotalOut / pair.Closed >= UsualUpload);

    // A beacon that goes on for days is reported less and less often.
    private static bool WasToldLately(in Pair pair, uint seconds) =>
        pair.BeaconTold != 0 && seconds - pair.BeaconToldSeconds < RepeatSeconds << (int)Math.Min(pair.BeaconTold - 1, MostDoublings);

    // On one pair of ports most regular traffic is keep-alive: NAT bindings, SIP registrations, health checks, all by exact timers. A beacon that hides from such
    // a check has jitter.
    private static bool IsKeptAlive(in Pair pair, in GapStatistics gaps, ReadOnlySpan<uint> starts) =>
        pair.Woken * 2 > pair.Opened && (gaps.Period < ShortestQuiet || gaps.Short + gaps.Long > 0 || ExactTimer.IsKept(starts));

    // Two hosts may be infected alike; a tenth of all inside hosts is a service.
    private bool IsPopular(int askedBy, int insideHosts) => askedBy >= Math.Max(options.PopularHosts, insideHosts / 20);

    private static EvidenceFacts FactsOf(in PairKey key, in BeaconVerdict verdict, int score, int askedBy) => new(Findings.RegularCheckIns)
    {
        Other = $"{key.Outside}",
        Port = key.Port == 0 ? null : key.Port,
        Protocol = ProtocolWords.For(key.Protocol),
        PeriodMilliseconds = verdict.Gaps.Period,
        CheckIns = verdict.CheckIns,
        SpreadPercent = verdict.Gaps.Median == 0 ? 0 : (long)(verdict.Gaps.MedianDeviation * 100UL / verdict.Gaps.Median),
        ShortPercent = verdict.Gaps.Short / 10.0,
        LongPercent = verdict.Gaps.Long / 10.0,
        Score = score / 10,
        InsideHosts = askedBy,
        SpanMilliseconds = (long)verdict.Gaps.Mean * verdict.Gaps.Count,
    };

    private static int Newest<T>(ReadOnlySpan<T> ring, uint count, Span<T> ordered)
    {
        int length = (int)Math.Min(count, (uint)ring.Length);
        for (int i = 0; i < length; i++)
        {
            ordered[i] = ring[(int)((count - (uint)length + (uint)i) % (uint)ring.Length)];
        }

        return length;
    }
}
