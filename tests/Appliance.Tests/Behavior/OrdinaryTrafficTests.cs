using Blackwall.Kernel.Abi;
using Xunit;

namespace Blackwall.Tests.Behavior;

/// <summary>What must never be flagged. Each played with numbers well above what the ordinary case needs.</summary>
public sealed class OrdinaryTrafficTests
{
    private const string Client = "203.0.113.50";

    [Fact]
    public void A_browser_with_five_hundred_connections()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 500; i++)
        {
            traffic.Wait(0.002).Open(Client, 443, remotePort: 20000 + i);
        }

        for (int i = 0; i < 500; i++)
        {
            traffic.Wait(0.001).Establish(Client, 443, remotePort: 20000 + i);
        }

        for (int i = 0; i < 500; i++)
        {
            traffic.Wait(0.01).Close(Client, 443, remotePort: 20000 + i, bytesIn: 800, bytesOut: 60_000);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void A_busy_proxy_with_a_thousand_connections_a_second_whose_events_are_sampled()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 10_000; i++)
        {
            traffic.Wait(0.001).Open(Client, 443, remotePort: 1024 + i, suppressed: 30);
            traffic.Wait(0.0001).Establish(Client, 443, remotePort: 1024 + i);
            traffic.Close(Client, 443, remotePort: 1024 + i, bytesIn: 300, bytesOut: 900);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void An_office_behind_one_address_that_uses_forty_hosts_with_connections_that_stay_open()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 2000; i++)
        {
            string local = $"192.0.2.{1 + (i % 40)}";
            int port = (i % 3) switch { 0 => 443, 1 => 80, _ => 993 };
            traffic.Wait(0.02).Open(Client, port, local, remotePort: 10000 + i);
            traffic.Wait(0.02).Establish(Client, port, local, remotePort: 10000 + i);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void A_load_balancer_that_checks_fifty_hosts_by_opening_and_closing()
    {
        var traffic = new Traffic();
        for (int round = 0; round < 100; round++)
        {
            traffic.Wait(2);
            for (int host = 1; host <= 50; host++)
            {
                traffic.Open(Client, 8080, $"192.0.2.{host}", remotePort: 20000 + host);
                traffic.Wait(0.001).Establish(Client, 8080, $"192.0.2.{host}", 20000 + host);
                traffic.Wait(0.001).Close(Client, 8080, $"192.0.2.{host}", 20000 + host);
            }
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void A_monitor_that_tries_ten_services_a_minute_of_which_some_are_down()
    {
        var traffic = new Traffic();
        for (int round = 0; round < 600; round++)
        {
            for (int service = 0; service < 10; service++)
            {
                int port = 1000 + service;
                traffic.Wait(0.05).Open(Client, port, remotePort: 20000 + round);
                if (service < 3)
                {
                    traffic.Refuse(Client, port, remotePort: 20000 + round);
                }
                else
                {
                    traffic.Establish(Client, port, remotePort: 20000 + round);
                    traffic.Close(Client, port, remotePort: 20000 + round);
                }
            }

            traffic.Wait(59);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void A_monitor_that_opens_and_closes_forty_services_of_one_host_a_minute()
    {
        var traffic = new Traffic();
        for (int round = 0; round < 300; round++)
        {
            for (int port = 1000; port < 1040; port++)
            {
                traffic.Wait(0.01).Use(Client, port, remotePort: 20000 + port, bytesIn: 0, bytesOut: 0, seconds: 0.01);
            }

            traffic.Wait(59);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void A_busy_proxy_that_hits_a_limit_once_after_many_of_its_events_were_held_back()
    {
        var traffic = new Traffic();
        traffic.Open(Client, 53, protocol: Traffic.Udp, kind: EventKind.Limited, suppressed: 1_000_000);
        traffic.Send(EventKind.Stealth, Client, 443, Traffic.Server, Traffic.Tcp, 40000, suppressed: 1_000_000);
        traffic.Open(Client, 443, suppressed: 1_000_000);
        AssertQuiet(traffic);
    }

    [Fact]
    public void A_client_whose_service_is_down_and_who_tries_again_every_second()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 5000; i++)
        {
            traffic.Wait(1).Open(Client, 5222, remotePort: 1024 + i);
            traffic.Refuse(Client, 5222, remotePort: 1024 + i);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void Users_of_dns_and_ntp_with_a_new_port_for_each_question()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 50_000; i++)
        {
            traffic.Wait(0.002).Open(Client, 53, protocol: Traffic.Udp, remotePort: 1024 + (i % 60000));
            traffic.Open("203.0.113.51", 123, $"192.0.2.{1 + (i % 200)}", Traffic.Udp, 123);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void Late_answers_of_a_resolver_to_ports_that_are_closed_again()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 1000; i++)
        {
            traffic.Wait(0.05).Open("203.0.113.53", 32768 + i, protocol: Traffic.Udp, remotePort: 53);
            traffic.Send(EventKind.FlowRefused, "203.0.113.53", 32768 + i, Traffic.Server, Traffic.Udp, 53, flags: PacketEvent.QuotedAnswer);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void Reflected_syn_acks_and_amplified_answers_of_victims()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 5000; i++)
        {
            traffic.Wait(0.001).Open("203.0.113.54", 1024 + i, remotePort: 443, flags: 0x12);
            traffic.Refuse("203.0.113.54", 1024 + i, remotePort: 443);
            traffic.Open("203.0.113.55", 1024 + i, protocol: Traffic.Udp, remotePort: 500);
            traffic.Refuse("203.0.113.55", 1024 + i, protocol: Traffic.Udp, remotePort: 500);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void Calls_with_a_new_media_port_each()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 2000; i++)
        {
            traffic.Wait(0.3).Open(Client, 10_000 + (2 * i), protocol: Traffic.Udp, remotePort: 40_000 + i);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void Passive_ftp_with_a_data_port_a_file()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 1000; i++)
        {
            traffic.Wait(0.2).Use(Client, 30_000 + i, remotePort: 20_000 + i, bytesIn: 900, bytesOut: 0);
            traffic.Wait(0.2).Use(Client, 31_000 + i, remotePort: 20_000 + i, bytesIn: 9, bytesOut: 9000);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void A_mirror_over_passive_ftp_whose_handshakes_were_not_told()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 1000; i++)
        {
            traffic.Wait(0.01).Open(Client, 30_000 + i, remotePort: 20_000 + i);
            traffic.Wait(0.01).Close(Client, 30_000 + i, remotePort: 20_000 + i, bytesIn: i % 2 == 0 ? 0UL : 9000UL, bytesOut: i % 2 == 0 ? 9000UL : 0UL);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void Someone_who_pings_every_second_and_once_ten_times_a_second()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 3600; i++)
        {
            traffic.Wait(i < 1000 ? 0.1 : 1).Open(Client, 0, protocol: Traffic.Icmp, remotePort: i);
        }

        AssertQuiet(traffic);
    }

    [Fact]
    public void Servers_to_which_we_connect()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 5000; i++)
        {
            traffic.Wait(0.001);
            foreach (EventKind kind in new[] { EventKind.FlowOpen, EventKind.FlowEstablished, EventKind.FlowClosed })
            {
                traffic.Send(kind, Client, 30_000 + i, Traffic.Server, Traffic.Tcp, 443, flags: 2, direction: FlowDirection.Outbound);
            }
        }

        AssertQuiet(traffic);
        Assert.Equal(0, traffic.Stage.Stats.UnprovenSources + traffic.Stage.Stats.ProvenSources);
    }

    private static void AssertQuiet(Traffic traffic)
    {
        Assert.Empty(traffic.Decisions);
        Assert.DoesNotContain(traffic.Recorded, e => !e.Detail.StartsWith("new to trusted", StringComparison.Ordinal));
    }
}
