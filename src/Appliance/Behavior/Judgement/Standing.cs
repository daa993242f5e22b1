using Blackwall.Behavior.Detectors;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Time;

namespace Blackwall.Behavior.Judgement;

/// <summary>Puts into words and numbers what a profile holds.</summary>
internal static class Standing
{
    public static SourceStanding Describe(Subject subject, bool isProven, DetectionOptions options, DistributedScanDetector networks, BootClock dates)
    {
        ref Profile profile = ref subject.Profile;
        List<StandingPart> parts = [];
        if (subject.IsWatched)
        {
            ref Watch watch = ref subject.Watch;
            parts.Add(Distinct("portsInVainInAMinute", watch.Ports.Count, options.ScanPorts));
            parts.Add(Distinct("hostsInVainInAMinute", watch.Hosts.Count, options.ScanHosts));
            parts.Add(Distinct("portsInVainInAnHour", watch.HourPorts.Count, options.HourScanPorts));
            parts.Add(Distinct("portsInVainInADay", watch.SlowPorts.Count, options.SlowScanPorts));
            parts.Add(Distinct("hostsInVainInADay", watch.SlowHosts.Count, options.SlowScanPorts));
            parts.Add(new("packetsWithImpossibleFlags", watch.StealthPackets, options.StealthPackets));
            parts.Add(Distinct("requestTargets", watch.Targets.Count, options.HttpDistinctTargets));
            foreach (LoginCounter counter in (ReadOnlySpan<LoginCounter>)watch.Logins)
            {
                if (counter.Port != 0)
                {
                    parts.Add(new($"{(counter.IsRefused ? "refused" : "failed")}LoginsInADayAtPort{counter.Port}", counter.Day.Failed, options.DayBruteForceAttempts));
                }
            }
        }

        parts.Add(new("loginPortsOpenedForNothing", profile.Knocks, options.LoginKnocks));
        Address source = profile.Key;
        IEnumerable<int> lengths = source.IsV4 ? [24] : [64, 48];
        return new SourceStanding(
            PhaseWords.For(profile.Phase),
            profile.Suspicion / 1000.0,
            dates.ToDate(profile.FirstNanoseconds),
            dates.ToDate(profile.LastNanoseconds),
            isProven,
            profile.Uses,
            [.. parts.Where(part => part.Value > 0)],
            [.. lengths.Select(length => NetworkKey.From(source, length)).Select(key => networks.Read(key) is var (ports, sources) ? new NetworkStanding(key.Network, sources, ports) : null!).Where(n => n.Sources > 0)]);
    }

    private static StandingPart Distinct(string name, int count, int threshold) => new(name, count, threshold, IsEstimate: count > DistinctWindow.Few);
}
