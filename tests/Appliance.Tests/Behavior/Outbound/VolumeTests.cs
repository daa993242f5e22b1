using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior.Outbound;

public sealed class VolumeTests
{
    private const string Host = "192.0.2.50";
    private const string Stranger = "203.0.113.99";
    private const ulong Megabyte = 1 << 20;

    [Fact]
    public void Much_more_than_usual_to_a_stranger_is_told_with_the_numbers()
    {
        var traffic = new Traffic();
        Days(traffic, 2);
        traffic.CheckIn(Host, Stranger, bytesOut: 150 * Megabyte, bytesIn: Megabyte);
        Evidence told = Assert.Single(traffic.Told("exfiltration"));
        Assert.Equal(Address.Parse(Host), told.Source);
        Assert.Contains("150 MiB to 203.0.113.99", told.Detail, StringComparison.Ordinal);
        Assert.Empty(traffic.Decisions);
    }

    [Fact]
    public void A_flow_that_goes_on_is_told_before_it_ends_and_counted_once()
    {
        var traffic = new Traffic();
        for (ulong megabytes = 10; megabytes <= 90; megabytes += 10)
        {
            Progress(traffic, megabytes * Megabyte);
        }

        Assert.Empty(traffic.Told("exfiltration"));
        Progress(traffic, 110 * Megabyte);
        Assert.Single(traffic.Told("exfiltration"));
    }

    [Fact]
    public void A_backup_as_large_as_the_last_one_is_usual()
    {
        var traffic = new Traffic();
        for (int night = 0; night < 7; night++)
        {
            traffic.Wait(86_400).CheckIn(Host, Stranger, bytesOut: 400 * Megabyte);
        }

        Assert.Single(traffic.Told("exfiltration"));
    }

    [Fact]
    public void A_little_each_hour_for_a_day_is_told_when_the_days_before_were_quiet()
    {
        var traffic = new Traffic(start: 20_000UL * 86_400 * 1_000_000_000);
        Days(traffic, 2);
        for (int hour = 0; hour < 12; hour++)
        {
            traffic.Wait(3600).CheckIn(Host, Stranger, bytesOut: 30 * Megabyte);
        }

        Evidence told = Assert.Single(traffic.Told("exfiltration"));
        Assert.Contains("within the day", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_backup_each_hour_since_ever_is_usual()
    {
        var traffic = new Traffic(start: 20_000UL * 86_400 * 1_000_000_000);
        for (int hour = 0; hour < 24 * 5; hour++)
        {
            traffic.Wait(3600).CheckIn(Host, Stranger, 22, bytesOut: 25 * Megabyte);
        }

        Assert.Empty(traffic.Told("exfiltration"));
        Assert.Empty(traffic.Told("beacon"));
    }

    [Fact]
    public void What_is_carried_away_to_several_places_at_once_is_told()
    {
        var traffic = new Traffic();
        Days(traffic, 2);
        for (int i = 0; i < 20; i++)
        {
            traffic.Wait(30).CheckIn(Host, $"198.51.100.{1 + (i % 5)}", bytesOut: 8 * Megabyte);
        }

        Evidence told = Assert.Single(traffic.Told("exfiltration"));
        Assert.Contains("to several places", told.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_that_sends_as_much_as_it_gets_is_none()
    {
        var traffic = new Traffic();
        traffic.CheckIn(Host, Stranger, bytesOut: 900 * Megabyte, bytesIn: 700 * Megabyte);
        Assert.Empty(traffic.Told("exfiltration"));
    }

    [Theory]
    [InlineData(64, 4000, 9001)]
    [InlineData(64, 90_000, 4000)] // what is fetched through them
    [InlineData(60, 60 * 28, 64 * 1000)] // four lost ones do not explain that
    [InlineData(200, 64 * 1000, 64 * 1000)] // more answers than questions
    public void Pings_whose_answers_are_not_their_questions_are_a_tunnel(ulong packetsIn, ulong bytesIn, ulong bytesOut)
    {
        var traffic = new Traffic();
        Pings(traffic, packetsIn, bytesIn, 64, bytesOut);
        Assert.Single(traffic.Told("icmp-tunnel"));
    }

    [Theory]
    [InlineData(64, 64 * 1400, 64 * 1400)]
    [InlineData(60, 60 * 1400, 64 * 1400)] // lost
    [InlineData(128, 128 * 1400, 64 * 1400)] // each comes twice
    [InlineData(50, (25 * 64) + (25 * 1000), (32 * 64) + (32 * 1000))] // two programs, at two lengths
    [InlineData(64, (31 * 64) + (33 * 1000), (32 * 64) + (32 * 1000))] // both ends ping
    public void Long_pings_and_lost_ones_are_none(ulong packetsIn, ulong bytesIn, ulong bytesOut)
    {
        var traffic = new Traffic();
        Pings(traffic, packetsIn, bytesIn, 64, bytesOut);
        Assert.Empty(traffic.Recorded);
    }

    [Theory]
    [InlineData(530)]
    [InlineData(17 * 28)] // as many times as fit into what was sent
    public void A_file_sent_away_in_pings_of_which_hardly_one_is_answered_is_a_tunnel(ulong bytesIn)
    {
        var traffic = new Traffic();
        Pings(traffic, 17, bytesIn, 256, 256 * 1036);
        Assert.Single(traffic.Told("icmp-tunnel"));
    }

    [Theory]
    [InlineData(183, true)] // as what is carried varies
    [InlineData(104, false)] // two programs go on
    public void Questions_whose_lengths_change_while_answers_are_missing_are_a_tunnel(ulong length, bool isTold)
    {
        var traffic = new Traffic();
        Pings(traffic, 52, 52 * 97, 64, 64 * 104);
        Pings(traffic, 104, 104 * 96, 128, (64 * 104) + (64 * length));
        Assert.Equal(isTold, traffic.Told("icmp-tunnel").Any());
    }

    [Fact]
    public void A_search_for_the_longest_ping_that_arrives_is_none()
    {
        var traffic = new Traffic();
        Pings(traffic, 17, 4000, 64, 64 * 1400);
        Pings(traffic, 17, 17 * 1400, 128, 128 * 1400);
        Assert.Empty(traffic.Recorded);
    }

    [Fact]
    public void Two_programs_that_ping_over_a_bad_path_all_day_are_none()
    {
        var traffic = new Traffic();
        Pings(traffic, 9, (4 * 64) + (5 * 40), 8192, (4096 * 64) + (4096 * 40));
        Assert.Empty(traffic.Recorded);
    }

    [Fact]
    public void Answers_that_a_flood_of_pings_does_not_get_are_no_tunnel()
    {
        var traffic = new Traffic();
        Pings(traffic, 8192, 8192 * 700, 64, 64 * 300, FlowDirection.Inbound);
        Assert.Empty(traffic.Recorded);
    }

    private static void Days(Traffic traffic, int days)
    {
        for (int hour = 0; hour < days * 24; hour++)
        {
            traffic.Wait(3600).CheckIn(Host, $"203.0.113.{1 + (hour % 7)}", bytesOut: 3 * Megabyte, bytesIn: 20 * Megabyte);
        }
    }

    private static void Progress(Traffic traffic, ulong bytesOut)
    {
        traffic.Wait(20);
        traffic.Send(EventKind.FlowProgress, Stranger, 50_000, Host, Traffic.Tcp, 443, bytesOut: bytesOut, bytesIn: 1000, direction: FlowDirection.Outbound);
    }

    private static void Pings(Traffic traffic, ulong packetsIn, ulong bytesIn, ulong packetsOut, ulong bytesOut, FlowDirection direction = FlowDirection.Outbound)
    {
        PacketEvent packet = Traffic.Make(EventKind.FlowProgress, Address.Parse(Stranger), 0, Address.Parse(Host), Traffic.Icmp, 0, traffic.Now);
        packet.Direction = direction;
        packet.PacketsIn = packetsIn;
        packet.PacketsOut = packetsOut;
        packet.BytesIn = bytesIn;
        packet.BytesOut = bytesOut;
        traffic.Stage.Observe(in packet, traffic);
    }
}
