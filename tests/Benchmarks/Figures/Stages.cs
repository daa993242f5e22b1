using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Blackwall.Behavior;
using Blackwall.Behavior.Settings;
using Blackwall.Benchmarks.Report;
using Blackwall.Fingerprints;
using Blackwall.Inspection;
using Blackwall.Kernel.Abi;
using Blackwall.Lab.Network;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;
using Microsoft.Extensions.Options;

namespace Blackwall.Benchmarks.Figures;

/// <summary>What thinking about an event costs: the synchronous stages on one thread, and the memory of a million sources.</summary>
internal sealed class Stages : IFigures
{
    private const int Events = 2_000_000;

    public string Name => "stages";

    public string Title => "Detection, one thread";

    public Task MeasureAsync(BenchOptions options, RunFolder run, FigureBook book)
    {
        (double ordinary, double allocated) = Rate(options, Ordinary());
        book.Add(new("ordinary flows through the pipeline", ordinary, "events/s", Budget: 500_000, AtLeast: true, Note: "opened, established, used, closed both ways; outbound check-ins; an HTTP request with 16 events, held against all rules"));
        book.Add(new("allocated an event, ordinary flows", allocated, "bytes", Budget: 1));
        book.Add(new("forged SYNs, each from another source", Rate(options, Forged()).PerSecond, "events/s", Budget: 500_000, AtLeast: true));
        foreach (Figure figure in BoardCost.Measure(options))
        {
            book.Add(figure);
        }

        book.Add(new("memory of a million sources, 160,000 watched", Memory(), "MB", Budget: 256));
        return Task.CompletedTask;
    }

    private static (double PerSecond, double Allocated) Rate(BenchOptions options, PacketEvent[] events)
    {
        DecisionPipeline pipeline = new(All(), new PublishQueue());
        byte[] request = Encoding.ASCII.GetBytes("GET /index.html HTTP/1.1\r\nHost: example.org\r\nUser-Agent: Mozilla/5.0\r\n\r\n");
        Play(pipeline, events, request, events.Length / 4);
        List<double> rates = [], bytes = [];
        for (int round = 0; round < options.Rounds(5); round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long began = Stopwatch.GetTimestamp();
            Play(pipeline, events, request, events.Length);
            rates.Add(events.Length / Stopwatch.GetElapsedTime(began).TotalSeconds);
            bytes.Add((GC.GetAllocatedBytesForCurrentThread() - before) / (double)events.Length);
        }

        return (rates.Median(), bytes.Median());
    }

    // As the appliance runs them.
    private static IStage[] All()
    {
        FingerprintOptions fingerprints = new();
        return
        [
            new BehaviorStage(new DetectionOptions(), BootClock.Replay(), () => false),
            new FingerprintStage(new FingerprintBook(Options.Create(fingerprints)), new FingerprintDatabase(store: null), fingerprints, BootClock.Replay()),
            new InspectionStage(new InspectionOptions(), BootClock.Replay()),
        ];
    }

    private static void Play(DecisionPipeline pipeline, PacketEvent[] events, byte[] request, int count)
    {
        for (int i = 0; i < count; i++)
        {
            pipeline.Observe(in events[i]);
            if (i % 16 == 0)
            {
                SampleHeader header = new() { TimeNanoseconds = events[i].TimeNanoseconds, Remote = events[i].Remote, Local = events[i].Local, Protocol = 6, Kind = SampleKind.Http, DataLength = (ushort)request.Length };
                pipeline.Observe(in header, request);
            }
        }
    }

    private static PacketEvent[] Ordinary()
    {
        PacketEvent[] events = new PacketEvent[Events];
        Random dice = new(1);
        EventKind[] life = [EventKind.FlowOpen, EventKind.FlowEstablished, EventKind.FlowClosed];
        for (int i = 0; i < Events; i++)
        {
            int flow = i / 3;
            bool isOurs = flow % 4 == 0;
            events[i] = Make(life[i % 3], 0x0b000000 + (uint)(flow % 50_000), isOurs ? 0x0a000000 + (uint)(flow % 500) : 0xc000020a, 443, (ulong)i * 10_000);
            events[i].Direction = isOurs ? FlowDirection.Outbound : FlowDirection.Inbound;
            events[i].BytesIn = (ulong)dice.Next(300, 3000);
            events[i].BytesOut = (ulong)dice.Next(300, 30_000);
        }

        return events;
    }

    private static PacketEvent[] Forged()
    {
        PacketEvent[] events = new PacketEvent[Events];
        for (int i = 0; i < Events; i++)
        {
            events[i] = Make(EventKind.FlowOpen, 0x0b000000 + ((uint)i * 7919), 0xc000020a, 443, (ulong)i * 1000);
        }

        return events;
    }

    private static double Memory()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        BehaviorStage stage = new(new DetectionOptions(), BootClock.Replay(), () => false);
        PublishQueue queue = new();
        for (uint i = 0; i < 1_000_000; i++)
        {
            bool isProven = i >= 600_000;
            PacketEvent packet = Make(isProven ? EventKind.FlowEstablished : EventKind.FlowOpen, 0x0b000000 + (i * 7919), 0xc000020a, 443, (ulong)i * 1000);
            stage.Observe(in packet, queue);
            for (ushort port = 80; port < 82 && (i % 5 == 0); port++)
            {
                packet = Make(EventKind.FlowOpen, 0x0b000000 + (i * 7919), 0xc000020a, port, (ulong)i * 1000);
                stage.Observe(in packet, queue);
            }
        }

        long used = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(stage);
        return used / 1e6;
    }

    private static PacketEvent Make(EventKind kind, uint remote, uint local, ushort port, ulong nanoseconds) => new()
    {
        TimeNanoseconds = 1_750_000_000_000_000_000 + nanoseconds,
        Remote = RawAddress.From(Address.FromV4(remote)),
        Local = RawAddress.From(Address.FromV4(local)),
        RemotePortNetwork = BinaryPrimitives.ReverseEndianness(port),
        LocalPortNetwork = BinaryPrimitives.ReverseEndianness(port),
        Protocol = 6,
        Kind = kind,
        TcpFlags = kind == EventKind.FlowOpen ? (byte)2 : (byte)16,
    };
}
