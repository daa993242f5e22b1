using Blackwall.Pipeline.Model;
using Blackwall.Remediation;
using Xunit;

namespace Blackwall.Tests.Remediation;

public sealed class HolesTests
{
    [Theory]
    [InlineData("198.51.100.0/30", "198.51.100.2", "198.51.100.0/31 198.51.100.3")]
    [InlineData("198.51.100.0/24", "203.0.113.1", "198.51.100.0/24")]
    [InlineData("198.51.100.0/24", "198.51.0.0/16", "")]
    [InlineData("198.51.100.0/30", "198.51.100.0 198.51.100.3", "198.51.100.1 198.51.100.2")]
    [InlineData("2001:db8::/126", "2001:db8::1", "2001:db8:: 2001:db8::2/127")]
    public void What_must_pass_is_cut_out(string whole, string holes, string left) =>
        Assert.Equal(left, string.Join(' ', Holes.Cut(Prefix.Parse(whole), [.. holes.Split(' ').Select(hole => Prefix.Parse(hole))])));

    [Fact]
    public void A_hole_of_one_address_leaves_exactly_the_others()
    {
        Prefix whole = Prefix.Parse("198.51.100.0/24");
        IReadOnlyList<Prefix> parts = Holes.Cut(whole, [Prefix.Parse("198.51.100.77")]);
        Assert.Equal(8, parts.Count);
        Assert.All(Enumerable.Range(0, 256), i =>
        {
            Prefix host = Prefix.Parse($"198.51.100.{i}");
            Assert.Equal(i == 77 ? 0 : 1, parts.Count(part => part.Contains(host)));
        });
    }

    [Fact]
    public void Exports_hold_no_prefix_within_another()
    {
        IReadOnlyList<Prefix> merged = ExportWriter.Merge(new[] { "198.51.100.7", "198.51.100.0/24", "2001:db8::1", "203.0.113.1" }.Select(text => Prefix.Parse(text)));
        Assert.Equal("198.51.100.0/24 203.0.113.1 2001:db8::1", string.Join(' ', merged.OrderBy(one => !one.IsV4)));
        Assert.Contains("add element inet blackwall blocked4 { 198.51.100.0/24, 203.0.113.1 }", ExportWriter.Lines(merged, ExportFormat.Nftables));
        Assert.Contains("add blackwall6-next 2001:db8::1", ExportWriter.Lines(merged, ExportFormat.Ipset));
    }
}
