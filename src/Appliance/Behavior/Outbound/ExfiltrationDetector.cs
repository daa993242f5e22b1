using Blackwall.Behavior.Detectors;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// Compares what a host sends to one service within an hour and within a day, and to all together within an hour, with what it and that
/// service are used to. Uploads are ordinary, so it takes a large amount, far above what was learned, and much more out than in.
/// </summary>
internal sealed class ExfiltrationDetector(DetectionOptions options, Alerts alerts, ulong seed)
{
    private const ulong Hour = 3_600_000_000_000;
    private const long HourMilliseconds = 3_600_000;
    private const uint HoursADay = 24;
    private const uint HoursAWeek = 168;
    private const uint RepeatSeconds = 6 * 3600;
    private const ulong HostFactor = 4;
    private const ulong PairFactor = 3;
    private const ulong Imbalance = 4;

    private readonly FlowTotals _totals = new(options.MaxInsideHosts, seed);

    public void OnVolume(ref InsideHost host, in PairKey key, ref Pair pair, in PacketEvent packet, IFindings findings)
    {
        ulong now = packet.TimeNanoseconds;
        uint hour = (uint)(now / Hour) + 1;
        Turn(ref host, hour);
        Turn(ref pair, hour);

        (ulong bytesOut, ulong bytesIn) = _totals.Added(in key, in packet);
        host.HourOut += bytesOut;
        host.HourIn += bytesIn;
        host.DayOut += bytesOut;
        pair.HourOut += bytesOut;
        pair.HourIn += bytesIn;
        pair.DayOut += bytesOut;
        pair.DayIn += bytesIn;
        ulong floor = (ulong)options.ExfiltrationMegabytes << 20;
        uint seconds = Profile.Seconds(now);
        if (pair.HourOut >= floor && pair.HourOut >= host.UsualOut * HostFactor && pair.HourOut >= pair.UsualOut * PairFactor && pair.HourOut >= pair.HourIn * Imbalance)
        {
            if (IsNews(ref pair.ExfiltrationToldSeconds, seconds))
            {
                host.SpreadToldSeconds = seconds;
                Raise(in key, in packet, FactsOf(in key, pair.HourOut, pair.HourIn, HourMilliseconds, host.UsualOut, pair.UsualOut), findings);
            }
        }
        else if (IsSteady(in host, in pair, floor))
        {
            // A small amount each hour never stands out against the usual hour, and raises it; the usual day does not rise as fast.
            if (IsNews(ref pair.ExfiltrationToldSeconds, seconds))
            {
                Raise(in key, in packet, FactsOf(in key, pair.DayOut, pair.DayIn, 24 * HourMilliseconds, host.UsualDay, pair.UsualDay), findings);
            }
        }
        else if (IsSpread(in host, in pair, floor) && IsNews(ref host.SpreadToldSeconds, seconds))
        {
            EvidenceFacts facts = new(Findings.SpreadUpload)
            {
                BytesOut = (long)host.HourOut,
                BytesIn = (long)host.HourIn,
                BytesOutToOther = (long)pair.HourOut,
                Other = $"{key.Outside}",
                Port = key.Port,
                Protocol = ProtocolWords.For(key.Protocol),
                UsualBytesOut = (long)host.UsualOut,
                SpanMilliseconds = HourMilliseconds,
            };
            Raise(in key, in packet, facts, findings);
        }
    }

    private static bool IsSteady(in InsideHost host, in Pair pair, ulong floor) =>
        host.Days > 0 && pair.DayOut >= floor + (floor / 2) && pair.DayOut >= host.UsualDay * HostFactor && pair.DayOut >= pair.UsualDay * PairFactor && pair.DayOut >= pair.DayIn * Imbalance;

    // Many small uploads of a peer-to-peer program do not count: this destination must have received a good part of the total, and more than usual.
    private static bool IsSpread(in InsideHost host, in Pair pair, ulong floor) =>
        host.HourOut >= floor + (floor / 4) && pair.HourOut >= floor / 8 && pair.HourOut >= pair.UsualOut * PairFactor
        && host.HourOut >= host.UsualOut * HostFactor && host.HourOut >= host.HourIn * Imbalance;

    private static bool IsNews(ref uint told, uint seconds)
    {
        if (told != 0 && seconds - told < RepeatSeconds)
        {
            return false;
        }

        told = seconds;
        return true;
    }

    private static EvidenceFacts FactsOf(in PairKey key, ulong sent, ulong got, long span, ulong usualOfHost, ulong usualOfPair) => new(Findings.Upload)
    {
        BytesOut = (long)sent,
        BytesIn = (long)got,
        Other = $"{key.Outside}",
        Port = key.Port,
        Protocol = ProtocolWords.For(key.Protocol),
        UsualBytesOut = (long)usualOfHost,
        UsualBytesOutToOther = (long)usualOfPair,
        SpanMilliseconds = span,
    };

    private void Raise(in PairKey key, in PacketEvent packet, EvidenceFacts facts, IFindings findings) =>
        alerts.Raise(key.Inside, key.Outside, key.Protocol == Contact.Tcp, EvidenceKind.Exfiltration, 0.7, facts, packet.TimeNanoseconds, findings);

    private static void Turn(ref InsideHost host, uint hour)
    {
        if (host.Hour == hour)
        {
            return;
        }

        // The first hour is taken as it is; quiet hours pull the average down too.
        uint passed = host.Hour == 0 ? 0 : Math.Min(hour - host.Hour, HoursAWeek);
        if (host.Hour != 0)
        {
            host.UsualOut = host.UsualOut == 0 ? host.HourOut : ((host.UsualOut * 7) + host.HourOut) / 8;
        }

        for (uint i = 1; i < passed; i++)
        {
            host.UsualOut -= host.UsualOut / 64;
        }

        host.Hour = hour;
        host.HourOut = 0;
        host.HourIn = 0;
        uint day = hour / HoursADay;
        if (host.Day != day)
        {
            if (host.Day != 0)
            {
                host.UsualDay = host.Days == 0 ? host.DayOut : ((host.UsualDay * 3) + host.DayOut) / 4;
                host.Days++;
            }

            // Half of yesterday's, so that midnight is no hiding place.
            host.DayOut = day - host.Day == 1 ? host.DayOut / 2 : 0;
            host.Day = day;
        }
    }

    private static void Turn(ref Pair pair, uint hour)
    {
        if (pair.Hour == hour)
        {
            return;
        }

        uint weeks = pair.Hour == 0 ? 0 : (hour - pair.Hour) / HoursAWeek;
        pair.UsualOut = Math.Max(weeks >= 64 ? 0 : pair.UsualOut >> (int)weeks, pair.HourOut);
        pair.Hour = hour;
        pair.HourOut = 0;
        pair.HourIn = 0;
        uint day = hour / HoursADay;
        if (pair.Day != day)
        {
            pair.UsualDay = Math.Max(weeks >= 64 ? 0 : pair.UsualDay >> (int)weeks, pair.DayOut);
            bool isNext = day - pair.Day == 1;
            pair.DayOut = isNext ? pair.DayOut / 2 : 0;
            pair.DayIn = isNext ? pair.DayIn / 2 : 0;
            pair.Day = day;
        }
    }
}
