using Blackwall.Behavior;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;
using Xunit;

namespace Blackwall.Tests.Behavior;

public sealed class PortScanTests
{
    private const string Scanner = "198.51.100.7";

    [Theory]
    [InlineData(Scanner)]
    [InlineData("2001:db8:7::5")]
    public void A_half_open_scan_is_challenged_at_its_twentieth_port_and_dropped_as_soon_as_it_proves_its_address(string scanner)
    {
        var traffic = new Traffic();
        int challengedAt = Scan(traffic, scanner, 1, 40);
        Assert.InRange(challengedAt, 20, 30);
        DecisionRequest limit = Assert.Single(traffic.Decisions);
        Assert.Equal(Verdict.RateLimit, limit.Verdict);
        Assert.Equal(EvidenceClass.Spoofable, limit.Evidence[0].Class);
        Assert.Equal(Phase.Suspicious, traffic.PhaseOf(scanner));

        traffic.Wait(0.05).Prove(scanner, 41);
        Assert.Equal([Verdict.RateLimit, Verdict.Drop], traffic.Verdicts);
        DecisionRequest drop = traffic.Decisions[1];
        Assert.Equal(Prefix.Host(Address.Parse(scanner)), drop.Scope);
        Assert.Equal(Origin.Local, drop.Origin);
        Assert.Equal("port-scan", drop.Reason);
        Assert.Null(drop.Ttl);
        Assert.Equal(EvidenceClass.Handshake, drop.Evidence[0].Class);
        Assert.Equal(Phase.Malicious, traffic.PhaseOf(scanner));
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
    public void A_source_that_proved_itself_first_is_dropped_at_the_threshold()
    {
        var traffic = new Traffic();
        traffic.Prove(Scanner, 22);
        Scan(traffic, Scanner, 1, 40);
        Assert.Equal([Verdict.Drop], traffic.Verdicts);
    }

    [Fact]
    public void A_proof_is_believed_for_its_time_only()
    {
        var traffic = new Traffic();
        traffic.Prove(Scanner, 22);
        traffic.Wait(11 * 60);
        Scan(traffic, Scanner, 1, 40);
        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
    }

    [Fact]
    public void A_connect_scan_proves_itself_by_the_empty_connections_it_completes()
    {
        var traffic = new Traffic();
        traffic.Open(Scanner, 80, remotePort: 1111);
        traffic.Open(Scanner, 81);
        traffic.Wait(0.01).Establish(Scanner, 80, remotePort: 1111);
        traffic.Wait(0.01).Close(Scanner, 80, remotePort: 1111);
        Scan(traffic, Scanner, 100, 40);
        Assert.Equal([Verdict.Drop], traffic.Verdicts);
    }

    [Fact]
    public void A_connection_held_without_a_word_is_a_proof_too()
    {
        var traffic = new Traffic();
        Scan(traffic, Scanner, 1, 40);
        traffic.Establish(Scanner, 22, remotePort: 3333);
        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
        traffic.Wait(2.5).Open(Scanner, 23);
        Assert.Equal([Verdict.RateLimit, Verdict.Drop], traffic.Verdicts);
    }

    [Fact]
    public void A_stranger_whose_handshake_was_seen_is_dropped_for_a_scan_that_follows()
    {
        var traffic = new Traffic();
        traffic.Use(Scanner, 80);
        Scan(traffic, Scanner, 1, 40);
        Assert.Equal([Verdict.Drop], traffic.Verdicts);
    }

    [Fact]
    public void A_scan_forged_in_the_name_of_a_user_never_blocks_the_user_even_when_his_stack_answers_the_challenge()
    {
        const string user = "203.0.113.77";
        var traffic = new Traffic();
        for (int i = 0; i < 5; i++)
        {
            traffic.Use(user, 443, remotePort: 50000 + i);
        }

        Scan(traffic, user, 1, 1000);
        traffic.Prove(user, 17);
        for (int i = 0; i < 20; i++)
        {
            traffic.Wait(2).Use(user, 443, remotePort: 51000 + i);
            Scan(traffic, user, 1, 300);
            traffic.Prove(user, 18);
        }

        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
    }

    [Fact]
    public void A_user_who_really_connect_scans_is_dropped_for_the_handshakes_he_completed()
    {
        const string user = "203.0.113.77";
        var traffic = new Traffic();
        for (int i = 0; i < 5; i++)
        {
            traffic.Use(user, 443, remotePort: 50000 + i);
        }

        foreach (int port in new[] { 22, 25, 80 })
        {
            traffic.Open(user, port, remotePort: 60000 + port);
            traffic.Wait(0.01).Establish(user, port, remotePort: 60000 + port);
            traffic.Wait(0.01).Close(user, port, remotePort: 60000 + port);
        }

        Scan(traffic, user, 1000, 40);
        Assert.Equal(Verdict.Drop, traffic.Verdicts.Last());
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

    [Theory]
    [InlineData(29)] // FIN, PSH, URG and more: XMAS
    [InlineData(0)] // NULL
    [InlineData(1)] // FIN
    public void A_stealth_scan_is_limited_and_dropped_only_after_a_proof(byte flags)
    {
        var traffic = new Traffic();
        for (int port = 1; port <= 10; port++)
        {
            traffic.Send(EventKind.Stealth, Scanner, port, Traffic.Server, Traffic.Tcp, 40000, flags: flags);
        }

        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
        Assert.Equal("stealth-scan", traffic.Decisions[0].Reason);
        traffic.Prove(Scanner, 11);
        Assert.Equal([Verdict.RateLimit, Verdict.Drop], traffic.Verdicts);
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
    public void A_proven_scanner_is_redirected_when_a_tarpit_is_configured()
    {
        var traffic = new Traffic(tarpit: true);
        traffic.Prove(Scanner, 22);
        Scan(traffic, Scanner, 1, 40);
        Assert.Equal([Verdict.RedirectToTarpit], traffic.Verdicts);
    }

    [Fact]
    public void The_operator_may_have_proven_scanners_only_limited()
    {
        var traffic = new Traffic(new DetectionOptions { ScanVerdict = AttackResponse.RateLimit });
        traffic.Prove(Scanner, 22);
        Scan(traffic, Scanner, 1, 200);
        Assert.Equal([Verdict.RateLimit], traffic.Verdicts);
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
