using System.Buffers.Binary;
using System.Text;
using Blackwall.Behavior;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior;

[Collection(MemoryCollection.Name)]
public sealed class ProfileTests
{
    private const string Scanner = "198.51.100.7";

    [Fact]
    public void A_flood_of_forged_sources_evicts_no_proven_source_and_its_evictions_are_counted()
    {
        var traffic = new Traffic(new DetectionOptions { MaxUnprovenSources = 4096, MaxProvenSources = 2048, MaxWatchedSources = 1024 });
        for (uint i = 0; i < 1000; i++)
        {
            Send(traffic, EventKind.FlowEstablished, 0x0a000000 + i, 443);
        }

        for (uint i = 0; i < 200_000; i++)
        {
            Send(traffic, EventKind.FlowOpen, 0x0b000000 + i, 443);
            Send(traffic, EventKind.FlowOpen, 0x0b000000 + i, 80);
        }

        BehaviorStats stats = traffic.Stage.Stats;
        Assert.Equal(1000, stats.ProvenSources);
        Assert.Equal(0, stats.ProvenEvicted);
        Assert.Equal(4096, stats.UnprovenSources);
        Assert.Equal(200_000 - 4096, stats.UnprovenEvicted);
        Assert.True(stats.WatchedSources <= 2048);
        Assert.True(stats.WatchesEvicted > 0);
    }

    [Fact]
    public void A_scanner_in_progress_survives_a_flood_of_forged_sources_because_it_comes_back()
    {
        var traffic = new Traffic(new DetectionOptions { MaxUnprovenSources = 4096, MaxWatchedSources = 1024 });
        for (uint port = 1; port <= 20; port++)
        {
            traffic.Open(Scanner, (int)port);
            for (uint i = 0; i < 3000; i++)
            {
                Send(traffic, EventKind.FlowOpen, 0x0b000000 + (port * 3000) + i, 443);
            }
        }

        Assert.Contains(traffic.Decisions, decision => decision.Scope == Prefix.Host(Address.Parse(Scanner)));
    }

    [Fact]
    public void Proving_moves_what_was_seen_along()
    {
        var traffic = new Traffic();
        PortScanTests.Scan(traffic, Scanner, 1, 15);
        traffic.Prove(Scanner, 3);
        Assert.Equal(1, traffic.Stage.Stats.ProvenSources);
        Assert.Equal(0, traffic.Stage.Stats.UnprovenSources);
        PortScanTests.Scan(traffic, Scanner, 16, 5);
        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
    }

    [Fact]
    public void A_million_sources_fit_into_256_MB()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var traffic = new Traffic();
        for (uint i = 0; i < 600_000; i++)
        {
            Send(traffic, EventKind.FlowOpen, 0x0b000000 + i, 443);
            if (i < 110_000)
            {
                Send(traffic, EventKind.FlowOpen, 0x0b000000 + i, 80);
            }
        }

        for (uint i = 0; i < 400_000; i++)
        {
            Send(traffic, EventKind.FlowEstablished, 0x0c000000 + i, 443);
            if (i < 110_000)
            {
                Send(traffic, EventKind.FlowOpen, 0x0c000000 + i, 80);
                Send(traffic, EventKind.FlowOpen, 0x0c000000 + i, 81);
            }
        }

        long used = GC.GetTotalMemory(forceFullCollection: true) - before;
        BehaviorStats stats = traffic.Stage.Stats;
        Assert.Equal(1_000_000, stats.UnprovenSources + stats.ProvenSources);
        Assert.Equal(160_000, stats.WatchedSources);
        Assert.InRange(used, 1, 256L << 20);
        GC.KeepAlive(traffic);
    }

    [Fact]
    public void An_empty_stage_holds_next_to_nothing()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var traffic = new Traffic();
        long used = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.InRange(used, 1, 16L << 20);
        GC.KeepAlive(traffic);
    }

    [Fact]
    public void A_hundred_thousand_ordinary_events_allocate_nothing()
    {
        var traffic = new Traffic();
        byte[] request = Encoding.Latin1.GetBytes("GET /index.html?q=%41 HTTP/1.1\r\nHost: example.org\r\nUser-Agent: Mozilla/5.0\r\n\r\n");
        long allocated = 1;
        for (int round = 0; round < 20 && allocated > 0; round++)
        {
            // Code that is not optimised yet may box, and on a busy machine it stays so for a while.
            long before = GC.GetAllocatedBytesForCurrentThread();
            Play(traffic, request, 100_000);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.Empty(traffic.Decisions);
        Assert.Empty(traffic.Recorded);
    }

    [Fact]
    public void A_source_that_the_wall_holds_makes_no_further_decisions()
    {
        var traffic = new Traffic();
        PortScanTests.ConnectScan(traffic, Scanner);
        for (int i = 0; i < 1000; i++)
        {
            traffic.Wait(0.1).Dropped(Scanner, i);
        }

        Assert.Equal([Verdict.RateLimit, Verdict.Drop], traffic.Verdicts);
        Assert.Equal(Phase.Blocked, traffic.PhaseOf(Scanner));
    }

    [Fact]
    public void Connections_that_a_blocked_guesser_left_open_and_the_server_closes_make_no_second_decision()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 8; i++)
        {
            traffic.Wait(0.5).Use(Scanner, 22, remotePort: 40000 + i, bytesIn: 1155, bytesOut: 1773, ssh: SshState.Refused);
        }

        for (int i = 0; i < 16; i++)
        {
            traffic.Wait(8).Close(Scanner, 22, remotePort: 41000 + i, bytesIn: 1155, bytesOut: 1773, ssh: SshState.Refused);
        }

        Assert.Equal([Verdict.Drop], traffic.Verdicts);
        Assert.Equal(Phase.Malicious, traffic.PhaseOf(Scanner));
    }

    [Fact]
    public void While_observing_a_source_that_would_be_held_makes_no_further_decisions()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 20; i++)
        {
            PortScanTests.ConnectScan(traffic, Scanner);
            traffic.Wait(1).Dropped(Scanner, 80, enforced: false);
        }

        Assert.Equal([Verdict.RateLimit, Verdict.Drop], traffic.Verdicts);
    }

    [Fact]
    public void A_lifted_source_that_goes_on_is_found_again_at_once()
    {
        var traffic = new Traffic();
        PortScanTests.ConnectScan(traffic, Scanner);
        traffic.Dropped(Scanner, 80);
        traffic.Stage.Forget(Prefix.Host(Address.Parse(Scanner)));
        Assert.Equal(Phase.New, traffic.PhaseOf(Scanner));
        PortScanTests.ConnectScan(traffic, Scanner);
        Assert.Equal([Verdict.RateLimit, Verdict.Drop, Verdict.RateLimit, Verdict.Drop], traffic.Verdicts);
    }

    [Fact]
    public void Lifting_a_prefix_lets_every_source_within_begin_anew_and_nobody_else()
    {
        var traffic = new Traffic();
        PortScanTests.Scan(traffic, Scanner, 1, 40);
        PortScanTests.Scan(traffic, "198.51.101.7", 1, 40);
        traffic.Stage.Forget(Prefix.Parse("198.51.100.0/24"));
        Assert.Equal(Phase.New, traffic.PhaseOf(Scanner));
        Assert.Equal(Phase.Suspicious, traffic.PhaseOf("198.51.101.7"));
    }

    [Fact]
    public void A_source_whose_block_has_ended_is_judged_by_what_it_does_then()
    {
        var traffic = new Traffic();
        PortScanTests.ConnectScan(traffic, Scanner);
        traffic.Dropped(Scanner, 80);
        traffic.Wait(600).Use(Scanner, 443);
        Assert.Equal([Verdict.RateLimit, Verdict.Drop], traffic.Verdicts);
        Assert.Equal(Phase.Suspicious, traffic.PhaseOf(Scanner));
        PortScanTests.ConnectScan(traffic, Scanner);
        Assert.Equal([Verdict.RateLimit, Verdict.Drop, Verdict.RateLimit, Verdict.Drop], traffic.Verdicts);
    }

    [Fact]
    public void A_guarded_source_is_asked_about_once_and_then_left_alone()
    {
        var traffic = new Traffic();
        PortScanTests.ConnectScan(traffic, Scanner);
        traffic.Stage.Exempt(Prefix.Host(Address.Parse(Scanner)));
        int asked = traffic.Decisions.Count;
        for (int i = 0; i < 200; i++)
        {
            traffic.Wait(1);
            PortScanTests.Scan(traffic, Scanner, 1, 40);
        }

        Assert.Equal(asked, traffic.Decisions.Count);
    }

    [Fact]
    public void Suspicion_fades_until_the_source_is_as_new()
    {
        var traffic = new Traffic();
        PortScanTests.Scan(traffic, Scanner, 1, 40);
        Assert.Equal(Phase.Suspicious, traffic.PhaseOf(Scanner));
        traffic.Wait(20 * 60).Open(Scanner, 443);
        Assert.Equal(Phase.Suspicious, traffic.PhaseOf(Scanner));
        traffic.Wait(60 * 60).Open(Scanner, 443);
        Assert.Equal(Phase.New, traffic.PhaseOf(Scanner));
    }

    [Fact]
    public void Long_ordinary_use_earns_trust_and_absence_loses_it()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 100; i++)
        {
            traffic.Wait(10).Use("203.0.113.9", 443, remotePort: 20000 + i);
        }

        Assert.Equal(Phase.Trusted, traffic.PhaseOf("203.0.113.9"));
        traffic.Wait(2 * 3600).Open("203.0.113.9", 443);
        Assert.Equal(Phase.New, traffic.PhaseOf("203.0.113.9"));
    }

    [Fact]
    public void The_same_events_give_the_same_decisions_at_the_same_dates()
    {
        List<DecisionRequest> first = Replay(), second = Replay();
        Assert.Equal(first.Select(Text), second.Select(Text), StringComparer.Ordinal);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000), first[0].Evidence[0].Seen, TimeSpan.FromSeconds(1));

        static string Text(DecisionRequest request) => $"{request.Scope} {request.Verdict} {request.Confidence} {request.Evidence[0]}";

        static List<DecisionRequest> Replay()
        {
            var traffic = new Traffic(start: 1_700_000_000_000_000_000);
            PortScanTests.Scan(traffic, Scanner, 1, 100);
            PortScanTests.ConnectScan(traffic, Scanner);
            return traffic.Decisions;
        }
    }

    private static void Play(Traffic traffic, byte[] request, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Address source = Address.FromV4(0x0b000000 + (uint)(i % 500));
            Address server = Address.FromV4(0xc000020a);
            ulong now = traffic.Wait(0.001).Now;
            EventKind kind = (i % 4) switch { 0 => EventKind.FlowOpen, 1 => EventKind.FlowEstablished, 2 => EventKind.FlowRefused, _ => EventKind.FlowClosed };
            PacketEvent packet = Traffic.Make(kind, source, 443 + (i % 2), server, Traffic.Tcp, 40000, now);
            packet.BytesIn = 500;
            packet.BytesOut = 5000;
            traffic.Stage.Observe(in packet, traffic);
            var header = new SampleHeader
            {
                TimeNanoseconds = now,
                Remote = RawAddress.From(source),
                Local = RawAddress.From(server),
                LocalPortNetwork = BinaryPrimitives.ReverseEndianness((ushort)80),
                Protocol = Traffic.Tcp,
                Kind = SampleKind.Http,
                DataLength = (ushort)request.Length,
            };
            traffic.Stage.Observe(in header, request, traffic);
        }
    }

    private static void Send(Traffic traffic, EventKind kind, uint source, int port)
    {
        PacketEvent packet = Traffic.Make(kind, Address.FromV4(source), port, Address.FromV4(0xc000020a), Traffic.Tcp, 40000, traffic.Wait(0.000_01).Now);
        traffic.Stage.Observe(in packet, traffic);
    }
}
