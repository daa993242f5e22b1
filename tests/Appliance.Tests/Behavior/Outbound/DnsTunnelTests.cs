using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Behavior.Outbound;

public sealed class DnsTunnelTests
{
    private const string Host = "192.0.2.50";
    private const string Base32 = "abcdefghijklmnopqrstuvwxyz234567";
    private const string Hex = "0123456789abcdef";

    [Theory]
    [InlineData(Base32, 50, 10)]
    [InlineData(Hex, 60, 16)]
    [InlineData(Base32, 30, 5)]
    [InlineData(Base32, 40, 1)]
    public void Many_long_dense_names_below_one_domain_are_a_tunnel(string alphabet, int length, int type)
    {
        var traffic = new Traffic();
        Random dice = new(1);
        for (int i = 0; i < 60; i++)
        {
            traffic.Wait(2).Ask(Host, $"{Word(dice, alphabet, length)}.t.example.co.uk", type);
        }

        Evidence told = Assert.Single(traffic.Told("dns-tunnel"));
        Assert.Equal(Address.Parse(Host), told.Source);
        Assert.Empty(traffic.Decisions);
    }

    [Theory]
    [InlineData("dnscat.", 30, 60)] // dnscat2 without a domain
    [InlineData("", 40, 60)]
    [InlineData("", 26, 63)]
    public void Names_without_a_domain_for_a_server_that_is_asked_directly_are_a_tunnel_too(string begin, int shortest, int longest)
    {
        var traffic = new Traffic();
        Random dice = new(9);
        int[] types = [16, 5, 15];
        for (int i = 0; i < 60; i++)
        {
            string first = Word(dice, Hex, dice.Next(shortest, longest)), last = Word(dice, Hex, dice.Next(24, 50));
            traffic.Wait(1).Ask(Host, $"{begin}{first}.{last}{(begin.Length == 0 && i % 2 == 0 ? "" : $".{Word(dice, Hex, 20)}")}", types[i % 3]);
        }

        Assert.Single(traffic.Told("dns-tunnel"));
    }

    [Fact]
    public void Names_of_machines_without_a_domain_are_none()
    {
        var traffic = new Traffic();
        Random dice = new(10);
        for (int i = 0; i < 500; i++)
        {
            traffic.Wait(1).Ask(Host, $"pc-{dice.Next(300)}");
            traffic.Ask(Host, $"printer{dice.Next(40)}.lan2");
            traffic.Ask(Host, $"desktop-{Word(dice, Hex, 7)}");
        }

        Assert.Empty(traffic.Recorded);
    }

    [Fact]
    public void Somebody_outside_who_tunnels_through_our_name_server_is_told_of_and_not_believed()
    {
        var traffic = new Traffic();
        Random dice = new(2);
        for (int i = 0; i < 60; i++)
        {
            traffic.Wait(1).Ask("198.51.100.7", $"{Word(dice, Base32, 50)}.t.example.org", 16, FlowDirection.Inbound);
        }

        Evidence told = Assert.Single(traffic.Told("dns-tunnel"));
        Assert.Equal((Address.Parse("198.51.100.7"), EvidenceClass.Spoofable), (told.Source, told.Class));
    }

    [Fact]
    public void Ordinary_names_blocklists_reverse_look_ups_and_content_networks_are_none()
    {
        var traffic = new Traffic();
        Random dice = new(3);
        for (int i = 0; i < 2000; i++)
        {
            traffic.Wait(1).Ask(Host, $"www.{Word(dice, Base32[..26], 8)}.com");
            traffic.Ask(Host, $"d{Word(dice, Hex, 12)}.cloudfront.net", 28);
            traffic.Ask(Host, $"{dice.Next(256)}.{dice.Next(256)}.{dice.Next(256)}.{dice.Next(256)}.zen.example.org");
            traffic.Ask(Host, $"{dice.Next(256)}.{dice.Next(256)}.{dice.Next(256)}.{dice.Next(256)}.in-addr.arpa", 12);
            traffic.Ask(Host, "a-name-that-is-quite-long-and-asked-for-over-and-over-again.example.net", 16);
        }

        Assert.Empty(traffic.Recorded);
    }

    [Fact]
    public void Hashes_that_a_virus_scanner_looks_up_and_numbered_hosts_of_a_provider_are_none()
    {
        var traffic = new Traffic();
        Random dice = new(4);
        for (int i = 0; i < 2000; i++)
        {
            traffic.Wait(8).Ask(Host, $"{Word(dice, Hex, 32)}.scan.example.com");
            traffic.Ask(Host, $"ec2-{dice.Next(256)}-{dice.Next(256)}-{dice.Next(256)}-{dice.Next(256)}.eu-west-1.compute.example.net");
            traffic.Ask(Host, $"{Word(dice, Hex, 16)}.safeframe.example.org");
        }

        Assert.Empty(traffic.Recorded);
    }

    [Fact]
    public void Short_names_are_a_tunnel_when_each_is_new_and_asks_for_text_or_keys()
    {
        var traffic = new Traffic();
        Random dice = new(6);
        for (int i = 0; i < 80; i++)
        {
            traffic.Wait(0.5).Ask(Host, $"{Word(dice, "ABCDEFGHabcdefgh0123456789", 10)}.d.example.org", i % 3 == 0 ? 25 : 16);
        }

        Assert.Single(traffic.Told("dns-tunnel"));
    }

    [Fact]
    public void A_session_that_says_hardly_anything_new_in_its_names_is_a_tunnel_too()
    {
        var traffic = new Traffic();
        Random dice = new(6);
        for (int i = 0; i < 150; i++)
        {
            traffic.Wait(1).Ask(Host, $"{Word(dice, Hex, 4)}01a7c312344321.cat.example.org", i % 3 == 0 ? 16 : 5);
        }

        Assert.Single(traffic.Told("dns-tunnel"));
    }

    [Fact]
    public void A_mail_server_that_asks_blocklists_for_their_reasons_and_senders_for_their_keys_is_none()
    {
        var traffic = new Traffic();
        Random dice = new(7);
        for (int i = 0; i < 1500; i++)
        {
            traffic.Wait(1).Ask(Host, $"{dice.Next(256)}.{dice.Next(256)}.{dice.Next(256)}.{dice.Next(256)}.bl.example.org", 16);
            traffic.Ask(Host, $"{string.Join('.', Word(dice, Hex, 32).ToCharArray())}.bl6.example.net", 16);
            traffic.Ask(Host, $"_dmarc.{Word(dice, Base32[..26], 8)}.com", 16);
            traffic.Ask(Host, $"s{dice.Next(9)}._domainkey.mailer.example", 16);
        }

        Assert.Empty(traffic.Recorded);
    }

    [Theory]
    [InlineData(40_000, true)]
    [InlineData(53, false)]
    public void Datagrams_to_port_53_that_ask_nothing_are_told(int insidePort, bool isTold)
    {
        var traffic = new Traffic();
        Random dice = new(8);
        byte[] datagram = new byte[120];
        for (int i = 0; i < 20; i++)
        {
            dice.NextBytes(datagram);
            datagram[2] |= 0x80;
            traffic.Wait(10).Leave(Host, datagram, insidePort);
        }

        Assert.Equal(isTold ? 1 : 0, traffic.Told("dns-tunnel").Count());
        Assert.Empty(traffic.Decisions);
    }

    [Theory]
    [InlineData(60, 16, 44)]
    [InlineData(60, 1, 48)]
    [InlineData(120, 16, 36)]
    public void A_name_a_minute_for_hours_is_a_tunnel_too(int pause, int type, int length)
    {
        var traffic = new Traffic();
        Random dice = new(5);
        for (int i = 0; i < 200; i++)
        {
            traffic.Wait(pause).Ask(Host, $"{Word(dice, Base32, length)}.q.example.net", type);
        }

        Assert.Contains("new names below one domain in", traffic.Told("dns-tunnel").First().Detail, StringComparison.Ordinal);
        Assert.Empty(traffic.Decisions);
    }

    private static string Word(Random dice, string alphabet, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => alphabet[dice.Next(alphabet.Length)]));
}
