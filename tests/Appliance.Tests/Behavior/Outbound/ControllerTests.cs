using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Xunit;

namespace Blackwall.Tests.Behavior.Outbound;

/// <summary>Hosts of ours and what feeds call C2 servers.</summary>
public sealed class ControllerTests : IThreatFeeds
{
    private const string Host = "192.0.2.50";
    private readonly Traffic _traffic;

    public ControllerTests() => _traffic = new Traffic(feeds: this);

    public IReadOnlyList<FeedMention> Mentions(Address address) => FindController(address) is { } mention ? [mention] : [];

    public FeedMention? FindController(Address address) => Prefix.Parse("203.0.113.0/24").Contains(address) ? new FeedMention("feodo", Prefix.Host(address), "QakBot", IsC2: true, IsAllow: false) : null;

    [Theory]
    [InlineData("203.0.113.9", 443, 1)]
    [InlineData("198.51.100.9", 443, 0)]
    [InlineData("203.0.113.9", 53, 0)]
    [InlineData("203.0.113.9", 25, 0)]
    public void A_host_that_talks_with_a_listed_address_is_told_of_and_name_and_mail_servers_are_not(string outside, int port, int told)
    {
        for (int i = 0; i < 5; i++)
        {
            _traffic.Wait(60).CheckIn(Host, outside, port);
        }

        Assert.Equal(told, _traffic.Told("c2-contact").Count());
        Assert.Empty(_traffic.Decisions);
        if (told == 0)
        {
            return;
        }

        Evidence evidence = _traffic.Told("c2-contact").Single();
        Assert.Equal((Host, EvidenceClass.Handshake), ($"{evidence.Source}", evidence.Class));
        Assert.Equal((outside, "feodo", "QakBot"), (evidence.Facts!.Other, evidence.Facts.Feed, evidence.Facts.Malware));
        Assert.Contains("which the feed feodo calls a C2 server of QakBot", evidence.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 600)]
    [InlineData(400, 0)]
    public void What_only_one_end_says_is_no_conversation(ulong bytesOut, ulong bytesIn)
    {
        _traffic.CheckIn(Host, "203.0.113.9", bytesOut: bytesOut, bytesIn: bytesIn);
        _traffic.Wait(1).TryOutside(Host, "203.0.113.9", 443);
        Assert.Empty(_traffic.Told("c2-contact"));
        _traffic.Wait(1).CheckIn(Host, "203.0.113.9");
        Assert.Single(_traffic.Told("c2-contact"));
    }

    [Fact]
    public void A_scanner_of_ours_that_walks_over_a_list_is_told_of_as_one()
    {
        for (int i = 1; i <= 40; i++)
        {
            _traffic.Wait(5).CheckIn(Host, $"203.0.113.{i}", 8443, bytesOut: 90, bytesIn: 300);
        }

        Evidence[] told = [.. _traffic.Told("c2-contact")];
        Assert.Equal(9, told.Length);
        Assert.Equal("many-controllers-contacted", told[^1].Facts!.Finding);
        Assert.True(told[^1].Weight < 0.3);
        Assert.Contains("a scanner or crawler walks over lists", told[^1].Detail, StringComparison.Ordinal);
    }
}
