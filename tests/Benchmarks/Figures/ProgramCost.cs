using System.Text;
using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Peers;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Kernel;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Lab.Network;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Benchmarks.Figures;

/// <summary>Nanoseconds of the ingress program a packet, by BPF_PROG_TEST_RUN on one CPU.</summary>
internal sealed class ProgramCost : IFigures
{
    private const int Drop = 1, Pass = 2;
    private const string Stranger = "203.0.113.7", Friend = "203.0.113.8", Known = "203.0.113.9", Foe = "203.0.113.10";
    /// <summary>Runs in one sample: below a time slice, so that on a busy machine most samples are whole, and the median is one of those.</summary>
    private const int Repeat = 5_000;

    private const string PolicyOnly = "policy look-ups only: [kernel.features] all off";
    private const string Interleaved = "BPF_PROG_TEST_RUN over one frame, 5,000 runs a sample, pinned to a CPU, interleaved rounds, medians; F = xdp-filter -f all over the same frames";

    public string Name => "programs";

    public string Title => "Program cost by test-run (F = xdp-filter, all features)";

    public async Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        await using BenchNetwork network = await BenchNetwork.CreateAsync(run, "f");
        await using XdpFilter filter = await XdpFilter.StartAsync(network.Edge, network.Receiver);
        filter.Deny([Address.Parse(Foe), .. SamplePolicy.Hosts(XdpFilter.Capacity - 1).Select(p => p.Network)]);
        PinnedThread.Run(PinnedThread.First, () =>
        {
            MeasureVerdicts(options, filter, book);
            MeasureFlood(options, filter, book);
            MeasureChallenges(options, filter, book);
            MeasureEntropy(options, book);
            return true;
        });
    }

    private static void MeasureVerdicts(BenchOptions options, XdpFilter filter, FigureBook book)
    {
        List<Prefix> hosts = SamplePolicy.Hosts(1_000_000);
        using LoadedWall million = LoadedWall.Create([.. SamplePolicy.Entries(hosts, [Prefix.Parse(Foe)]), SamplePolicy.Allow(Friend)]);
        using LoadedWall usual = LoadedWall.Create(SamplePolicy.Entries(hosts.Take(100_000), SamplePolicy.Prefixes4(50_000), SamplePolicy.Prefixes6(50_000)));
        usual.Use(Features.All);
        usual.Shake(Known, 40_000, 443);
        byte[] stranger = Segment(Stranger), friend = Segment(Friend), known = Segment(Known), foe = Segment(Foe);
        byte[] stranger6 = Frame.From("2a00:1450:4001:80b::7", "2001:db8::1").TcpSegment(40_000, 443, Frame.Ack, 1001, 5001).Build();

        double With(LoadedWall wall, Features features, byte[] frame, int verdict)
        {
            wall.Use(features);
            return wall.Cost(frame, verdict, Repeat);
        }

        using BenchPrograms bench = BenchPrograms.Load();
        double[] ns = Samples.Interleaved(
            options.Rounds(75),
            () => BpfProgram.Run(bench.Empty, stranger, [], Repeat).Nanoseconds,
            () => Peer(filter, stranger, Pass),
            () => Peer(filter, foe, Drop),
            () => With(million, Features.All, friend, Pass),
            () => With(million, Features.None, foe, Drop),
            () => With(million, Features.All, foe, Drop),
            () => With(usual, Features.None, stranger, Pass),
            () => With(usual, Features.None, stranger6, Pass),
            () => With(usual, Features.All, stranger, Pass),
            () => With(usual, Features.Conntrack | Features.Limits, known, Pass),
            () => With(usual, Features.All, known, Pass));
        double pass = ns[1], drop = ns[2];
        book.Add(new("empty program", ns[0], "ns", Note: Interleaved));
        book.Add(new("F: pass / drop with 10,000 addresses (its most)", pass, "ns", "F drop", drop));
        book.Add(new("allow hit", ns[3], "ns", "F pass", pass, 0.6));
        book.Add(new("deny hit, 1M hosts loaded *", ns[4], "ns", "F drop", drop, 0.8, Note: PolicyOnly));
        book.Add(new("deny hit, 1M hosts loaded, all features (events sampled)", ns[5], "ns", "F drop", drop, 0.8));
        book.Add(new("pass, unknown source, 100k hosts + 50k v4 + 50k v6 *", ns[6], "ns", "F pass", pass, 2));
        book.Add(new("pass, unknown IPv6 source, same policy *", ns[7], "ns", "F pass", pass, 2));
        book.Add(new("pass, unknown source, all features (unverified flow)", ns[8], "ns", "F pass", pass));
        book.Add(new("pass, established flow, limits + conntrack", ns[9], "ns", "F pass", pass, 4));
        book.Add(new("pass, established flow, all features", ns[10], "ns", "F pass", pass, 4));
    }

    private static void MeasureFlood(BenchOptions options, XdpFilter filter, FigureBook book)
    {
        using LoadedWall wall = LoadedWall.Create(SamplePolicy.Entries(SamplePolicy.Hosts(100_000), SamplePolicy.Prefixes4(1_000_000)));
        using BenchPrograms bench = BenchPrograms.Load(wall.Programs);
        byte[] frame = Segment(Stranger);
        bench.Plan(frame, SourceKind.Random);

        double Rotated(SafeFileHandle program, Features features)
        {
            wall.Use(features);
            bench.Next(program);
            return BpfProgram.Run(bench.Rotate, frame, [], Repeat).Nanoseconds;
        }

        double[] ns = Samples.Interleaved(
            options.Rounds(75),
            () => Peer(filter, frame, Pass),
            () => Rotated(bench.Empty, Features.None),
            () => Rotated(wall.Programs.Ingress, Features.None),
            () => Rotated(wall.Programs.Ingress, Features.All));
        const string method = "a bench program writes another random source into each packet and goes on by tail call; the same before an empty program is taken off";
        book.Add(new("random-source flood, 100k hosts + 1M prefixes *", ns[2] - ns[1], "ns", "F pass", ns[0], 12, Note: method));
        book.Add(new("the same, all features (each packet begins a flow)", ns[3] - ns[1], "ns", "F pass", ns[0]));
    }

    private static void MeasureChallenges(BenchOptions options, XdpFilter filter, FigureBook book)
    {
        PolicyEntry[] policy = SamplePolicy.Entries(SamplePolicy.Hosts(100_000), SamplePolicy.Prefixes4(1_000_000));
        using LoadedWall wall = LoadedWall.Create(policy, new WallSettings { Interface = "none", Mode = EnforcementMode.Enforce, ChallengePerSecond = 1, ChallengeBurst = 1 });
        using BenchPrograms bench = BenchPrograms.Load(wall.Programs);
        byte[] frame = Frame.From(Stranger, LoadedWall.Server).TcpSegment(40_000, 443, Frame.Syn).Build();
        bench.Plan(frame, SourceKind.Syns);

        double Rotated(SafeFileHandle program)
        {
            bench.Next(program);
            return BpfProgram.Run(bench.Rotate, frame, [], Repeat).Nanoseconds;
        }

        double[] ns = Samples.Interleaved(
            options.Rounds(75),
            () => Peer(filter, frame, Pass),
            () => Rotated(bench.Empty),
            () => Rotated(wall.Programs.Ingress));
        book.Add(new("random-source SYN flood that is challenged, all features", ns[2] - ns[1], "ns", "F pass", ns[0], 8));
    }

    // A flow is inspected on its first eight data packets, so each sample is eight runs over a flow that is put back to its start. Few
    // samples: each waits 20 ms and more, untimed, for the kernel to put the program into its XDP dispatcher and take it out again.
    private static void MeasureEntropy(BenchOptions options, FigureBook book)
    {
        const int inspected = 8;
        const int length = 512;
        using LoadedWall wall = LoadedWall.Create([]);
        wall.Shake(Known, 40_000, 8443);
        KeyValuePair<FlowKey, Flow> fresh = wall.Programs.Verified.ReadAll().Single();
        byte[] text = new byte[length], equal = new byte[length], random = new byte[length];
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("It was the best of times, it was the worst of times; ", 20))).AsSpan(0, length).CopyTo(text);
        Array.Fill(equal, (byte)'x');
#pragma warning disable CA5394 // Noise, not a secret.
        new Random(7).NextBytes(random);
#pragma warning restore CA5394

        double Inspect(byte[] payload, Features features)
        {
            byte[] frame = Frame.From(Known, LoadedWall.Server).TcpSegment(40_000, 8443, Frame.Ack | Frame.Psh, 1001, 5001, payload).Build();
            wall.Use(features);
            List<double> samples = [];
            for (int i = 0; i < (options.Quick ? 10 : 25); i++)
            {
                wall.Programs.Verified.Set(fresh.Key, fresh.Value);
                samples.Add(wall.Cost(frame, Pass, inspected));
            }

            return samples.Median();
        }

        const Features without = Features.All & ~Features.Entropy;
        double[] ns = Samples.Interleaved(
            options.Rounds(7),
            () => Inspect(text, without),
            () => Inspect(text, Features.All),
            () => Inspect(random, without),
            () => Inspect(random, Features.All),
            () => Inspect(equal, without),
            () => Inspect(equal, Features.All));
        const string method = "512-byte payloads, the first 8 data packets of a flow, with the feature less without it; the whole packet beside it";
        book.Add(new("entropy of an inspected packet, text", ns[1] - ns[0], "ns", Budget: 400, Note: method));
        book.Add(new("entropy of an inspected packet, random bytes", ns[3] - ns[2], "ns", Budget: 400));
        book.Add(new("entropy of an inspected packet, equal bytes", ns[5] - ns[4], "ns", Budget: 400));
        book.Add(new("whole inspected packet, text, all features", ns[1], "ns"));
    }

    private static byte[] Segment(string source) => Frame.From(source, LoadedWall.Server).TcpSegment(40_000, 443, Frame.Ack, 1001, 5001).Build();

    private static double Peer(XdpFilter filter, byte[] frame, int expected)
    {
        TestRunResult result = BpfProgram.Run(filter.Program, frame, [], Repeat);
        return result.Code == expected ? result.Nanoseconds : throw new InvalidOperationException($"xdp-filter answered {result.Code} where {expected} was expected.");
    }
}
