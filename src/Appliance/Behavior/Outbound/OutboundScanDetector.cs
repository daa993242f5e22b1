using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Memory;
using Blackwall.Behavior.Settings;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// An inside host that scans: many ports of few hosts, or few ports of many hosts, and hardly anybody answers. Peer-to-peer programs try
/// many ports of many hosts; they are left alone.
/// </summary>
internal sealed class OutboundScanDetector(DetectionOptions options, Alerts alerts)
{
    private const ulong Window = 300_000_000_000;
    private const ulong SlowWindow = 6 * 3600 * 1_000_000_000UL;
    private const int SlowHosts = 40;
    private const uint RepeatSeconds = 3600;
    private const int Few = 4;
    private const uint AnswerMilliseconds = 1000;

    /// <param name="host">Who calls.</param>
    /// <param name="key">Whom it calls.</param>
    /// <param name="isInUse">The host used this service before, so that it is no try.</param>
    /// <param name="now">Nanoseconds of event time.</param>
    /// <param name="findings">Where a scan is told.</param>
    public void OnOpen(ref InsideHost host, in PairKey key, bool isInUse, ulong now, IFindings findings)
    {
        Advance(ref host, now);
        if (!isInUse)
        {
            Count(ref host, in key, now);
        }

        bool isSlow = IsWormDoor(key.Port) && host.SlowlyCoveted.Count >= SlowHosts && host.SlowlyAnswered.Count * 4 <= host.SlowlyCoveted.Count;
        int ports = host.Ports.Count;
        int hosts = host.Hosts.Count;
        bool vertical = ports >= options.OutboundScanTargets && hosts < Few;
        bool horizontal = hosts >= options.OutboundScanTargets && ports < Few;

        // What worms look for, whatever else they try; and what not even a peer-to-peer program does: hardly anybody answers.
        bool wormlike = host.Coveted.Count >= options.OutboundScanTargets * 4 / 5;
        bool wild = hosts >= options.OutboundScanTargets * 4 && host.Answered.Count * 10 < hosts;
        int tried = vertical || horizontal || wild ? Math.Max(ports, hosts) : wormlike ? host.Coveted.Count : 0;
        bool wasTold = host.ScanToldSeconds != 0 && Profile.Seconds(now) - host.ScanToldSeconds < RepeatSeconds;
        if (!wasTold && IsScanned(in host.Tried, now, out int its))
        {
            EvidenceFacts one = new(Findings.OutsidePortsTried)
            {
                Other = $"{key.Outside}",
                Ports = its,
                Hosts = 1,
                SpanMilliseconds = host.Tried.Ports.MillisecondsSince(now),
                Answered = host.Tried.Answered.Count,
            };
            Report(ref host, in key, one, now, findings);
            return;
        }

        if (tried == 0 || wasTold || host.Answered.Count * 4 > tried)
        {
            if (isSlow && !wasTold)
            {
                EvidenceFacts slow = new(Findings.WormPortsTried)
                {
                    Port = key.Port,
                    Hosts = host.SlowlyCoveted.Count,
                    SpanMilliseconds = host.SlowlyCoveted.MillisecondsSince(now),
                    Answered = host.SlowlyAnswered.Count,
                };
                Report(ref host, in key, slow, now, findings);
            }

            return;
        }

        // No target can have answered yet: a program that contacts all its peers at once looks the same until then.
        if (tried < options.OutboundScanTargets * 4 && host.Hosts.MillisecondsSince(now) < AnswerMilliseconds)
        {
            return;
        }

        EvidenceFacts facts = new(Findings.OutsidePortsTried) { Ports = ports, Hosts = hosts, SpanMilliseconds = host.Ports.MillisecondsSince(now), Answered = host.Answered.Count };
        Report(ref host, in key, facts, now, findings);
    }

    private static void Count(ref InsideHost host, in PairKey key, ulong now)
    {
        uint outside = (uint)Mixer.Mix(key.Outside, 0);
        host.Ports.Add(key.Port, now);
        host.Hosts.Add(outside, now);
        host.Tried.Try(outside, key.Port, now, Window);
        if (IsWormDoor(key.Port))
        {
            host.SlowlyCoveted.Add(outside, now);
        }

        if (IsCoveted(key.Port))
        {
            host.Coveted.Add(outside, now);
        }
    }

    // Many ports of one host, whoever else is called meanwhile. Asked again at the next call of anybody: a burst has no answers yet.
    private bool IsScanned(in TriedHost tried, ulong now, out int ports)
    {
        ports = tried.Ports.Count;
        return ports >= options.OutboundScanTargets
            && tried.Answered.Count * 4 <= ports
            && (ports >= options.OutboundScanTargets * 4 || tried.Ports.MillisecondsSince(now) >= AnswerMilliseconds);
    }

    private void Report(ref InsideHost host, in PairKey key, EvidenceFacts facts, ulong now, IFindings findings)
    {
        host.ScanToldSeconds = Profile.Seconds(now);
        alerts.Raise(key.Inside, null, answered: false, EvidenceKind.OutboundScan, 0.7, facts, now, findings);
    }

    public static void OnAnswered(ref InsideHost host, in PairKey key, ulong now)
    {
        Advance(ref host, now);
        host.Answered.Add((uint)Mixer.Mix(key.Outside, 0) + key.Port, now);
        host.Tried.Answer((uint)Mixer.Mix(key.Outside, 0), key.Port, now, Window);
        if (IsWormDoor(key.Port))
        {
            host.SlowlyAnswered.Add((uint)Mixer.Mix(key.Outside, 0), now);
        }
    }

    private static void Advance(ref InsideHost host, ulong now)
    {
        host.Ports.Advance(now, Window);
        host.Hosts.Advance(now, Window);
        host.Answered.Advance(now, Window);
        host.Coveted.Advance(now, Window);
        host.SlowlyCoveted.Advance(now, SlowWindow);
        host.SlowlyAnswered.Advance(now, SlowWindow);
    }

    // Telnet, Windows' shares and remote procedures, SQL Server, remote desktops, Android debugging, routers' maintenance.
    private static bool IsWormDoor(ushort port) => port is 22 or 23 or 135 or 139 or 445 or 1433 or 2323 or 3389 or 5555 or 5900 or 7547 or 37_215 or 52_869;

    // Telnet and SSH with their usual seconds, SMB, databases, remote desktops, Android debugging, routers' maintenance.
    private static bool IsCoveted(ushort port) => port is 22 or 23 or 135 or 139 or 445 or 1433 or 2222 or 2323 or 2375 or 3306 or 3389 or 5432
        or 5555 or 5900 or 6379 or 7547 or 8080 or 8291 or 23_231 or 26 or 81 or 37_215 or 52_869;
}
