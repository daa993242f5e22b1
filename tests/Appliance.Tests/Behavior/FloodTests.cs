using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior;

public sealed class FloodTests
{
    private const string Source = "198.51.100.7";

    [Fact]
    public void A_syn_flood_of_one_source_is_limited_and_never_dropped_even_when_it_is_proven()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 20_000; i++)
        {
            traffic.Wait(0.001).Open(Source, 443, remotePort: 1024 + i);
            if (i % 1000 == 0)
            {
                traffic.Prove(Source, 443);
            }
        }

        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
        Assert.Equal("syn-flood", traffic.Decisions[0].Reason);
        Assert.Contains("SYNs in", traffic.Decisions[0].Evidence[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_held_back_by_the_kernel_count_in_a_syn_flood()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 10; i++)
        {
            traffic.Wait(0.1).Open(Source, 443, remotePort: 1024 + i, suppressed: 99);
        }

        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
    }

    [Theory]
    [InlineData(Traffic.Udp, "udp-flood")]
    [InlineData(Traffic.Icmp, "icmp-flood")]
    public void A_datagram_flood_over_the_kernels_limit_is_limited_never_dropped(byte protocol, string reason)
    {
        var traffic = new Traffic();
        traffic.Prove(Source, 80);
        for (int i = 0; i < 200; i++)
        {
            traffic.Wait(0.005).Open(Source, 53, protocol: protocol, kind: EventKind.Limited, suppressed: 999);
        }

        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
        Assert.Equal(reason, traffic.Decisions[0].Reason);
    }

    [Theory]
    [InlineData(Traffic.Icmp, 0, 0)]
    [InlineData(Traffic.Udp, 9999, 0)]
    [InlineData(Traffic.Tcp, 443, 0x10)]
    public void Pings_datagrams_and_stray_packets_from_forged_sources_flood_their_target_too(byte protocol, int port, byte flags)
    {
        var traffic = new Traffic();
        for (uint i = 0; i < 50_000; i++)
        {
            PacketEvent packet = Traffic.Make(
                EventKind.FlowOpen, Address.FromV4(0x0b000000 + (i * 7919)), port, Address.Parse(Traffic.Server), protocol, 1234, traffic.Wait(0.0002).Now);
            packet.TcpFlags = flags;
            traffic.Stage.Observe(in packet, traffic);
        }

        Assert.Empty(traffic.Decisions);
        Assert.Equal("target-flood", Assert.Single(traffic.Recorded).Kind);
    }

    [Fact]
    public void A_flood_from_forged_sources_is_one_status_of_its_target_and_accuses_nobody()
    {
        var traffic = new Traffic();
        for (uint i = 0; i < 50_000; i++)
        {
            PacketEvent packet = Traffic.Make(
                EventKind.FlowOpen, Address.FromV4(0x0b000000 + (i * 7919)), 443, Address.Parse(Traffic.Server), Traffic.Tcp, 1234, traffic.Wait(0.0002).Now);
            traffic.Stage.Observe(in packet, traffic);
        }

        Assert.Empty(traffic.Decisions);
        Evidence flood = Assert.Single(traffic.Recorded);
        Assert.Equal("target-flood", flood.Kind);
        Assert.Equal(Address.Parse(Traffic.Server), flood.Source);
        Assert.Equal(1, traffic.Stage.Stats.FloodedTargets);
    }

    [Fact]
    public void A_flood_status_ends_when_it_is_quiet_and_a_new_flood_is_told_again()
    {
        var traffic = new Traffic();
        for (int round = 0; round < 2; round++)
        {
            for (uint i = 0; i < 5000; i++)
            {
                PacketEvent packet = Traffic.Make(
                    EventKind.FlowOpen, Address.FromV4(0x0b000000 + (i * 7919)), 443, Address.Parse(Traffic.Server), Traffic.Tcp, 1234, traffic.Wait(0.0002).Now);
                traffic.Stage.Observe(in packet, traffic);
            }

            traffic.Wait(60).Open("203.0.113.4", 443);
            Assert.Equal(0, traffic.Stage.Stats.FloodedTargets);
        }

        Assert.Equal(2, traffic.Recorded.Count);
    }

    [Fact]
    public void A_crowd_that_completes_its_handshakes_is_no_flood()
    {
        var traffic = new Traffic();
        for (uint i = 0; i < 20_000; i++)
        {
            Address visitor = Address.FromV4(0x0b000000 + (i * 7919));
            foreach (EventKind kind in new[] { EventKind.FlowOpen, EventKind.FlowEstablished })
            {
                PacketEvent packet = Traffic.Make(kind, visitor, 443, Address.Parse(Traffic.Server), Traffic.Tcp, 1234, traffic.Wait(0.0001).Now);
                packet.TcpFlags = kind == EventKind.FlowOpen ? (byte)2 : (byte)16;
                traffic.Stage.Observe(in packet, traffic);
            }
        }

        Assert.Empty(traffic.Decisions);
        Assert.Empty(traffic.Recorded);
    }

    [Fact]
    public void Forged_scans_from_very_many_addresses_ask_for_no_more_limits_than_the_budget_and_the_rest_is_counted()
    {
        var traffic = new Traffic(new DetectionOptions { RateLimitsPerMinute = 50 });
        for (uint source = 0; source < 200; source++)
        {
            for (int port = 1; port <= 25; port++)
            {
                PacketEvent packet = Traffic.Make(
                    EventKind.FlowOpen, Address.FromV4(0x0b000000 + (source * 7919)), port, Address.Parse(Traffic.Server), Traffic.Tcp, 1234, traffic.Now);
                traffic.Stage.Observe(in packet, traffic);
            }
        }

        Assert.Equal(50, traffic.Decisions.Count);
        Assert.All(traffic.Verdicts, verdict => Assert.Equal(Verdict.RateLimit, verdict));
        Assert.Equal(150, traffic.Stage.Stats.LimitsSuppressed);
        Assert.Equal(200, traffic.Stage.Stats.Evidence["port-scan"]);
    }
}
