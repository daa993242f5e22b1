using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>What holds for a scope after the first decision about it has ended: judged in the kernel, with no process alive.</summary>
[Collection(KernelCollection.Name)]
public sealed class TimelineTests(KernelHarness kernel)
{
    private const string Server4 = "198.51.100.1", Server6 = "2001:db8:ff::1";

    private const int LongAgo = int.MinValue;

    private readonly KernelHarness _kernel = kernel.Reset();

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7", Reason.DropHost)]
    [InlineData("203.0.113.0/28", "203.0.113.7", Reason.DropPrefix)]
    [InlineData("2001:db8:1::7", "2001:db8:1::7", Reason.DropHost)]
    [InlineData("2001:db8:1::/48", "2001:db8:1::7", Reason.DropPrefix)]
    public void Spans_follow_each_other_at_their_ends(string scope, string source, Reason blocked)
    {
        _kernel.Install(Entry(scope, (Verdict.Pass, 10), (Verdict.Drop, 20), (Verdict.Pass, 30), (Verdict.Drop, 40)));
        Assert.Equal(Reason.PassAllow, Ask(source));
        _kernel.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(blocked, Ask(source));
        _kernel.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Reason.PassAllow, Ask(source));
        _kernel.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(blocked, Ask(source));
        _kernel.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Reason.PassDefault, Ask(source));
    }

    [Fact]
    public void An_inner_prefix_that_ended_falls_back_to_the_outer_block()
    {
        _kernel.Install(
            Entry("203.0.113.0/24", (Verdict.Drop, null)),
            Entry("203.0.113.0/28", (Verdict.RateLimit, 10), (Verdict.Drop, null)));
        Assert.Equal(Reason.PassDefault, Ask("203.0.113.7"));
        _kernel.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(Reason.DropPrefix, Ask("203.0.113.7"));
        Assert.Equal(Reason.DropPrefix, Ask("203.0.113.77"));
    }

    [Fact]
    public void A_written_entry_replaces_its_timeline_and_a_removed_one_leaves_none()
    {
        _kernel.Install(Entry("203.0.113.7", (Verdict.Pass, 10), (Verdict.Drop, null)));
        Assert.True(_kernel.Apply(Entry("203.0.113.7", (Verdict.Pass, 10), (Verdict.RateLimit, 20), (Verdict.Drop, null))));
        _kernel.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(Reason.PassDefault, Ask("203.0.113.7"));
        _kernel.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(Reason.DropHost, Ask("203.0.113.7"));
        Assert.True(_kernel.Apply(Entry("203.0.113.7", (Verdict.Drop, 10))));
        _kernel.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(Reason.PassDefault, Ask("203.0.113.7"));
        Assert.True(_kernel.Apply("203.0.113.7", null));
        Assert.Equal(Reason.PassDefault, Ask("203.0.113.7"));
    }

    [Fact]
    public void What_the_kernel_says_of_a_scope_is_what_holds_now()
    {
        Prefix scope = Prefix.Parse("203.0.113.7");
        _kernel.Install(Entry("203.0.113.7", (Verdict.Pass, LongAgo), (Verdict.Drop, null)));
        Assert.True(_kernel.Writer.TryRead(scope, out PolicyValue value));
        Assert.Equal((PolicyAction.Drop, 2ul, 0ul), (value.Action, value.DecisionId, value.ExpiryNanoseconds));
        _kernel.Install(Entry("203.0.113.7", (Verdict.Pass, LongAgo), (Verdict.Drop, LongAgo)));
        Assert.False(_kernel.Writer.TryRead(scope, out _));
    }

    private Reason? Ask(string source)
    {
        bool v4 = !source.Contains(':', StringComparison.Ordinal);
        return _kernel.Ingress(Frame.From(source, v4 ? Server4 : Server6).UdpDatagram(1, 2)).Reason;
    }

    private long Date(int? seconds) => seconds switch
    {
        null => long.MaxValue,
        LongAgo => 1,
        { } some => _kernel.Date(TimeSpan.FromSeconds(some)),
    };

    // Seconds from now; null: without end. The decision of the span at index i has id i + 1.
    private PolicyEntry Entry(string scope, params (Verdict Verdict, int? Seconds)[] spans)
    {
        PolicySpan[] all = [.. spans.Select((s, i) => new PolicySpan(
            i + 1, Date(s.Seconds), s.Verdict, (byte)(s.Verdict == Verdict.Pass ? 1 : 3)))];
        return new PolicyEntry(Prefix.Parse(scope), all[0].DecisionId, all[0].ExpiryUnixMilliseconds, all[0].Verdict, all[0].Rank, all[1..]);
    }
}
