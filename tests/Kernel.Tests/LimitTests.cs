using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>Trap 12, and the challenge that tells a scanner from a forged source.</summary>
[Collection(KernelCollection.Name)]
public sealed class LimitTests(KernelHarness kernel)
{
    private const string Client4 = "203.0.113.7", Server4 = "198.51.100.1";
    private const string Client6 = "2001:db8:1::7", Server6 = "2001:db8:2::1";

    private readonly KernelHarness _kernel = kernel.Reset();

    [Fact]
    public void Trap12_a_burst_passes_and_then_the_rate_holds()
    {
        Limit(RateClass.Udp, RateScope.Host, 10, 20);
        Assert.Equal(20, Passes(Frame.From(Client4, Server4).UdpDatagram(1, 2), 100));
        _kernel.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, Passes(Frame.From(Client4, Server4).UdpDatagram(1, 2), 100));
        _kernel.Advance(TimeSpan.FromDays(400));
        Assert.Equal(20, Passes(Frame.From(Client4, Server4).UdpDatagram(1, 2), 100));
    }

    [Fact]
    public void Trap12_less_than_one_packet_a_second_is_a_rate_too()
    {
        Limit(RateClass.Icmp, RateScope.Host, 0.1, 1);
        Frame ping = Frame.From(Client4, Server4).IcmpMessage(8, 0);
        Assert.Equal(1, Passes(ping, 10));
        _kernel.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, Passes(ping, 10));
        _kernel.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(1, Passes(ping, 10));
    }

    [Fact]
    public void Trap12_a_clock_that_steps_back_costs_no_more_than_a_burst()
    {
        Limit(RateClass.Udp, RateScope.Host, 10, 5);
        Assert.Equal(5, Passes(Frame.From(Client4, Server4).UdpDatagram(1, 2), 50));
        _kernel.Now -= 500_000_000;
        Assert.Equal(0, Passes(Frame.From(Client4, Server4).UdpDatagram(1, 2), 50));
        _kernel.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(5, Passes(Frame.From(Client4, Server4).UdpDatagram(1, 2), 50));
    }

    [Fact]
    public void Trap12_no_limit_means_no_limit()
    {
        _kernel.Configure(s => s with { Limits = [] });
        Assert.Equal(1000, Passes(Frame.From(Client4, Server4).UdpDatagram(1, 2), 1000));
    }

    [Theory]
    [InlineData("203.0.113.", "")]
    [InlineData("2001:db8:1:0:", "::5")]
    public void Hosts_of_one_network_share_its_limit(string start, string end)
    {
        string server = end.Length == 0 ? Server4 : Server6;
        Limit(RateClass.Udp, RateScope.Net, 1, 30);
        int passed = Enumerable.Range(1, 60).Sum(i => Passes(Frame.From($"{start}{i}{end}", server).UdpDatagram(1, 2), 1));
        Assert.Equal(30, passed);
        Assert.Equal(1, Passes(Frame.From(end.Length == 0 ? "203.0.114.1" : "2001:db8:1:100::1", server).UdpDatagram(1, 2), 1));
    }

    [Fact]
    public void Addresses_that_rotate_inside_a_64_are_one_host()
    {
        Limit(RateClass.Udp, RateScope.Host, 1, 10);
        Assert.Equal(10, Enumerable.Range(1, 50).Sum(i => Passes(Frame.From($"2001:db8:1:2::{i:x}", Server6).UdpDatagram(1, 2), 1)));
    }

    [Fact]
    public async Task Trap12_two_cpus_on_one_bucket_stay_within_five_percent()
    {
        Limit(RateClass.Udp, RateScope.Host, 1, 20_000);
        byte[] frame = Frame.From(Client4, Server4).UdpDatagram(1, 2).Build();
        ulong before = _kernel.Count(Reason.DropLimitUdp);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => BpfProgram.Run(_kernel.Programs.Ingress, frame, [], repeat: 10_000))));
        ulong passed = 40_000 - (_kernel.Count(Reason.DropLimitUdp) - before);
        Assert.InRange(passed, 19_000ul, 20_000ul);
    }

    [Fact]
    public void Verified_flows_are_never_limited()
    {
        _kernel.Handshake(Client4, Server4, 4000, 80);
        Limit(RateClass.New, RateScope.Host, 1, 1);
        Assert.Equal(500, Passes(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack, 1001, 5001), 500));
    }

    [Theory]
    [InlineData(Client4, Server4, 0)]
    [InlineData(Client4, Server4, 2)]
    [InlineData(Client6, Server6, 0)]
    [InlineData(Client6, Server6, 1)]
    public void A_suspect_is_challenged_and_proves_itself_by_the_reset_that_its_stack_must_send(string client, string server, int tags)
    {
        _kernel.Policy((client, Verdict.RateLimit));
        Frame syn = Frame.From(client, server).TcpSegment(4000, 80, Frame.Syn, 1000, optionWords: 5);
        for (int i = 0; i < tags; i++)
        {
            syn.Tag();
        }

        Outcome challenge = _kernel.Ingress(syn);
        Assert.Equal((KernelHarness.Tx, Reason.TxChallenge), (challenge.Code, challenge.Reason));
        View view = challenge.View;
        Assert.Equal((Address.Parse(server), Address.Parse(client), (ushort)80, (ushort)4000), (view.Source, view.Destination, view.SourcePort, view.DestinationPort));
        Assert.Equal((Frame.Syn | Frame.Ack, true, true), (view.TcpFlags, view.HeaderChecksumIsRight, view.TransportChecksumIsRight));
        Assert.NotEqual(1001u, view.Acknowledgement);
        Assert.Equal(new byte[] { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1 }, challenge.Bytes[..12]);

        // A guess proves nothing; the number does.
        _kernel.Ingress(Frame.From(client, server).TcpSegment(4000, 80, Frame.Rst, view.Acknowledgement + 1));
        Assert.Equal(KernelHarness.Tx, _kernel.Ingress(syn).Code);
        Outcome proof = _kernel.Ingress(Frame.From(client, server).TcpSegment(4000, 80, Frame.Rst, view.Acknowledgement));
        Assert.Equal((KernelHarness.Drop, Reason.DropProof), (proof.Code, proof.Reason));
        Assert.Equal(EventKind.Proven, _kernel.Events[^1].Kind);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(syn).Reason);
    }

    [Fact]
    public void A_suspect_can_prove_itself_where_floods_are_never_challenged()
    {
        _kernel.Configure(s => s with { ChallengePerSecond = 0 });
        _kernel.Policy((Client4, Verdict.RateLimit));
        Frame syn = Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Syn);
        uint number = _kernel.Ingress(syn).View.Acknowledgement;
        Assert.Equal(Reason.DropProof, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Rst, number)).Reason);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(syn).Reason);
    }

    [Fact]
    public void A_cookie_is_good_for_its_own_ports_and_its_own_time_only()
    {
        _kernel.Policy((Client4, Verdict.RateLimit));
        uint number = _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Syn)).View.Acknowledgement;
        Assert.NotEqual(Reason.DropProof, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4001, 80, Frame.Rst, number)).Reason);
        _kernel.Advance(TimeSpan.FromMinutes(1));
        Assert.NotEqual(Reason.DropProof, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Rst, number)).Reason);
    }

    [Fact]
    public void Under_a_flood_everybody_new_is_challenged_and_the_proven_pass()
    {
        _kernel.Handshake(Client4, Server4, 4000, 80);
        _kernel.Configure(s => s with { ChallengePerSecond = 1, ChallengeBurst = 1 });
        _kernel.Advance(TimeSpan.FromSeconds(60));
        int challenged = Enumerable.Range(1, 100).Count(i => _kernel.Ingress(Frame.From($"20.0.0.{i}", Server4).TcpSegment(9, 80, Frame.Syn)).Reason == Reason.TxChallenge);

        // One budget a CPU; the test may move between two.
        Assert.InRange(challenged, 96, 99);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4001, 80, Frame.Syn)).Reason);
    }

    [Fact]
    public void A_challenge_is_only_counted_while_observing()
    {
        _kernel.Policy((Client4, Verdict.RateLimit));
        _kernel.Configure(s => s with { Mode = EnforcementMode.Observe });
        Assert.Equal(KernelHarness.Pass, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Syn)).Code);
    }

    private void Limit(RateClass rateClass, RateScope scope, double perSecond, double burst) =>
        _kernel.Configure(s => s with { Limits = [new RateRule(rateClass, scope, perSecond, burst)] });

    private int Passes(Frame frame, int times)
    {
        byte[] bytes = frame.Build();
        return Enumerable.Range(0, times).Count(_ => BpfProgram.Run(_kernel.Programs.Ingress, bytes, []).Code == KernelHarness.Pass);
    }
}
