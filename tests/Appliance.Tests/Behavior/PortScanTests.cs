using Blackwall.Behavior.Judgement;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior;

public sealed class PortScanTests
{
    private const string Scanner = "198.51.100.7";

    [Theory]
    [InlineData(Scanner)]
    [InlineData("2001:db8:7::5")]
    public void A_half_open_scan_is_limited_and_told_at_its_twentieth_port_and_never_blocked_whatever_its_address_answers(string scanner)
    {
        var traffic = new Traffic();
        int limitedAt = Scan(traffic, scanner, 1, 40);
        Assert.InRange(limitedAt, 20, 30);
        DecisionRequest limit = Assert.Single(traffic.Decisions);
        Assert.Equal((Verdict.RateLimit, "port-scan", Origin.Local), (limit.Verdict, limit.Reason, limit.Origin));
        Assert.Equal(EvidenceClass.Spoofable, limit.Evidence[0].Class);
        Assert.Equal(Prefix.Host(Address.Parse(scanner)), limit.Scope);
        Assert.Equal(Phase.Suspicious, traffic.PhaseOf(scanner));

        traffic.Wait(0.05).Prove(scanner, 41);
        Scan(traffic, scanner, 100, 400);
        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
    }

    [Fact]
    public void Refused_ports_count_once_with_their_opening()
    {
        var traffic = new Traffic();
        for (int port = 1; port < 20; port++)
        {
            traffic.Open(Scanner, port);
            traffic.Wait(0.001).Refuse(Scanner, port);
        }

        Assert.Empty(traffic.Decisions);
        traffic.Open(Scanner, 20);
        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
    }

    [Fact]
    public void The_sentence_says_how_many_ports_of_how_many_hosts_in_what_time()
    {
        var traffic = new Traffic();
        for (int port = 1; port <= 20; port++)
        {
            traffic.Wait(0.2).Open(Scanner, port);
        }

        Assert.Equal("contacted 20 ports of 1 host in 3.8 s without using any", Assert.Single(traffic.Decisions).Evidence[0].Detail);
    }

    [Fact]
    public void A_spoofed_scan_is_never_dropped_however_long_it_goes_on()
    {
        var traffic = new Traffic();
        for (int round = 0; round < 30; round++)
        {
            Scan(traffic, Scanner, 1, 1000);
            traffic.Wait(30);
        }

        Assert.All(traffic.Verdicts, verdict => Assert.Equal(Verdict.RateLimit, verdict));
        Assert.All(traffic.Decisions, decision => Assert.True(decision.Ttl <= TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public void Packets_forged_in_the_name_of_whoever_answers_challenges_or_reads_pages_block_nobody()
    {
        foreach (string victim in new[] { "203.0.113.77", "2001:db8:7::77" })
        {
            var traffic = new Traffic();
            traffic.Use(victim, 443);
            traffic.Wait(7).Use(victim, 22, remotePort: 40_001, bytesIn: 9000, bytesOut: 40_000, ssh: SshState.In);
            for (int i = 0; i < 50; i++)
            {
                // Three NULLs and a SYN whose challenge the victim's own stack answers with a reset.
                for (int port = 1; port <= 3; port++)
                {
                    traffic.Wait(0.1).Send(EventKind.Stealth, victim, port, Traffic.Server, Traffic.Tcp, 40000 + i);
                }

                traffic.Prove(victim, 80);
                Scan(traffic, victim, 1, 100);
                traffic.Refuse(victim, 7);
                traffic.Wait(30).Open(victim, 53, protocol: Traffic.Udp);
            }

            Assert.Contains(traffic.Decisions, d => d.Reason is "stealth-scan");
            Assert.All(traffic.Verdicts, verdict => Assert.Equal(Verdict.RateLimit, verdict));
        }
    }

    [Fact]
    public void A_connection_held_or_left_without_a_word_does_not_turn_forged_packets_into_proof()
    {
        var traffic = new Traffic();
        foreach (int port in new[] { 22, 25, 80, 443 })
        {
            Touch(traffic, Scanner, port);
        }

        traffic.Establish(Scanner, 22, remotePort: 3333);
        Scan(traffic, Scanner, 1000, 400);
        traffic.Wait(5).Open(Scanner, 23);
        Scan(traffic, Scanner, 2000, 400);
        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
    }

    [Fact]
    public void A_connect_scan_is_dropped_for_the_handshakes_that_it_completed()
    {
        var traffic = new Traffic();
        Scan(traffic, Scanner, 1, 40);
        for (int port = 1000; port < 1090; port++)
        {
            Assert.DoesNotContain(Verdict.Drop, traffic.Verdicts);
            Touch(traffic, Scanner, port);
        }

        DecisionRequest drop = traffic.Decisions[^1];
        Assert.Equal([Verdict.RateLimit, Verdict.Drop], traffic.Verdicts);
        Assert.Equal((Verdict.Drop, "port-scan", EvidenceClass.Handshake), (drop.Verdict, drop.Reason, drop.Evidence[0].Class));
        Assert.Null(drop.Ttl);
        Assert.StartsWith("completed 90 handshakes at different ports or hosts in ", drop.Evidence[0].Detail, StringComparison.Ordinal);
        Assert.Equal(Phase.Malicious, traffic.PhaseOf(Scanner));
    }

    [Theory]
    [InlineData(12, false)]
    [InlineData(60, true)]
    public void A_monitor_of_a_dozen_ports_is_no_scan_and_a_larger_one_can_be_named(int ports, bool named)
    {
        const string monitor = "203.0.113.50";
        var traffic = new Traffic(new DetectionOptions { Monitors = named ? [Prefix.Parse("203.0.113.48/28")] : [] });
        for (int round = 0; round < 40; round++)
        {
            for (int i = 0; i < ports; i++)
            {
                // Of some it reads the greeting, at some it only knocks, some are down.
                int port = 1000 + (i * 7);
                traffic.Wait(0.2).Open(monitor, port, remotePort: 20_000 + i);
                if (i % 4 == 3)
                {
                    traffic.Refuse(monitor, port, remotePort: 20_000 + i);
                    continue;
                }

                traffic.Wait(0.01).Establish(monitor, port, remotePort: 20_000 + i);
                traffic.Wait(0.01).Close(monitor, port, remotePort: 20_000 + i, bytesOut: i % 2 == 0 ? 40UL : 0);
            }

            for (int i = 0; i < 8; i++)
            {
                traffic.Wait(0.5).Use(monitor, 80, remotePort: 30_000 + i);
            }

            traffic.Wait(290);
        }

        Assert.DoesNotContain(Verdict.Drop, traffic.Verdicts);
        if (named)
        {
            Assert.Empty(traffic.Decisions);
        }
    }

    [Fact]
    public void A_visitor_on_his_first_visit_is_not_blocked_by_a_scan_forged_in_his_name()
    {
        const string visitor = "203.0.113.78";
        var traffic = new Traffic();
        Scan(traffic, visitor, 1, 40);
        traffic.Use(visitor, 443, seconds: 1);
        traffic.Use(visitor, 443, remotePort: 40001, seconds: 1);
        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
    }

    [Fact]
    public void A_horizontal_scan_of_one_port_over_many_hosts_is_found()
    {
        var traffic = new Traffic();
        for (int host = 1; host <= 25; host++)
        {
            traffic.Wait(0.1).Open(Scanner, 445, $"192.0.2.{host}");
        }

        DecisionRequest limit = Assert.Single(traffic.Decisions);
        Assert.Equal("port-scan", limit.Reason);
        Assert.StartsWith("contacted 1 port of ", limit.Evidence[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scan_of_one_port_in_ninety_seconds_is_found()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 30 && traffic.Decisions.Count == 0; i++)
        {
            traffic.Open(Scanner, 1000 + (i * 37));
            traffic.Wait(90).Open(Scanner, 1000 + (i * 37));
        }

        DecisionRequest limit = Assert.Single(traffic.Decisions);
        Assert.Equal("slow-port-scan", limit.Reason);
    }

    [Fact]
    public void The_window_slides_so_that_a_few_tries_now_and_then_never_add_up()
    {
        var traffic = new Traffic(new DetectionOptions { SlowScanPorts = 100, HourScanPorts = 100 });
        for (int round = 0; round < 10; round++)
        {
            Scan(traffic, Scanner, 1 + (round * 10), 8);
            traffic.Wait(61);
        }

        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void Tries_that_waited_for_the_sources_return_count_in_their_own_window()
    {
        var traffic = new Traffic(new DetectionOptions { SlowScanPorts = 100, HourScanPorts = 100 });
        Scan(traffic, Scanner, 1, 12);
        traffic.Wait(300);
        Scan(traffic, Scanner, 101, 12);
        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void A_udp_scan_is_found_by_the_ports_that_refuse()
    {
        var traffic = new Traffic();
        for (int port = 2000; port < 2025; port++)
        {
            traffic.Wait(1).Open(Scanner, port, protocol: Traffic.Udp);
            traffic.Refuse(Scanner, port, protocol: Traffic.Udp);
        }

        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
    }

    [Fact]
    public void A_udp_scan_from_the_port_of_name_servers_is_told_and_their_late_answers_are_none()
    {
        var scan = new Traffic();
        var answers = new Traffic();
        for (int port = 2000; port < 2025; port++)
        {
            scan.Wait(1).Refuse(Scanner, port, protocol: Traffic.Udp, remotePort: 53);
            answers.Wait(1).Send(EventKind.FlowRefused, Scanner, port, Traffic.Server, Traffic.Udp, 53, flags: PacketEvent.QuotedAnswer);
        }

        Assert.Equal([Verdict.RateLimit], scan.Verdicts);
        Assert.Equal("port-scan", scan.Decisions[0].Reason);
        Assert.Empty(answers.Decisions);
    }

    [Theory]
    [InlineData(33_434, 90)] // traceroute -N 32
    [InlineData(33_000, 600)] // mtr -u
    public void A_traceroute_over_udp_is_no_scan(int first, int ports)
    {
        var traffic = new Traffic();
        for (int i = 0; i < ports; i++)
        {
            traffic.Wait(0.05).Open(Scanner, first + i, protocol: Traffic.Udp, remotePort: 50_000 + i);
            traffic.Refuse(Scanner, first + i, protocol: Traffic.Udp, remotePort: 50_000 + i);
        }

        Assert.Empty(traffic.Decisions);
        Assert.Empty(traffic.Recorded);
    }

    [Theory]
    [InlineData(29)] // FIN, PSH, URG and more: XMAS
    [InlineData(0)] // NULL
    [InlineData(1)] // FIN
    public void A_stealth_scan_is_limited_and_told_and_never_blocked(byte flags)
    {
        var traffic = new Traffic();
        for (int port = 1; port <= 10; port++)
        {
            traffic.Send(EventKind.Stealth, Scanner, port, Traffic.Server, Traffic.Tcp, 40000, flags: flags);
        }

        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
        Assert.Equal("stealth-scan", traffic.Decisions[0].Reason);
        traffic.Prove(Scanner, 11);
        traffic.Wait(90).Send(EventKind.Stealth, Scanner, 12, Traffic.Server, Traffic.Tcp, 40000, flags: flags);
        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
    }

    [Theory]
    [InlineData(Traffic.Tcp, Reason.DropFragmentTiny, true)]
    [InlineData(Traffic.Udp, Reason.DropFragmentTiny, false)]
    [InlineData(Traffic.Tcp, Reason.DropMalformedL4, false)]
    public void A_scan_whose_tcp_headers_are_cut_into_fragments_is_a_stealth_scan(byte protocol, Reason reason, bool isOne)
    {
        var traffic = new Traffic();
        for (int i = 0; i < 10; i++)
        {
            PacketEvent packet = Traffic.Make(EventKind.Malformed, Address.Parse(Scanner), 0, Address.Parse(Traffic.Server), protocol, 0, traffic.Wait(0.1).Now);
            packet.TcpFlags = 0;
            packet.Reason = reason;
            traffic.Stage.Observe(in packet, traffic);
        }

        Assert.Equal(isOne ? ["stealth-scan"] : [], traffic.Decisions.Select(d => d.Reason));
        Assert.DoesNotContain(Verdict.Drop, traffic.Verdicts);
    }

    [Fact]
    public void A_connect_scanner_is_redirected_when_a_tarpit_is_configured()
    {
        var traffic = new Traffic(tarpit: true);
        ConnectScan(traffic, Scanner);
        Assert.Equal(Verdict.RedirectToTarpit, traffic.Verdicts.Last());
    }

    [Fact]
    public void The_operator_may_have_connect_scanners_only_limited()
    {
        var traffic = new Traffic(new DetectionOptions { ScanVerdict = AttackResponse.RateLimit });
        ConnectScan(traffic, Scanner);
        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
    }

    /// <summary>A handshake and its end, without a byte.</summary>
    internal static void Touch(Traffic traffic, string source, int port, string local = Traffic.Server)
    {
        traffic.Wait(0.05).Open(source, port, local, remotePort: 20_000 + port);
        traffic.Wait(0.01).Establish(source, port, local, remotePort: 20_000 + port);
        traffic.Wait(0.01).Close(source, port, local, remotePort: 20_000 + port);
    }

    /// <summary>Handshakes that nothing is said on, until they are enough for a limit, and on to a block.</summary>
    internal static void ConnectScan(Traffic traffic, string source)
    {
        int before = traffic.Decisions.Count;
        for (int port = 1; port <= 120 && (traffic.Decisions.Count == before || traffic.Verdicts.Last() == Verdict.RateLimit); port++)
        {
            Touch(traffic, source, 5000 + port);
        }
    }

    internal static int Scan(Traffic traffic, string source, int firstPort, int count)
    {
        int before = traffic.Decisions.Count;
        int decidedAt = 0;
        for (int i = 0; i < count; i++)
        {
            traffic.Wait(0.002).Open(source, firstPort + i);
            if (decidedAt == 0 && traffic.Decisions.Count > before)
            {
                decidedAt = i + 1;
            }
        }

        return decidedAt;
    }
}
