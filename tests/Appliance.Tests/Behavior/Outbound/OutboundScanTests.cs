using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior.Outbound;

public sealed class OutboundScanTests
{
    private const string Host = "192.0.2.50";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_host_of_ours_that_scans_ports_is_told_of_and_not_blocked(bool refused)
    {
        var traffic = new Traffic();
        for (int port = 1; port <= 40; port++)
        {
            traffic.Wait(1).TryOutside(Host, "203.0.113.9", port, refused);
        }

        Assert.Equal(Address.Parse(Host), Assert.Single(traffic.Told("outbound-scan")).Source);
        Assert.Empty(traffic.Decisions);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_busy_server_that_scans_one_host_is_told_of_as_well(bool scans)
    {
        var traffic = new Traffic();
        Random dice = new(3);
        for (int port = 1; port <= 60; port++)
        {
            traffic.Wait(0.2).CheckIn(Host, $"198.51.100.{dice.Next(1, 40)}", 443);
            if (scans)
            {
                traffic.Wait(0.1).TryOutside(Host, "203.0.113.9", port);
                traffic.Wait(0.1).TryOutside(Host, "203.0.113.9", port + 1000);
            }
        }

        Assert.Equal(scans ? 1 : 0, traffic.Told("outbound-scan").Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_burst_at_one_host_is_told_of_once_it_was_not_answered(bool answered)
    {
        var traffic = new Traffic();
        for (int i = 0; i < 30; i++)
        {
            traffic.Wait(1).CheckIn(Host, $"198.51.100.{i}", 443);
        }

        for (int port = 1; port <= 45; port++)
        {
            traffic.Wait(0.001);
            if (answered)
            {
                traffic.CheckIn(Host, "203.0.113.9", port);
            }
            else
            {
                traffic.TryOutside(Host, "203.0.113.9", port);
            }
        }

        Assert.Empty(traffic.Told("outbound-scan"));
        traffic.Wait(2).CheckIn(Host, "198.51.100.1", 443);
        Assert.Equal(answered ? 0 : 1, traffic.Told("outbound-scan").Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_monitor_of_a_host_that_goes_down_is_not_and_one_that_looks_at_others_is(bool usedBefore)
    {
        var traffic = new Traffic();
        for (int round = 0; round < 10; round++)
        {
            for (int port = 1; port <= 20; port++)
            {
                traffic.Wait(0.1).CheckIn(Host, usedBefore ? "203.0.113.9" : "203.0.113.10", 8000 + port);
            }

            traffic.Wait(60);
        }

        for (int round = 0; round < 10; round++)
        {
            for (int port = 1; port <= 20; port++)
            {
                traffic.Wait(0.1).TryOutside(Host, "203.0.113.9", 8000 + port);
            }

            traffic.Wait(60);
        }

        Assert.Equal(usedBefore ? 0 : 1, traffic.Told("outbound-scan").Count());
    }

    [Fact]
    public void A_client_of_one_host_that_answers_at_many_ports_is_not()
    {
        var traffic = new Traffic();
        for (int port = 40_000; port < 40_100; port++)
        {
            traffic.Wait(0.5).CheckIn(Host, "203.0.113.9", port);
        }

        Assert.Empty(traffic.Told("outbound-scan"));
    }

    [Fact]
    public void A_worm_that_looks_for_telnet_among_other_things_is_told_of()
    {
        var traffic = new Traffic();
        Random dice = new(1);
        for (int i = 0; i < 60; i++)
        {
            traffic.Wait(2).TryOutside(Host, $"203.0.{dice.Next(256)}.{i}", i % 3 == 0 ? dice.Next(65_536) : 23);
        }

        Assert.Single(traffic.Told("outbound-scan"));
    }

    [Fact]
    public void A_worm_that_tries_one_door_a_minute_is_told_of_within_an_hour()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 60; i++)
        {
            traffic.Wait(60).TryOutside(Host, $"203.0.113.{i}", 445);
        }

        Assert.Contains("ports that worms use", Assert.Single(traffic.Told("outbound-scan")).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void An_administrator_who_is_let_in_at_a_hundred_hosts_a_day_is_not()
    {
        var traffic = new Traffic();
        for (int i = 0; i < 200; i++)
        {
            traffic.Wait(60).CheckIn(Host, $"203.0.113.{i}", 22);
        }

        Assert.Empty(traffic.Told("outbound-scan"));
    }

    [Fact]
    public void A_peer_to_peer_program_and_a_crawler_are_not()
    {
        var traffic = new Traffic();
        Random dice = new(2);
        for (int i = 0; i < 1000; i++)
        {
            string peer = $"203.{dice.Next(256)}.{dice.Next(256)}.{dice.Next(256)}";
            int port = 1024 + dice.Next(60_000);
            if (dice.Next(3) == 0)
            {
                traffic.Wait(1).CheckIn(Host, peer, port);
            }
            else
            {
                traffic.Wait(1).TryOutside(Host, peer, port);
            }

            traffic.CheckIn("192.0.2.51", $"198.51.{i % 200}.{1 + (i % 250)}");
        }

        Assert.Empty(traffic.Told("outbound-scan"));
    }
}
