using System.Globalization;
using Blackwall.Pipeline;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// An inside host that scans: many ports of few hosts, or few ports of many hosts, and hardly anybody answers. Peer-to-peer programs try
/// many ports of many hosts; they are left alone.
/// </summary>
internal sealed class OutboundScanDetector(DetectionOptions options, Alerts alerts)
{
    private const ulong Window = 300_000_000_000;
    private const uint RepeatSeconds = 3600;
    private const int Few = 4;

    public void OnOpen(ref InsideHost host, in PairKey key, ulong now, IFindings findings)
    {
        Advance(ref host, now);
        host.Ports.Add(key.Port, now);
        host.Hosts.Add((uint)Mixer.Of(key.Outside, 0), now);
        int ports = host.Ports.Count;
        int hosts = host.Hosts.Count;
        bool vertical = ports >= options.OutboundScanTargets && hosts < Few;
        bool horizontal = hosts >= options.OutboundScanTargets && ports < Few;
        if ((!vertical && !horizontal) || host.Answered.Count * 4 > Math.Max(ports, hosts))
        {
            return;
        }

        uint seconds = Profile.Seconds(now);
        if (host.ScanToldSeconds != 0 && seconds - host.ScanToldSeconds < RepeatSeconds)
        {
            return;
        }

        host.ScanToldSeconds = seconds;
        uint milliseconds = (uint)((now - Math.Min(now, host.Ports.FirstNanoseconds)) / 1_000_000);
        string detail = string.Create(
            CultureInfo.InvariantCulture,
            $"tried {Sentences.Count(ports, "port")} of {Sentences.Count(hosts, "host")} outside in {Sentences.Duration(milliseconds)}, of which {host.Answered.Count} answered");
        alerts.Raise(key.Inside, null, answered: false, EvidenceKind.OutboundScan, 0.7, detail, now, findings);
    }

    public static void OnAnswered(ref InsideHost host, in PairKey key, ulong now)
    {
        Advance(ref host, now);
        host.Answered.Add((uint)Mixer.Of(key.Outside, 0) + key.Port, now);
    }

    private static void Advance(ref InsideHost host, ulong now)
    {
        host.Ports.Advance(now, Window);
        host.Hosts.Advance(now, Window);
        host.Answered.Advance(now, Window);
    }
}
