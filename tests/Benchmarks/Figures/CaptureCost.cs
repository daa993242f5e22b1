using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Tapping;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Lab.Network;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Benchmarks.Figures;

/// <summary>What the filter of the capture's packet socket adds to each packet that arrives, captured or not.</summary>
internal sealed class CaptureCost : IFigures
{
    private const int Repeat = 5_000;
    private const int EthernetHeader = 14;
    private const int Captured = 1_024;
    private const int Guarded = 64;

    public string Name => "capture";

    public string Title => "The capture's filter, by test-run";

    public Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        PinnedThread.Run(PinnedThread.First, () =>
        {
            Measure(options, book);
            return true;
        });
        return Task.CompletedTask;
    }

    private static void Measure(BenchOptions options, FigureBook book)
    {
        using BenchPrograms bench = BenchPrograms.Load();
        using TapFilter nobody = TapFilter.Load();
        using TapFilter many = TapFilter.Load();
        many.TryProtect(new GuardSet([.. Enumerable.Range(0, Guarded).Select(i => new GuardEntry(Prefix.Parse($"192.0.2.{i}"), "a peer", Pass: true))]), [22]);
        TapTerms terms = new(TimeSpan.FromHours(1), 1_000_000, 256);
        TapTerms few = terms with { PacketsPerSecond = 1 };
        foreach (Prefix host in SamplePolicy.Hosts(Captured))
        {
            many.TryWatch(host, few);
        }

        many.TryWatch(Prefix.Parse("203.0.113.9"), terms);
        many.TryWatch(Prefix.Parse("203.0.113.10"), few);
        byte[] stranger = Framed("203.0.113.7", "198.51.100.1");
        byte[] stranger6 = Framed("2a00:1450:4001:80b::7", "2001:db8::1");
        byte[] captured = Framed("203.0.113.9", "198.51.100.1");
        byte[] held = Framed("203.0.113.10", "198.51.100.1");
        double[] ns = Samples.Interleaved(
            options.Rounds(75),
            () => BpfProgram.Run(bench.Refuse, stranger, [], Repeat).Nanoseconds,
            () => BpfProgram.Run(nobody.Program, stranger, [], Repeat).Nanoseconds,
            () => BpfProgram.Run(many.Program, stranger, [], Repeat).Nanoseconds,
            () => BpfProgram.Run(many.Program, stranger6, [], Repeat).Nanoseconds,
            () => BpfProgram.Run(many.Program, captured, [], Repeat).Nanoseconds,
            () => BpfProgram.Run(many.Program, held, [], Repeat).Nanoseconds);
        book.Add(new("a filter that does nothing", ns[0], "ns", Note: "BPF_PROG_TEST_RUN over one frame, 5,000 runs a sample, pinned to a CPU, interleaved rounds, medians"));
        book.Add(new("a stranger's packet, nobody captured", ns[1], "ns", "nothing", ns[0]));
        book.Add(new("a stranger's packet, 1,024 sources captured, 64 guarded", ns[2], "ns", "nothing", ns[0]));
        book.Add(new("the same over IPv6", ns[3], "ns", "nothing", ns[0]));
        book.Add(new("a packet that is captured (without its copy)", ns[4], "ns", "nothing", ns[0]));
        book.Add(new("a packet beyond its source's rate", ns[5], "ns", "nothing", ns[0]));
    }

    // A test-run takes the Ethernet header off before a socket filter; a packet socket's filter begins with it.
    private static byte[] Framed(string source, string destination)
    {
        byte[] frame = Frame.From(source, destination).TcpSegment(40_000, 443, Frame.Ack, 1001, 5001).Build();
        return [.. frame.AsSpan(0, EthernetHeader), .. frame];
    }
}
