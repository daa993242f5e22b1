using Blackwall.Behavior;
using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Behavior.Outbound;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Behavior;

/// <summary>What is remembered: over a restart, of the operator's word, and under a flood.</summary>
public sealed class MemoryTests
{
    private const string Scanner = "198.51.100.7";

    [Fact]
    public void A_slow_scan_goes_on_counting_after_a_restart()
    {
        var before = new Traffic(start: 1_760_000_000_000_000_000);
        Ports(before, 0, 8);
        var after = Restarted(before);
        Ports(after, 8, 4);
        Assert.Equal("slow-port-scan", Assert.Single(after.Decisions).Reason);
    }

    [Fact]
    public void Users_pairs_and_destinations_are_taken_up_too()
    {
        var before = new Traffic(start: 1_760_000_000_000_000_000);
        for (int i = 0; i < 100; i++)
        {
            before.Wait(10).Use("203.0.113.9", 443, remotePort: 20_000 + i);
            before.CheckIn("192.0.2.50", "203.0.113.99", port: 25 + (i % 2));
        }

        var after = Restarted(before);
        Assert.Equal(Phase.Trusted, after.PhaseOf("203.0.113.9"));
        Assert.Equal(before.Stage.Stats.OutboundPairs, after.Stage.Stats.OutboundPairs);
        Assert.Equal(before.Stage.Stats.InsideHosts, after.Stage.Stats.InsideHosts);
    }

    [Fact]
    public void A_snapshot_of_the_same_memory_loads_into_the_same_snapshot_size()
    {
        var before = new Traffic(start: 1_760_000_000_000_000_000);
        Ports(before, 0, 8);
        Assert.Equal(before.Stage.Save().Length, Restarted(before).Stage.Save().Length);
    }

    [Fact]
    public void Forged_knocks_are_not_worth_keeping_and_a_user_takes_no_more_than_his_profile()
    {
        var before = new Traffic(start: 1_760_000_000_000_000_000);
        int empty = before.Stage.Save().Length;
        for (uint i = 0; i < 20_000; i++)
        {
            before.Wait(0.001).Open($"{Address.FromV4(0x0b000000 + (i * 7919))}", 22);
        }

        // What is left are some of their networks.
        int flooded = before.Stage.Save().Length;
        Assert.InRange(flooded - empty, 0, 20_000 * 40);
        before.Wait(1).Use("203.0.113.9", 443);
        Assert.InRange(before.Stage.Save().Length - flooded, 1, 600);
    }

    [Fact]
    public void What_was_not_touched_for_a_week_is_left_out()
    {
        var before = new Traffic(start: 1_760_000_000_000_000_000);
        Ports(before, 0, 3);
        var after = new Traffic();
        after.Stage.Load(before.Stage.Save().Span, DateTimeOffset.UnixEpoch.AddSeconds(1_760_000_000 + (9 * 86_400)));
        Assert.Equal(0, after.Stage.Stats.UnprovenSources + after.Stage.Stats.ProvenSources);
    }

    [Fact]
    public void Damaged_snapshots_of_any_kind_are_survived()
    {
        var before = new Traffic(start: 1_760_000_000_000_000_000);
        Ports(before, 0, 8);
        before.CheckIn("192.0.2.50", "203.0.113.99");
        byte[] whole = before.Stage.Save().ToArray();
        Random dice = new(5);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = whole[..dice.Next(whole.Length + 1)];
            for (int b = dice.Next(6); b > 0 && damaged.Length > 0; b--)
            {
                damaged[dice.Next(Math.Min(damaged.Length, dice.Next(1, damaged.Length + 1)))] = (byte)dice.Next(256);
            }

            var after = new Traffic(start: 1_760_000_100_000_000_000);
            after.Stage.Load(damaged, DateTimeOffset.UnixEpoch.AddSeconds(1_760_000_100));
            Ports(after, 8, 2);
            after.CheckIn("192.0.2.50", "203.0.113.99");
        }

        Assert.Equal(-1, new Traffic().Stage.Load([9, 9, 9, 9, 9], DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void A_false_positive_no_longer_counts_and_what_was_not_named_still_does()
    {
        FakeTimeProvider time = new(DateTimeOffset.UnixEpoch);
        FalsePositiveLedger ledger = new(time);
        Assert.True(ledger.Mark(new FalsePositive(Address.Parse(Scanner), ["port-scan", "slow-port-scan"], time.GetUtcNow(), time.GetUtcNow().AddDays(1), "ann", null)));
        var traffic = new Traffic(ledger: ledger);
        PortScanTests.Scan(traffic, Scanner, 1, 200);
        Assert.Empty(traffic.Decisions);
        Assert.Empty(traffic.Recorded);
        PortScanTests.Scan(traffic, "198.51.100.8", 1, 40);
        Assert.Single(traffic.Decisions);
        for (int i = 0; i < 8; i++)
        {
            traffic.Wait(1).Use(Scanner, 22, remotePort: 40_000 + i, bytesIn: 1155, bytesOut: 1773, ssh: SshState.Refused);
        }

        Assert.Equal("brute-force", traffic.Decisions[^1].Reason);
        Assert.True(ledger.Read()["damped"] > 0);
        Assert.Equal(1, ledger.Read()["markedPortScan"]);
    }

    [Fact]
    public void A_false_positive_is_forgotten_at_its_end_and_their_number_is_bounded()
    {
        FakeTimeProvider time = new(DateTimeOffset.UnixEpoch);
        FalsePositiveLedger ledger = new(time);
        for (uint i = 0; i < FalsePositiveLedger.Capacity; i++)
        {
            Assert.True(ledger.Mark(new FalsePositive(Address.FromV4(i), ["beacon"], time.GetUtcNow(), time.GetUtcNow().AddHours(1), "ann", null)));
        }

        FalsePositive one = new(Address.Parse(Scanner), ["beacon"], time.GetUtcNow(), time.GetUtcNow().AddHours(9), "ann", null);
        Assert.False(ledger.Mark(one));
        time.Advance(TimeSpan.FromHours(2));
        Assert.Null(ledger.Find(Address.FromV4(1)));
        Assert.True(ledger.Mark(one));
    }

    [Fact]
    public void A_source_is_described_by_its_phase_its_score_and_what_they_add_up_from()
    {
        var traffic = new Traffic();
        PortScanTests.Scan(traffic, Scanner, 1, 40);
        SourceStanding standing = traffic.Stage.Describe(Address.Parse(Scanner))!;
        Assert.Equal(("suspicious", false), (standing.Phase, standing.IsProven));
        Assert.InRange(standing.Suspicion, 0.5, 4);
        Assert.Contains(standing.Parts, p => p is { Name: "portsInVainInAMinute", Value: > 20 and <= 40, Threshold: 20, IsEstimate: false });
        Assert.Equal("198.51.100.0/24", $"{Assert.Single(standing.Networks).Network}");
        Assert.Null(traffic.Stage.Describe(Address.Parse("203.0.113.200")));
    }

    [Fact]
    public void A_number_of_distinct_ports_beyond_what_is_counted_exactly_is_called_an_estimate()
    {
        var traffic = new Traffic();
        PortScanTests.Scan(traffic, Scanner, 1, 300);
        Assert.Contains(traffic.Stage.Describe(Address.Parse(Scanner))!.Parts, p => p is { Name: "portsInVainInAMinute", Value: > 96, IsEstimate: true });
    }

    [Fact]
    public void Every_change_of_phase_is_told_with_its_reason()
    {
        var traffic = new Traffic();
        PortScanTests.Scan(traffic, Scanner, 1, 40);
        PortScanTests.ConnectScan(traffic, Scanner);
        traffic.Dropped(Scanner, 80);
        traffic.Wait(3600).Use(Scanner, 443);
        traffic.Wait(4 * 3600).Open(Scanner, 443);
        string[] changes = [.. traffic.Recorded.Where(e => e.Kind is "phase").Select(e => e.Detail.Split(':')[0])];
        Assert.Equal(["new to suspicious", "suspicious to malicious", "malicious to blocked", "blocked to suspicious", "suspicious to new"], changes);
    }

    [Fact]
    public void A_million_forged_sources_change_neither_a_users_verdict_nor_the_memory()
    {
        var traffic = new Traffic(new DetectionOptions { MaxUnprovenSources = 50_000, MaxWatchedSources = 5_000, MaxNetworks = 5_000 });
        for (int i = 0; i < 60; i++)
        {
            traffic.Wait(12).Use("203.0.113.9", 443, remotePort: 20_000 + i);
        }

        Flood(traffic, 0, 1_000_000);
        BehaviorStats stats = traffic.Stage.Stats;
        Assert.Equal((50_000, 1_000_000 - 50_000), (stats.UnprovenSources, (int)stats.UnprovenEvicted));
        Assert.Equal((1, 0), (stats.ProvenSources, (int)stats.ProvenEvicted));
        Assert.InRange(stats.WatchedSources, 0, 10_000);
        Assert.InRange(stats.Networks, 0, 5_000);
        traffic.Use("203.0.113.9", 443);
        Assert.Equal(Phase.Trusted, traffic.PhaseOf("203.0.113.9"));
        Assert.DoesNotContain(traffic.Decisions, d => d.Scope.Contains(Address.Parse("203.0.113.9")));
    }

    private static void Flood(Traffic traffic, uint from, uint to)
    {
        Address server = Address.Parse(Traffic.Server);
        for (uint i = from; i < to; i++)
        {
            PacketEvent packet = Traffic.Make(EventKind.FlowOpen, Address.FromV4(0x0b000000 + (i * 7919)), 443, server, Traffic.Tcp, 1234, traffic.Wait(0.000_01).Now);
            traffic.Stage.Observe(in packet, traffic);
        }
    }

    private static void Ports(Traffic traffic, int from, int count)
    {
        for (int i = from; i < from + count; i++)
        {
            traffic.Wait(1200).Open(Scanner, 1000 + (i * 37));
            traffic.Refuse(Scanner, 1000 + (i * 37));
        }
    }

    private static Traffic Restarted(Traffic before)
    {
        var after = new Traffic(start: before.Now);
        after.Stage.Load(before.Stage.Save().Span, DateTimeOffset.UnixEpoch.AddTicks((long)(before.Now / 100)));
        return after;
    }
}
