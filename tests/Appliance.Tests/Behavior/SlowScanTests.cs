using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior;

public sealed class SlowScanTests
{
    private const string Scanner = "198.51.100.7";

    [Theory]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(40)]
    public void One_port_in_that_many_minutes_is_told_at_the_fifth_and_limited_by_the_twelfth(int minutes)
    {
        var traffic = new Traffic();
        for (int i = 0; i < 12; i++)
        {
            traffic.Open(Scanner, 1000 + (i * 37));
            traffic.Refuse(Scanner, 1000 + (i * 37));
            if (i == 5)
            {
                Assert.Contains(traffic.Recorded, e => e.Kind is "slow-port-scan");
                Assert.Empty(traffic.Decisions);
            }

            traffic.Wait(minutes * 60);
        }

        DecisionRequest limit = Assert.Single(traffic.Decisions);
        Assert.Equal((Verdict.RateLimit, "slow-port-scan"), (limit.Verdict, limit.Reason));
        Assert.True(limit.Ttl >= TimeSpan.FromMinutes(minutes), "the next try meets the challenge");
    }

    [Fact]
    public void A_slow_scanner_that_answers_the_challenge_to_its_next_try_is_alive_and_stays_limited()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 12 && traffic.Decisions.Count == 0; i++)
        {
            traffic.Wait(40 * 60).Open(Scanner, 1000 + (i * 37));
            traffic.Refuse(Scanner, 1000 + (i * 37));
        }

        traffic.Wait(40 * 60).Prove(Scanner, 7);
        traffic.Open(Scanner, 7);
        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
    }

    [Fact]
    public void One_host_after_another_at_one_port_is_found_too()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 15; i++)
        {
            traffic.Wait(1800).Open(Scanner, 445, $"192.0.2.{i + 1}");
        }

        Assert.Equal("slow-port-scan", Assert.Single(traffic.Decisions).Reason);
    }

    [Fact]
    public void Ports_shared_out_over_a_network_are_told_of_each_that_takes_part()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 40; i++)
        {
            traffic.Wait(600).Open($"198.51.100.{1 + (i % 20)}", 2000 + i);
            traffic.Refuse($"198.51.100.{1 + (i % 20)}", 2000 + i);
        }

        Assert.All(traffic.Decisions, d => Assert.Equal((Verdict.RateLimit, "distributed-scan"), (d.Verdict, d.Reason)));
        Assert.InRange(traffic.Decisions.Select(d => d.Scope).Distinct().Count(), 15, 20);
    }

    [Fact]
    public void Who_moves_about_in_an_ipv6_network_is_limited_there()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 40; i++)
        {
            traffic.Wait(30).Open($"2001:db8:7:1::{1 + i:x}", 2000 + i, "2001:db8::10");
        }

        Assert.Contains(traffic.Decisions, d => d.Scope == Prefix.Parse("2001:db8:7:1::/64"));
    }

    [Fact]
    public void A_network_full_of_users_is_no_scanner()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 2000; i++)
        {
            traffic.Wait(10).Use($"198.51.100.{1 + (i % 250)}", (i % 4) switch { 0 => 80, 1 => 993, _ => 443 }, remotePort: 20_000 + i);
            traffic.Open($"198.51.100.{1 + (i % 250)}", 8000 + (i % 3));
        }

        Assert.DoesNotContain(traffic.Decisions, d => d.Reason is "distributed-scan");
    }

    [Fact]
    public void A_source_with_one_weak_kind_is_not_blocked_and_forged_packets_are_no_second_one()
    {
        var traffic = new Traffic(new DetectionOptions { DistributedScanSources = 2 });
        for (int i = 0; i < 16; i++)
        {
            traffic.Wait(600).Open($"198.51.100.{8 + (i % 2)}", 2000 + i);
        }

        // Dozens of handshakes for nothing: a weak kind, and nothing that others could have made.
        for (int i = 0; i < 64; i++)
        {
            PortScanTests.Touch(traffic, Scanner, 3000 + i);
        }

        for (int i = 0; i < 30; i++)
        {
            traffic.Wait(10).Send(EventKind.Stealth, Scanner, 4000 + i, Traffic.Server, Traffic.Tcp, 40_000, flags: 1);
        }

        PortScanTests.Touch(traffic, Scanner, 3064);
        Assert.Contains(traffic.Recorded.Concat(traffic.Decisions.SelectMany(d => d.Evidence)), e => e is { Kind: "slow-port-scan", Class: EvidenceClass.Handshake });
        Assert.DoesNotContain(Verdict.Drop, traffic.Verdicts);
    }

    [Fact]
    public void Login_ports_that_are_opened_again_and_again_for_nothing_are_a_sign_and_no_more()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 60; i++)
        {
            traffic.Wait(300).Open(Scanner, 22, remotePort: 40_000 + i);
        }

        Assert.Contains(traffic.Recorded, e => e.Kind is "login-knock");
        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void A_stranger_who_pings_somebody_else_every_five_minutes_is_told_of_within_the_hour()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 11; i++)
        {
            traffic.Wait(300).Open(Scanner, 0, $"192.0.2.{i + 1}", protocol: Traffic.Icmp);
        }

        Assert.Single(traffic.Recorded, e => e.Kind is "ping-sweep");
        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void A_busy_office_that_errs_at_many_hosts_in_a_day_is_not_limited()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 600; i++)
        {
            traffic.Wait(60).Use("203.0.113.9", 443, remotePort: 20_000 + i);
            if (i % 40 == 0)
            {
                traffic.Refuse("203.0.113.9", 8080, $"192.0.2.{1 + (i / 40)}", remotePort: 50_000 + i);
            }
        }

        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void A_stranger_who_pings_everybody_once_is_told_of()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 20; i++)
        {
            traffic.Wait(0.1).Open(Scanner, 0, $"192.0.2.{i + 1}", Traffic.Icmp);
        }

        Assert.Single(traffic.Recorded, e => e.Kind is "ping-sweep");
        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void Ten_guesses_in_a_day_are_a_sign_and_no_more()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 12; i++)
        {
            traffic.Wait(5000).Use(Scanner, 22, remotePort: 40_000 + i, bytesIn: 1155, bytesOut: 1773, ssh: SshState.Refused);
        }

        Assert.Single(traffic.Recorded, e => e.Kind is "brute-force");
        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void Thirty_guesses_spread_over_a_day_are_brute_force()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 30; i++)
        {
            traffic.Wait(2700).Use(Scanner, 22, remotePort: 40_000 + i, bytesIn: 1155, bytesOut: 1773, ssh: SshState.Refused);
        }

        Assert.Equal("brute-force", Assert.Single(traffic.Decisions).Reason);
    }
}
