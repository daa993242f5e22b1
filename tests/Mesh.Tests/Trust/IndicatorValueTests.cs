using System.Net;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Indicators.Wire;
using Xunit;

namespace Blackwall.Tests.Mesh.Trust;

public sealed class IndicatorValueTests
{
    [Theory]
    [InlineData(IndicatorKind.Ipv4, "1.2.3.4", "1.2.3.4")]
    [InlineData(IndicatorKind.Ipv6, "2606:2800:0220:0001::9", "2606:2800:220:1::9")]
    [InlineData(IndicatorKind.Prefix4, "1.2.3.0/24", "1.2.3.0/24")]
    [InlineData(IndicatorKind.Prefix6, "2606:2800:220::/48", "2606:2800:220::/48")]
    [InlineData(IndicatorKind.Domain, "Bücher.Example.ORG.", "xn--bcher-kva.example.org")]
    [InlineData(IndicatorKind.Url, "HTTP://Example.org:80/a?b=c", "http://example.org/a?b=c")]
    [InlineData(IndicatorKind.Sha256, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData(IndicatorKind.Ja4, "t13d1516h2_8daaf6152771_e5627efa2ab1", "t13d1516h2_8daaf6152771_e5627efa2ab1")]
    public void A_value_has_one_form_and_comes_back_from_its_bytes(IndicatorKind kind, string text, string canonical)
    {
        Assert.True(IndicatorValue.TryParse(kind, text, out IndicatorValue value));
        Assert.Equal(canonical, value.Text);
        Assert.True(IndicatorBytes.TryRead(kind, IndicatorBytes.Write(value), out IndicatorValue read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData(IndicatorKind.Ipv4, "1.2.3")]
    [InlineData(IndicatorKind.Ipv4, "010.2.3.4")]
    [InlineData(IndicatorKind.Ipv4, "::ffff:1.2.3.4/120")]
    [InlineData(IndicatorKind.Ipv6, "::ffff:1.2.3.4")]
    [InlineData(IndicatorKind.Ipv6, "fe80::1%eth0")]
    [InlineData(IndicatorKind.Prefix4, "1.2.3.4/24")]
    [InlineData(IndicatorKind.Prefix4, "1.2.0.0/16")]
    [InlineData(IndicatorKind.Prefix4, "0.0.0.0/0")]
    [InlineData(IndicatorKind.Prefix6, "2606::/32")]
    [InlineData(IndicatorKind.Domain, "localhost")]
    [InlineData(IndicatorKind.Domain, "1.2.3.4")]
    [InlineData(IndicatorKind.Url, "http://user:secret@example.org/")]
    [InlineData(IndicatorKind.Url, "ftp://example.org/")]
    [InlineData(IndicatorKind.Sha256, "abc")]
    [InlineData(IndicatorKind.Ja4, "t13d1516h2_8daaf6152771_e5627efa2abz")]
    public void What_has_no_canonical_form_is_refused(IndicatorKind kind, string text) => Assert.False(IndicatorValue.TryParse(kind, text, out _));

    [Fact]
    public void A_mapped_address_is_the_address_and_bytes_are_in_network_order()
    {
        Assert.Equal("1.2.3.4", IndicatorValue.From(IPAddress.Parse("::ffff:1.2.3.4")).Text);
        Assert.Equal([1, 2, 3, 4], IndicatorBytes.Write(IndicatorValue.From(IPAddress.Parse("1.2.3.4"))));
        Assert.False(IndicatorBytes.TryRead(IndicatorKind.Ipv6, IPAddress.Parse("::ffff:1.2.3.4").GetAddressBytes(), out _));
        Assert.False(IndicatorBytes.TryRead(IndicatorKind.Domain, "Example.org"u8, out _));
    }
}
