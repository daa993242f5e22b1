using System.Diagnostics;
using Blackwall.Behavior;
using Blackwall.Behavior.Settings;
using Blackwall.Benchmarks.Machine;
using Blackwall.Benchmarks.Programs;
using Blackwall.Benchmarks.Report;
using Blackwall.Kernel.Events;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Lab.Network;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;

namespace Blackwall.Benchmarks.Figures;

/// <summary>From the packet that makes a scan to the first packet of that source that is dropped, through the C# pipeline.</summary>
internal sealed class AttackToDrop : IFigures
{
    private const int Drop = 1;

    public string Name => "attack";

    public string Title => "Attack packet -> event ring -> detection -> board -> map -> drop";

    public async Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        using DetachedWall wall = new(run);
        PublishQueue queue = new();
        BootClock clock = BootClock.At(TimeProvider.System.GetUtcNow(), BpfSyscall.BootNanoseconds());
        DecisionPipeline pipeline = new([new BehaviorStage(new DetectionOptions(), clock, () => false)], queue);
        using CancellationTokenSource stopping = new();
        Task publishing = queue.RunAsync(wall.Board, [], (_, _) => { }, _ => { }, stopping.Token);
        wall.Follow();
        List<double> milliseconds = [];
        using (KernelEventPump pump = new(wall.Wall.Programs, new PipelineFeed(pipeline)))
        {
            pump.Start();
            PinnedThread.Run(PinnedThread.First, () =>
            {
                // The first time compiles the code, and its answer comes late.
                int needed = Enumerable.Range(0, 3).Min(i => Calibrate(wall, Source(i)));
                for (int i = 0; i < (options.Quick ? 60 : 400); i++)
                {
                    milliseconds.Add(Attack(wall, Source(i + 3), needed));
                }

                return true;
            });
        }

        await stopping.CancelAsync();
        try
        {
            await publishing;
        }
        catch (OperationCanceledException)
        {
            // The end.
        }

        book.Add(new("threshold packet to first drop, p50", milliseconds.Quantile(0.5), "ms", Budget: 2, Note: "a proven source's connect scan by test-run, at its own pace before the deciding packet; that one is timed to the first XDP_DROP of a probe"));
        book.Add(new("threshold packet to first drop, p99", milliseconds.Quantile(0.99), "ms", Budget: 10));
    }

    // How many refused ports it takes, found by asking: after each one, time enough for a verdict.
    private static int Calibrate(DetachedWall wall, string source)
    {
        Greet(wall, source);
        for (int port = 1; port <= 500; port++)
        {
            Try(wall, source, port);
            Native.Nap(TimeSpan.FromMilliseconds(30));
            if (Dropped(wall, source))
            {
                return port;
            }
        }

        throw new InvalidOperationException("500 refused ports of one proven source bring no block: there is nothing to measure.");
    }

    private static double Attack(DetachedWall wall, string source, int needed)
    {
        Greet(wall, source);
        for (int port = 1; port < needed; port++)
        {
            Try(wall, source, port);
        }

        Native.Nap(TimeSpan.FromMilliseconds(20));
        if (Dropped(wall, source))
        {
            throw new InvalidOperationException("A source was blocked before the packet that should have done it.");
        }

        long started = Stopwatch.GetTimestamp();
        Try(wall, source, needed);
        while (!Dropped(wall, source))
        {
            if (Stopwatch.GetElapsedTime(started) > TimeSpan.FromSeconds(2))
            {
                throw new InvalidOperationException($"{source} scanned {needed} ports and was not blocked within 2 s.");
            }
        }

        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    // A finished handshake proves that the source is there: from then on its scan may block it.
    private static void Greet(DetachedWall wall, string source)
    {
        Ingress(wall, Frame.From(source, LoadedWall.Server).TcpSegment(30_000, 443, Frame.Syn, 1000));
        Egress(wall, Frame.From(LoadedWall.Server, source).TcpSegment(443, 30_000, Frame.Syn | Frame.Ack, 5000, 1001));
        Ingress(wall, Frame.From(source, LoadedWall.Server).TcpSegment(30_000, 443, Frame.Ack, 1001, 5001));
    }

    private static void Try(DetachedWall wall, string source, int port)
    {
        ushort to = (ushort)(port + 1000), from = (ushort)(40_000 + port);
        Ingress(wall, Frame.From(source, LoadedWall.Server).TcpSegment(from, to, Frame.Syn, 1000));
        Egress(wall, Frame.From(LoadedWall.Server, source).TcpSegment(to, from, Frame.Rst | Frame.Ack, 0, 1001));
    }

    private static bool Dropped(DetachedWall wall, string source) =>
        Ingress(wall, Frame.From(source, LoadedWall.Server).TcpSegment(30_000, 443, Frame.Ack, 1001, 5001)) == Drop;

    private static int Ingress(DetachedWall wall, Frame frame) => BpfProgram.Run(wall.Wall.Programs.Ingress, frame.Build(), new byte[2048]).Code;

    private static void Egress(DetachedWall wall, Frame frame) => BpfProgram.Run(wall.Wall.Programs.Egress, frame.Build(), new byte[2048]);

    private static string Source(int number) => SamplePolicy.Text(0xc6120a00u + (uint)number);
}
