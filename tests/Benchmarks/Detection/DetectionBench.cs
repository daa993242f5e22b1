using System.Collections;
using System.Diagnostics;
using System.Globalization;
using Blackwall.Behavior;
using Blackwall.Composition;
using Blackwall.Config;
using Blackwall.Fingerprints;
using Blackwall.Inspection;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Replay;
using Blackwall.Replay.Wire;

namespace Blackwall.Benchmarks.Detection;

/// <summary><c>bench detection</c>: how much is found, how soon, and who is wrongly accused, beside three simple detectors on the same packets.</summary>
internal static class DetectionBench
{
    public const string Usage = "usage: blackwall bench detection [--data DIR] [--seeds N] [--only WORD] [--write FILE]";

    private static readonly (string Name, Func<int, Tape> Make)[] Scenarios =
    [
        ("beacons: 30..300 s, jitter to 30 %, loss to 30 %, 1 or 3 connections", Outgoing.Beacons),
        ("ordinary programs and people inside (clocks, updaters, mail, streams, chats)", Outgoing.Ordinary),
        ("exfiltration beside backups and uploads", Outgoing.Exfiltration),
        ("DNS tunnels beside CDN, blocklist and reverse look-ups", Questions.Tunnels),
        ("worm, scan and sweep from inside beside peer-to-peer", Outgoing.Scans),
        ("scans from 50 ports a second to one in 40 min", Incoming.Scans),
        ("scans shared out over /24 and /64, at most 4 ports an address", Incoming.Shared),
        ("FIN, NULL and XMAS scans", Incoming.Stealth),
        ("guessing at SSH, FTP, MySQL, RDP, HTTP, one a second to one in 2 min", Incoming.Guessing),
        ("SYN, UDP, ICMP floods, and one with invented sources", Incoming.Floods),
        ("a day of honest users, monitors, offices, crawlers", Incoming.Honest),
        ("second family: 54 beacons of 10 s to 30 min beside 60 hosts with clocks, polls, backups, films", Habits.CheckIns),
        ("second family: guessing in ten protocols, 5 a second to one in 2 min, also within one connection", Strangers.Guessing),
        ("second family: programs and people at the same login doors", Strangers.Programs),
        ("second family: slow, split and DNS leaks beside backups, virus scanners, content networks", Habits.Leaks),
        ("second family: ping sweeps, forged floods of pings, datagrams, ACKs; reflection", Strangers.Packets),
    ];

    public static int Run(IReadOnlyList<string> arguments)
    {
        string? data = Environment.GetEnvironmentVariable("BLACKWALL_DATA"), only = null, write = null;
        int seeds = 3;
        for (int i = 0; i < arguments.Count; i++)
        {
            string? value = i + 1 < arguments.Count ? arguments[i + 1] : null;
            switch (arguments[i])
            {
                case "--data" when value is not null: data = value; break;
                case "--only" when value is not null: only = value; break;
                case "--write" when value is not null: write = value; break;
                case "--seeds" when int.TryParse(value, CultureInfo.InvariantCulture, out seeds) && seeds is > 0 and <= 20: break;
                default:
                    Console.Error.WriteLine(Usage);
                    return 2;
            }

            i++;
        }

        DetectionReport report = new();
        bool Wanted(string name) => only is null || name.Contains(only, StringComparison.OrdinalIgnoreCase);
        foreach ((string name, Func<int, Tape> make) in Scenarios.Where(s => Wanted(s.Name)))
        {
            List<IReadOnlyList<ScoreRow>> rows = [];
            for (int seed = 1; seed <= seeds; seed++)
            {
                Tape tape = make(seed * 7919);
                rows.Add(Judge(name, () => tape.ToCapture(), tape.Truths, [Tape.Inside, Prefix.Parse("2001:db8:20::/48")]));
            }

            report.Add("generated", name, [.. Enumerable.Range(0, rows[0].Count).Select(d => ScoreRow.Sum([.. rows.Select(r => r[d])]))]);
        }

        foreach ((string file, string what, IReadOnlyList<Truth> truths) in data is null ? [] : Captures.All.Where(c => Wanted(c.File)))
        {
            if (File.Exists(Path.Combine(data!, file)))
            {
                report.Add("captures", $"{file}: {what}", Judge(file, () => File.OpenRead(Path.Combine(data!, file)), truths, []));
            }
        }

        foreach ((string file, string what, string home, IReadOnlyList<Truth> truths) in data is null ? [] : FlowLog.All.Where(c => Wanted(c.File)))
        {
            if (File.Exists(Path.Combine(data!, file)))
            {
                Tape tape = FlowLog.Play(FlowLog.Flows(Path.Combine(data!, file)));
                report.Add("flow logs", $"{file}: {what}", Judge(file, () => tape.ToCapture(), truths, [Prefix.Parse(home), Prefix.Parse("2001:718::/32")]));
            }
        }

        (string folder, string about, string host) = FlowLog.Background;
        if (data is not null && Wanted(folder) && Directory.Exists(Path.Combine(data, folder)))
        {
            IReadOnlyList<LoggedFlow> flows = FlowLog.Flows(Path.Combine(data, folder));
            Tape tape = FlowLog.Play(flows);
            report.Add("flow logs", $"{folder}: {about}", Judge(folder, () => tape.ToCapture(), FlowLog.Count(flows), [Prefix.Parse(host)], host));
        }

        Console.Out.WriteLine(report.Markdown());
        if (write is not null)
        {
            report.WriteInto(write);
        }

        return 0;
    }

    /// <summary>Ours, then the baselines.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="open">The capture, from its beginning.</param>
    /// <param name="truths">Who attacks.</param>
    /// <param name="inside">Our networks.</param>
    /// <param name="honest">The only one who is known to be no attacker; null: all others are.</param>
    private static IReadOnlyList<ScoreRow> Judge(string name, Func<Stream> open, IReadOnlyList<Truth> truths, IReadOnlyList<Prefix> inside, string? honest = null)
    {
        HashSet<string> attackers = [.. truths.Select(truth => truth.Subject)];
        IReadOnlyList<Alarm> Known(IReadOnlyList<Alarm> alarms) =>
            honest is null ? alarms : [.. alarms.Where(alarm => attackers.Contains(alarm.Source) || string.Equals(alarm.Source, honest, StringComparison.Ordinal))];
        long began = Stopwatch.GetTimestamp();
        AlarmCollector ours = new();
        Exception? failure = null;

        // A thread of its own, because the wall keeps it on one CPU.
        Thread thread = new(() =>
        {
            try
            {
                using Stream capture = open();
                using CaptureReplay replay = new(Setup(inside), ours);
                replay.Run(capture);
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
        {
            throw new InvalidOperationException($"{name}: {failure.Message}", failure);
        }

        ReplaySummary sum = ours.Sum!;
        double start = sum.First / 1e9, hours = (sum.Last - sum.First) / 3.6e12;
        Baselines baselines = new();
        using (Stream capture = open())
        {
            Feed(capture, baselines);
        }

        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {sum.Packets} packets, {hours:F1} h, {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s"));
        foreach (Alarm alarm in Known(ours.Alarms).Where(a => !truths.Any(t => t.Subject.StartsWith(a.Source + " ", StringComparison.Ordinal) || string.Equals(t.Subject, a.Source, StringComparison.Ordinal))).DistinctBy(a => (a.Source, a.Kind)).Take(8))
        {
            Console.Error.WriteLine($"    false: {alarm.Source} {alarm.Other} {alarm.Kind}{(alarm.Blocks ? " BLOCKED" : "")}");
        }

        foreach (Truth truth in truths.Where(t => !ours.Alarms.Any(a => string.Equals(t.Subject.Split(' ')[0], a.Source, StringComparison.Ordinal) && (t.Kinds.Count == 0 || t.Kinds.Contains(a.Kind, StringComparer.Ordinal)))).Take(12))
        {
            Console.Error.WriteLine($"    missed: {truth.Subject} ({string.Join(", ", truth.Kinds)})");
        }

        return
        [
            ScoreRow.Of(truths, Known(ours.Alarms), any: false, hours, start),
            .. new[] { "bucket", "counts", "variation" }.Select(kind => ScoreRow.Of(truths, [.. Known(baselines.Alarms).Where(a => string.Equals(a.Kind, kind, StringComparison.Ordinal))], any: true, hours, start)),
        ];
    }

    private static ReplaySetup Setup(IReadOnlyList<Prefix> inside) => new()
    {
        Wall = new WallSettings { Interface = "none", Mode = EnforcementMode.Enforce, LogFolder = Path.GetTempPath() },
        Plan = ReplayPlan.From([new BehaviorFeature(), new FingerprintsFeature(), new InspectionFeature()], Defaults()),
        Board = new BoardOptions(),
        Local = inside,
    };

    private static ApplianceConfig Defaults() =>
        ApplianceConfig.TryLoad(CommandLine.TryParse(["--config", "/dev/null"], out _)!, new Hashtable(), FeatureList.Sections(FeatureList.All), out IReadOnlyList<string> errors)
            ?? throw new InvalidOperationException(string.Join(' ', errors));

    private static void Feed(Stream capture, Baselines baselines)
    {
        byte[] all;
        using (MemoryStream memory = new())
        {
            capture.CopyTo(memory);
            all = memory.ToArray();
        }

        CaptureParser parser = new();
        byte[] frame = new byte[1 << 17];
        for (int at = 0; ;)
        {
            CaptureStep step = parser.Next(all.AsSpan(at), out int consumed, out CapturedPacket packet);
            at += consumed;
            if (step == CaptureStep.Packet && LinkLayer.TryLocate(packet.LinkType, packet.Data, out int header, out ushort type))
            {
                LinkLayer.WriteEthernet(frame, type);
                ReadOnlySpan<byte> network = packet.Data[header..];
                network.CopyTo(frame.AsSpan(LinkLayer.EthernetBytes));
                ReadOnlySpan<byte> whole = packet.LinkType == 1 ? packet.Data : frame.AsSpan(0, LinkLayer.EthernetBytes + network.Length);
                if (FrameSketch.TryRead(whole, out FrameSketch sketch, out _))
                {
                    baselines.Take(in sketch, packet.Nanoseconds / 1e9);
                }
            }

            if (step == CaptureStep.Damaged || (consumed == 0 && step == CaptureStep.NeedMore))
            {
                return;
            }
        }
    }
}
