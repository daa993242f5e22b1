using System.Globalization;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// Compares what a host sends to one service within an hour with what it and that service are used to. Uploads are ordinary, so it takes
/// a large amount, far above what was learned, and much more out than in.
/// </summary>
internal sealed class ExfiltrationDetector(DetectionOptions options, Alerts alerts, ulong seed)
{
    private const ulong Hour = 3_600_000_000_000;
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
        pair.HourOut += bytesOut;
        pair.HourIn += bytesIn;
        ulong floor = (ulong)options.ExfiltrationMegabytes << 20;
        if (pair.HourOut < floor
            || pair.HourOut < host.UsualOut * HostFactor
            || pair.HourOut < pair.UsualOut * PairFactor
            || pair.HourOut < pair.HourIn * Imbalance)
        {
            return;
        }

        uint seconds = Profile.Seconds(now);
        if (pair.ExfiltrationToldSeconds != 0 && seconds - pair.ExfiltrationToldSeconds < RepeatSeconds)
        {
            return;
        }

        pair.ExfiltrationToldSeconds = seconds;
        string detail = string.Create(
            CultureInfo.InvariantCulture,
            $"sent {pair.HourOut >> 20} MiB to {key.Outside} port {key.Port} within the hour and got {pair.HourIn >> 20} MiB; usual are {host.UsualOut >> 20} MiB an hour in all and at most {pair.UsualOut >> 20} MiB to there");
        alerts.Raise(key.Inside, key.Outside, key.Protocol == Contact.Tcp, EvidenceKind.Exfiltration, 0.7, detail, now, findings);
    }

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
    }
}
