using System.Text.Json.Nodes;
using Blackwall.Pipeline.Indicators;
using Blackwall.Intel;
using Blackwall.Intel.Stix;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Intel;

public sealed class StixTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly StixPublisher Publisher = new(Guid.Parse("11111111-2222-4333-8444-555555555555"), "edge", Start, Start);

    // python-stix2 computes the same for this address.
    [Fact]
    public void An_observable_has_the_identifier_that_the_standard_derives() =>
        Assert.Equal("ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4", StixId.Text("ipv4-addr", StixId.Observable("198.51.100.3")));

    [Fact]
    public void Hostile_text_comes_out_whole_in_a_pattern_and_ends_nothing()
    {
        const string hostile = "http://a/?x=']OR[ipv4-addr:value='1.2.3.4\\";
        Assert.Equal(@"[url:value = 'http://a/?x=\']OR[ipv4-addr:value=\'1.2.3.4\\']", StixPattern.Of(IndicatorKind.Url, hostile));
        Indicator indicator = new(IndicatorKind.Url, hostile, "local", 0, Start, Start, Start, null, 50, ["\",\"revoked\":true,\"x\":\"\u2028\n\0"], Start, Start, 1, 1, Start);
        JsonNode made = JsonNode.Parse(new IndicatorObjects(Publisher, Tlp.Green).Of(indicator, true, true)[0].Body.Span)!;
        Assert.Null(made["revoked"]);
        Assert.Equal(indicator.Reasons[0], (string?)made["labels"]![0]);
    }

    [Fact]
    public void The_same_indicator_gives_the_same_bytes()
    {
        Indicator indicator = new(IndicatorKind.Ipv4, "198.51.100.7", "local", 0, Start, Start, Start, Start.AddHours(1), 90, ["brute-force", "beacon"], Start, Start, 2, 2, Start) { Fingerprints = ["ja4:t13d1516h2_8daaf6152771_b186095e22b6"] };
        IReadOnlyList<StixObject> once = new IndicatorObjects(Publisher, Tlp.Green).Of(indicator, true, true);
        IReadOnlyList<StixObject> again = new IndicatorObjects(Publisher, Tlp.Green).Of(indicator, true, true);
        Assert.Equal(once.Select(one => Convert.ToHexString(one.Body.Span)), again.Select(one => Convert.ToHexString(one.Body.Span)));
        Assert.Equal(["indicator", "ipv4-addr", "network-traffic", "relationship", "relationship", "infrastructure", "relationship", "observed-data", "sighting"], once.Select(one => one.Type));
    }

    [Theory]
    [InlineData("[ipv4-addr:value = '198.51.100.7']", "198.51.100.7")]
    [InlineData("[ ipv4-addr:value='198.51.100.7' OR ipv6-addr:value = '2001:db8::1' ]", "198.51.100.7 2001:db8::1")]
    [InlineData("[ipv4-addr:value ISSUBSET '198.51.100.0/24'] OR [ipv4-addr:value IN ('192.0.2.1', '192.0.2.2')]", "198.51.100.0/24 192.0.2.1 192.0.2.2")]
    public void A_pattern_of_addresses_is_read(string pattern, string scopes)
    {
        Assert.True(PatternReader.TryRead(pattern, out IReadOnlyList<Prefix> read));
        Assert.Equal(scopes, string.Join(' ', read));
    }

    [Theory]
    [InlineData("[ipv4-addr:value = '198.51.100.7' AND domain-name:value = 'a.example']")]
    [InlineData("[ipv4-addr:value != '198.51.100.7']")]
    [InlineData("[NOT ipv4-addr:value = '198.51.100.7']")]
    [InlineData("[ipv4-addr:value = '2001:db8::1']")]
    [InlineData("[ipv4-addr:value = '198.51.100.7'] FOLLOWEDBY [ipv4-addr:value = '198.51.100.8']")]
    [InlineData("[ipv4-addr:value = '198.51.100.300']")]
    [InlineData("[ipv4-addr:value = '198.51.100.7'")]
    [InlineData("[network-traffic:dst_ref.value = '198.51.100.7']")]
    [InlineData("")]
    public void A_pattern_that_demands_more_gives_no_address(string pattern) => Assert.False(PatternReader.TryRead(pattern, out _));

    [Theory]
    [InlineData("2026-11-30T12:00:00Z", true)]
    [InlineData("2026-11-30T12:00:00.1Z", true)]
    [InlineData("2026-11-30T12:00:00.123456Z", true)]
    [InlineData("2026-11-30T12:00:00.123456789Z", true)]
    [InlineData("2026-11-30T12:00:00", false)]
    [InlineData("2026-11-30T12:00:00+01:00", false)]
    [InlineData("2026-11-30 12:00:00Z", false)]
    [InlineData("2026-13-30T12:00:00Z", false)]
    [InlineData("2026-11-30T12:00:00.Z", false)]
    public void Times_are_those_of_the_standard(string text, bool isOne) => Assert.Equal(isOne, StixTime.TryParse(text, out _));
}
