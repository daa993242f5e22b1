using System.Buffers.Binary;
using Blackwall.Classification;
using Blackwall.Classification.Embedded;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Time;
using Blackwall.Tests.Behavior;
using Xunit;

namespace Blackwall.Tests.Classification;

public sealed class EmbeddedModelTests
{
    private static readonly EmbeddedModel s_model = EmbeddedModel.Shipped();

    [Fact]
    public void The_same_numbers_give_the_same_answer_everywhere()
    {
        // From the weights that are shipped: whoever trains it anew writes these anew.
        Assert.Equal([Judged(_ => 0), Judged(_ => 255), Judged(i => i * 17), Judged(i => 255 - (i * 17))], Expected);
        Assert.Equal(32, s_model.Version.Length);
        Assert.Equal(64, s_model.Data.Length);
        Assert.Equal(s_model.Version, EmbeddedModel.Shipped().Version);
    }

    [Fact]
    public void Other_weights_or_other_code_are_another_version()
    {
        string text = $"data {new string('0', 64)}\n{string.Concat(Enumerable.Repeat("0\n", 217))}";
        Assert.Equal(50, EmbeddedModel.Read(text, text).Judge(new int[Opener.Features]));
        Assert.NotEqual(EmbeddedModel.Read(text, text).Version, EmbeddedModel.Read(text, text + "other code").Version);
        Assert.Throws<InvalidDataException>(() => EmbeddedModel.Read("data 0\n1\n", ""));
        Assert.Throws<InvalidDataException>(() => EmbeddedModel.Read(text.Replace("\n0\n", "\nx\n", StringComparison.Ordinal), ""));
    }

    [Fact]
    public void It_is_small_and_looks_at_an_event_without_allocating()
    {
        using Stream weights = typeof(EmbeddedModel).Assembly.GetManifestResourceStream("embedded-model")!;
        Assert.InRange(weights.Length, 1, 200 * 1024);
        EmbeddedStage stage = Stage(embedded: true);
        Traffic traffic = new();
        PacketEvent packet = Open("203.0.113.9", 1);
        stage.Observe(in packet, traffic);

        // The runtime itself may allocate a little on a thread, when it compiles anew what is used often: less than a byte an event.
        const int events = 10_000;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < events; i++)
        {
            packet.TimeNanoseconds += 1_000_000;
            stage.Observe(in packet, traffic);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, events - 1);
        Assert.Empty(traffic.Decisions);
        Assert.Empty(traffic.Recorded);
    }

    [Fact]
    public void It_tells_scanners_from_users_and_is_silent_when_it_is_off()
    {
        EmbeddedStage stage = Stage(embedded: true), off = Stage(embedded: false);
        Traffic traffic = new();
        for (int port = 1; port <= 200; port++)
        {
            PacketEvent scan = Open("203.0.113.9", port);
            scan.TimeNanoseconds += (ulong)port * 20_000_000;
            stage.Observe(in scan, traffic);
            off.Observe(in scan, traffic);
            scan.Kind = EventKind.FlowRefused;
            stage.Observe(in scan, traffic);
        }

        for (int visit = 1; visit <= 20; visit++)
        {
            PacketEvent use = Open("198.51.100.7", 443);
            foreach (EventKind kind in new[] { EventKind.FlowOpen, EventKind.FlowEstablished, EventKind.FlowClosed })
            {
                (use.Kind, use.BytesIn, use.BytesOut) = (kind, 900, 30_000);
                use.TimeNanoseconds = (ulong)((visit * 40) + (visit * visit % 17) + (int)kind) * 1_000_000_000;
                stage.Observe(in use, traffic);
            }
        }

        int scanner = stage.PercentOf(Address.Parse("203.0.113.9"))!.Value, user = stage.PercentOf(Address.Parse("198.51.100.7"))!.Value;
        Assert.True(scanner > user + 20, $"{scanner} {user}");
        SourceOpinion opinion = Assert.Single(stage.Find(Address.Parse("203.0.113.9")));
        Assert.Equal(($"embedded {s_model.Version}", "shadow", scanner), (opinion.Model, opinion.Effect, opinion.Percent));
        Assert.Equal(EmbeddedWords.Features, opinion.Numbers.Select(n => n.Name));
        Assert.All(opinion.Numbers, n => Assert.InRange(n.Value, 0, 255));
        Assert.Empty(off.Find(Address.Parse("203.0.113.9")));
        Assert.Empty(stage.Find(Address.Parse("203.0.113.10")));
    }

    [Fact]
    public void Neither_addresses_nor_ports_nor_dates_matter()
    {
        int[] one = Features("203.0.113.9", 1000, 0), other = Features("2001:db8::77", 1000, 4_000_000_000_000_000_000);
        Assert.Equal(one, other);
    }

    private static int[] Features(string source, int port, ulong start)
    {
        Opener opener = default;
        for (int i = 0; i < 40; i++)
        {
            PacketEvent packet = Open(source, port);
            packet.TimeNanoseconds = start + ((ulong)(i + 1) * 3_000_000_000);
            opener.Add(in packet);
        }

        int[] features = new int[Opener.Features];
        opener.Write(features);
        return features;
    }

    private static int Judged(Func<int, int> feature) => s_model.Judge([.. Enumerable.Range(0, Opener.Features).Select(feature)]);

    private static EmbeddedStage Stage(bool embedded) => new(s_model, Microsoft.Extensions.Options.Options.Create(new AiOptions { Embedded = embedded }), BootClock.Replay());

    private static PacketEvent Open(string source, int port) => new()
    {
        TimeNanoseconds = 1_000_000_000,
        Remote = RawAddress.From(Address.Parse(source)),
        Local = RawAddress.From(Address.Parse(Traffic.Server)),
        RemotePortNetwork = BinaryPrimitives.ReverseEndianness((ushort)40_000),
        LocalPortNetwork = BinaryPrimitives.ReverseEndianness((ushort)port),
        Protocol = Traffic.Tcp,
        Kind = EventKind.FlowOpen,
        Direction = FlowDirection.Inbound,
    };

    private static readonly int[] Expected = [41, 0, 99, 0];
}
