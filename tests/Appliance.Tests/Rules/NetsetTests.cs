using Blackwall.Pipeline.Model;
using Blackwall.Rules;
using Xunit;

namespace Blackwall.Tests.Rules;

public class NetsetTests
{
    [Fact]
    public void Comments_and_empty_lines_count_for_nothing_and_repeats_count_once()
    {
        var (scopes, lines, errors) = Netset.Parse("# head\r\n\r\n9.1.2.3 # one\n 9.1.0.0/16 ; two\n9.1.2.3\n::ffff:9.1.2.4\n", 100);
        Assert.Empty(errors);
        Assert.Equal([Prefix.Parse("9.1.2.3"), Prefix.Parse("9.1.0.0/16"), Prefix.Parse("9.1.2.4")], scopes);
        Assert.Equal([3, 4, 6], lines);
    }

    [Fact]
    public void Each_bad_line_is_named_up_to_a_bound()
    {
        var (_, _, errors) = Netset.Parse("9.1.2.3\n9.1.2.3/24\nhello\n1.2.3\n", 100);
        Assert.Equal([2, 3, 4], errors.Select(e => e.Line));
        Assert.Equal(Netset.MaxErrors, Netset.Parse(string.Concat(Enumerable.Repeat("x\n", 5000)), 100).Errors.Count);
        Assert.Equal(3, Assert.Single(Netset.Parse("9.0.0.1\n9.0.0.2\n9.0.0.3\n9.0.0.4", 2).Errors).Line);
    }
}
