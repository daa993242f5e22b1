using System.Diagnostics;
using Blackwall.Behavior;
using Blackwall.Behavior.Settings;
using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Events;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Lab.Network;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;

namespace Blackwall.Benchmarks.Figures;

/// <summary>How many events one core takes out of the rings.</summary>
internal sealed class Rings : IFigures
{
    private const int Filling = 30_000;

    public string Name => "rings";

    public string Title => "Event rings, one consumer core";

    public Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        Counting counting = new();
        (double rate, double bytes) = Measure(options, counting);
        if (counting.Seen == 0)
        {
            throw new InvalidOperationException("No event arrived.");
        }

        BootClock clock = BootClock.At(TimeProvider.System.GetUtcNow(), BpfSyscall.BootNanoseconds());
        DecisionPipeline pipeline = new([new BehaviorStage(new DetectionOptions(), clock, () => false)], new PublishQueue());
        (double whole, double wholeBytes) = Measure(options, new PipelineFeed(pipeline));
        book.Add(new("events drained and routed", rate / 1e6, "M/s", Budget: 1, AtLeast: true, Note: "the appliance's own pump over a full EVENTS ring; each event of another source"));
        book.Add(new("bytes allocated an event", bytes, "B", Budget: 0));
        book.Add(new("events through the whole pipeline (behaviour stage)", whole / 1e6, "M/s"));
        book.Add(new("bytes allocated an event, whole pipeline", wholeBytes, "B", Note: "each event is the first of a source never seen before"));
        return Task.CompletedTask;
    }

    private static (double PerSecond, double Bytes) Measure(BenchOptions options, IKernelEventSink sink) => PinnedThread.Run(PinnedThread.First, () =>
    {
        using LoadedWall wall = LoadedWall.Create([]);
        using BenchPrograms bench = BenchPrograms.Load(wall.Programs);
        using KernelEventPump pump = new(wall.Programs, sink);
        byte[] frame = Frame.From("203.0.113.7", LoadedWall.Server).UdpDatagram(1, 2).Build();
        bench.Plan(frame, SourceKind.Random);
        List<double> rates = [], bytes = [];
        int rounds = options.Rounds(60);
        for (int round = 0; round < rounds * 2; round++)
        {
            BpfProgram.Run(bench.Produce, frame, [], Filling);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            long started = Stopwatch.GetTimestamp();
            int taken = 0;
            for (int now = pump.DrainOnce(); now > 0; now = pump.DrainOnce())
            {
                taken += now;
            }

            double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (taken != Filling)
            {
                throw new InvalidOperationException($"{Filling} events were written and {taken} read.");
            }

            if (round >= rounds)
            {
                // The first half lets the code be compiled at its best.
                rates.Add(taken / seconds);
                bytes.Add(allocated / (double)taken);
            }
        }

        return (rates.Median(), bytes.Max());
    });

    private sealed class Counting : IKernelEventSink
    {
        public long Seen { get; private set; }

        public void Observe(in PacketEvent packet) => Seen += packet.Length > 0 ? 1 : 0;

        public void Observe(in SampleHeader header, ReadOnlySpan<byte> data) => Seen++;
    }
}
