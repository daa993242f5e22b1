using System.Diagnostics;
using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Lab.Network;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Benchmarks.Figures;

/// <summary>What samples of SYNs cost the ingress program: those that are taken, and a flood of which hardly any is.</summary>
internal sealed class SynSampling : IFigures
{
    private const int Repeat = 5_000;

    /// <summary>Less than the burst of the unproven sources of a CPU, which is whole again after half a second.</summary>
    private const int Taken = 400;

    private static readonly TimeSpan s_refill = TimeSpan.FromMilliseconds(600);
    private static readonly byte[] s_options = [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7];

    public string Name => "syn";

    public string Title => "Samples of SYNs, by test-run";

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
        const Features without = Features.All & ~Features.Syn;
        using LoadedWall wall = LoadedWall.Create([]);
        using BenchPrograms bench = BenchPrograms.Load(wall.Programs);
        using MappedRing ring = wall.Programs.Ring("SYN_EVENTS");
        byte[] frame = Frame.From("203.0.113.7", LoadedWall.Server).SynSegment(40_000, 443, s_options, 64_240).Build();
        bench.Plan(frame, SourceKind.Random);

        double Rotated(SafeFileHandle program, Features features, int repeat)
        {
            Counting counting = default;
            while (ring.Drain(ref counting, int.MaxValue) > 0)
            {
            }

            wall.Use(features);
            bench.Next(program);
            return BpfProgram.Run(bench.Rotate, frame, [], repeat).Nanoseconds;
        }

        double[] flood = Samples.Interleaved(
            options.Rounds(75),
            () => Rotated(bench.Empty, Features.None, Repeat),
            () => Rotated(wall.Programs.Ingress, without, Repeat),
            () => Rotated(wall.Programs.Ingress, Features.All, Repeat));
        book.Add(new("SYN of a flood with random sources, without samples", flood[1] - flood[0], "ns", Note: "as in programs: another random source in each packet, the same before an empty program taken off"));
        book.Add(new("the same with samples, nearly all beyond the budget", flood[2] - flood[0], "ns", "without", flood[1] - flood[0], 1.1));

        double[] taken = Samples.Interleaved(
            options.Rounds(15),
            () => Rotated(bench.Empty, Features.None, Taken),
            () => Rotated(wall.Programs.Ingress, without, Taken),
            () => Refilled(() => Rotated(wall.Programs.Ingress, Features.All, Taken)));
        book.Add(new("SYN of a new source, without samples", taken[1] - taken[0], "ns", Note: "400 runs a sample, 0.6 s apart and untimed between"));
        book.Add(new("the same, sampled", taken[2] - taken[0], "ns", "without", taken[1] - taken[0], 1.5));
    }

    private static double Refilled(Func<double> measure)
    {
        long from = Stopwatch.GetTimestamp();
        SpinWait.SpinUntil(() => Stopwatch.GetElapsedTime(from) > s_refill);
        return measure();
    }

    private struct Counting : MappedRing.ISink
    {
        public void OnRecord(ReadOnlySpan<byte> record)
        {
            // Only to make room.
        }
    }
}
