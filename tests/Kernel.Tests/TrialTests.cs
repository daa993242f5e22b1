using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>Policies that decide only for a while, or not at all, and what happens when nobody looks after them.</summary>
[Collection(KernelCollection.Name)]
public sealed class TrialTests(KernelHarness kernel)
{
    private static readonly Frame s_old = Frame.From("203.0.113.1", "198.51.100.1").UdpDatagram(1, 2);
    private static readonly Frame s_new = Frame.From("203.0.113.2", "198.51.100.1").UdpDatagram(1, 2);

    private readonly KernelHarness _kernel = kernel.Reset();

    [Fact]
    public void An_unconfirmed_change_is_taken_back_by_the_kernel_at_its_deadline()
    {
        _kernel.Policy(("203.0.113.1", Verdict.Drop));
        _kernel.Trial(TimeSpan.FromSeconds(60), EnforcementMode.Enforce, ("203.0.113.2", Verdict.Drop));
        Assert.Equal((Reason.PassDefault, Reason.DropHost), (_kernel.Ingress(s_old).Reason, _kernel.Ingress(s_new).Reason));
        _kernel.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal((Reason.PassDefault, Reason.DropHost), (_kernel.Ingress(s_old).Reason, _kernel.Ingress(s_new).Reason));
        _kernel.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((Reason.DropHost, Reason.PassDefault), (_kernel.Ingress(s_old).Reason, _kernel.Ingress(s_new).Reason));
    }

    [Fact]
    public void The_mode_is_part_of_what_is_taken_back()
    {
        _kernel.Configure(s => s with { Mode = EnforcementMode.Observe });
        _kernel.Policy(("203.0.113.1", Verdict.Drop));
        _kernel.Trial(TimeSpan.FromSeconds(60), EnforcementMode.Enforce, ("203.0.113.1", Verdict.Drop));
        Assert.Equal(KernelHarness.Drop, _kernel.Ingress(s_old).Code);
        _kernel.Advance(TimeSpan.FromSeconds(61));
        Outcome after = _kernel.Ingress(s_old);
        Assert.Equal((KernelHarness.Pass, true), (after.Code, after.Would));
    }

    [Fact]
    public void A_confirmed_change_stays()
    {
        _kernel.Trial(TimeSpan.FromHours(10), EnforcementMode.Enforce, ("203.0.113.2", Verdict.Drop));
        Assert.True(_kernel.Writer.Confirm(out var retired));
        _kernel.Writer.ClearInactive();
        retired?.Dispose();
        _kernel.Advance(TimeSpan.FromHours(11));
        Assert.Equal(Reason.DropHost, _kernel.Ingress(s_new).Reason);
    }

    [Fact]
    public void What_is_decided_during_a_trial_acts_at_once_and_a_whole_new_policy_stays_on_trial()
    {
        _kernel.Trial(TimeSpan.FromSeconds(60), EnforcementMode.Enforce, ("203.0.113.2", Verdict.Drop));
        Assert.True(_kernel.Apply("203.0.113.3", Verdict.Drop));
        Assert.Equal(Reason.DropHost, _kernel.Ingress(Frame.From("203.0.113.3", "198.51.100.1").UdpDatagram(1, 2)).Reason);
        _kernel.Policy(("203.0.113.2", Verdict.Drop), ("203.0.113.4", Verdict.Drop));
        Assert.True(_kernel.Writer.OnTrial);
        Assert.Equal(Reason.DropHost, _kernel.Ingress(s_new).Reason);
        _kernel.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(s_new).Reason);
    }

    [Theory]
    [InlineData("203.0.113.2", "203.0.113.0/24", "198.51.100.1", false)]
    [InlineData("203.0.113.2", "203.0.113.2", "198.51.100.1", false)]
    [InlineData("203.0.114.2", "203.0.113.0/24", "198.51.100.1", null)]
    [InlineData("2001:db8:7::2", "2001:db8:7::/48", "2001:db8:ff::1", false)]
    [InlineData("203.0.113.2", "203.0.113.2", "198.51.100.1", true)]
    public void A_shadow_policy_counts_and_tells_and_decides_nothing(string source, string scope, string server, bool? blocked)
    {
        _kernel.Policy((source, blocked == true ? Verdict.Drop : Verdict.RateLimit));
        _kernel.Shadow((scope, Verdict.Drop));
        Outcome outcome = _kernel.Ingress(Frame.From(source, server).UdpDatagram(1, 2));
        Assert.Equal(blocked == true ? KernelHarness.Drop : KernelHarness.Pass, outcome.Code);
        Assert.True(_kernel.Writer.TryReadShadow(Prefix.Parse(scope), out PolicyValue met));
        Assert.Equal(blocked is null ? 0ul : 1ul, met.Hits);
        Assert.Equal(blocked is null ? 0 : 1, _kernel.Events.Count(e => e.Kind == EventKind.Shadow && e.DecisionId == 1 && e.Remote.ToAddress() == Address.Parse(source)));
        _kernel.Shadow();
        Assert.False(_kernel.Writer.TryReadShadow(Prefix.Parse(scope), out _));
    }

    [Fact]
    public void An_open_wall_lets_everything_pass_once_the_appliance_is_silent_and_decides_again_when_it_is_back()
    {
        _kernel.Configure(s => s with { WhenSilent = Silence.Open, SilentAfter = TimeSpan.FromSeconds(10) });
        _kernel.Policy(("203.0.113.1", Verdict.Drop));
        _kernel.Beat();
        Assert.Equal(Reason.DropHost, _kernel.Ingress(s_old).Reason);
        _kernel.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal((KernelHarness.Pass, Reason.PassSilent), (_kernel.Ingress(s_old).Code, _kernel.Ingress(s_old).Reason));
        _kernel.Beat();
        Assert.Equal(Reason.DropHost, _kernel.Ingress(s_old).Reason);
    }

    [Theory]
    [InlineData("203.0.113.5", "203.0.113.6", "203.0.113.7", "198.51.100.1")]
    [InlineData("2001:db8:7::5", "2001:db8:7::6", "2001:db8:7::7", "2001:db8:ff::1")]
    public void A_closed_wall_takes_nobody_new_once_the_appliance_is_silent_but_keeps_who_is_known(string allowed, string known, string stranger, string server)
    {
        _kernel.Configure(s => s with { WhenSilent = Silence.Closed, SilentAfter = TimeSpan.FromSeconds(10) });
        _kernel.Policy((allowed, Verdict.Pass));
        _kernel.Beat();
        _kernel.Handshake(known, server, 40000, 443);
        _kernel.Egress(Frame.From(server, stranger).UdpDatagram(5353, 53));
        _kernel.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(Reason.PassAllow, _kernel.Ingress(Frame.From(allowed, server).TcpSegment(1, 22, Frame.Syn)).Reason);
        Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Frame.From(known, server).TcpSegment(40000, 443, Frame.Ack, 1001, 5001)).Reason);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(stranger, server).UdpDatagram(53, 5353)).Reason);
        Assert.Equal((KernelHarness.Drop, Reason.DropSilent), (_kernel.Ingress(Frame.From(stranger, server).TcpSegment(1, 22, Frame.Syn)).Code, _kernel.Ingress(Frame.From(stranger, server).UdpDatagram(9, 9)).Reason));
        _kernel.Beat();
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(stranger, server).TcpSegment(1, 22, Frame.Syn)).Reason);
    }
}
