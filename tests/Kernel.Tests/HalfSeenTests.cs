using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Interop;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>The internet as it is: Fast Open, ports used again, one half of a path, flows from before the wall.</summary>
[Collection(KernelCollection.Name)]
public sealed class HalfSeenTests(KernelHarness kernel)
{
    private const string Remote4 = "203.0.113.7", Own4 = "198.51.100.1";
    private const string Remote6 = "2001:db8:1::7", Own6 = "2001:db8:2::1";

    private readonly KernelHarness _kernel = kernel.Reset();

    public static TheoryData<string, string> Families => new() { { Remote4, Own4 }, { Remote6, Own6 } };

    private KeyValuePair<FlowKey, Flow> Tracked => Assert.Single(_kernel.Programs.Verified.ReadAll());

    [Theory]
    [InlineData(5001u, true)] // the server took the SYN alone (RFC 7413 §4.2.2)
    [InlineData(5051u, true)] // and its data
    [InlineData(5020u, true)]
    [InlineData(5000u, false)]
    [InlineData(5052u, false)]
    public void A_syn_ack_may_acknowledge_the_data_of_our_syn(uint acknowledgement, bool isAnswer)
    {
        _kernel.Egress(Frame.From(Own4, Remote4).TcpSegment(4000, 443, Frame.Syn, 5000, payload: new byte[50]));
        _kernel.Ingress(Frame.From(Remote4, Own4).TcpSegment(443, 4000, Frame.Syn | Frame.Ack, 1000, acknowledgement));
        Assert.Equal(isAnswer ? FlowState.Established : FlowState.SynOut, Tracked.Value.State);
    }

    [Fact]
    public void A_syn_sent_again_without_its_data_is_the_same_flow()
    {
        _kernel.Egress(Frame.From(Own4, Remote4).TcpSegment(4000, 443, Frame.Syn, 5000, payload: new byte[50]));
        _kernel.Egress(Frame.From(Own4, Remote4).TcpSegment(4000, 443, Frame.Syn, 5000));
        Assert.Single(_kernel.Events);
        _kernel.Ingress(Frame.From(Remote4, Own4).TcpSegment(443, 4000, Frame.Syn | Frame.Ack, 1000, 5051));
        Assert.Equal(FlowState.Established, Tracked.Value.State);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_newer_syn_of_ours_takes_the_place_of_one_that_was_not_answered(string remote, string own)
    {
        _kernel.Egress(Frame.From(own, remote).TcpSegment(4000, 443, Frame.Syn, 5000));
        _kernel.Egress(Frame.From(own, remote).TcpSegment(4000, 443, Frame.Syn, 90_000));
        Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Frame.From(remote, own).TcpSegment(443, 4000, Frame.Syn | Frame.Ack, 1000, 90_001)).Reason);
        Limit(RateClass.New);
        Assert.Equal(500, Stream(remote, own, 443, 4000, 1001, 90_001, 500));
    }

    [Fact]
    public void A_newer_syn_of_theirs_takes_the_place_of_one_that_was_not_answered()
    {
        _kernel.Ingress(Frame.From(Remote4, Own4).TcpSegment(4000, 80, Frame.Syn, 1000));
        _kernel.Handshake(Remote4, Own4, 4000, 80, 9000, 5000);
        Assert.Equal(9000u, Tracked.Value.RemoteFirst);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_download_that_runs_when_the_wall_starts_is_taken_up_however_far_its_acknowledgements_lag(string remote, string own)
    {
        Limit(RateClass.New);
        for (uint i = 0; i < 20; i++)
        {
            _kernel.Egress(Frame.From(own, remote).TcpSegment(80, 4000, Frame.Ack, 1_000_000 + (i * 1400), 700, new byte[1400]));
        }

        // Twelve segments behind the newest byte.
        Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Frame.From(remote, own).TcpSegment(4000, 80, Frame.Ack, 700, 1_000_000 + (8 * 1400))).Reason);
        Assert.Equal(500, Enumerable.Range(0, 500).Count(_ => _kernel.Ingress(Frame.From(remote, own).TcpSegment(4000, 80, Frame.Ack, 700, 1_000_000 + (9 * 1400))).Code == KernelHarness.Pass));
        Assert.Empty(_kernel.Events);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void An_upload_that_runs_when_the_wall_starts_is_taken_up(string remote, string own)
    {
        Limit(RateClass.New);
        _kernel.Ingress(Frame.From(remote, own).TcpSegment(4000, 80, Frame.Ack, 700, 1_000_000, new byte[1400]));
        _kernel.Egress(Frame.From(own, remote).TcpSegment(80, 4000, Frame.Ack, 1_000_000, 2100));
        Assert.Equal(500, Stream(remote, own, 4000, 80, 2100, 1_000_000, 500));
        Assert.NotEqual(0, Tracked.Value.Flags & 4);
        Assert.Empty(_kernel.Events);
    }

    [Fact]
    public void A_flow_that_was_taken_up_is_never_evidence_and_not_inspected()
    {
        _kernel.Egress(Frame.From(Own4, Remote4).TcpSegment(80, 4000, Frame.Ack, 1_000_000, 700));
        for (uint i = 0; i < 200; i++)
        {
            byte[] request = "GET /.env HTTP/1.1\r\n\r\n"u8.ToArray();
            Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Frame.From(Remote4, Own4).TcpSegment(4000, 80, Frame.Ack, 700 + (i * 22), 1_000_000 + (i * 10), request)).Reason);
            _kernel.Egress(Frame.From(Own4, Remote4).TcpSegment(80, 4000, Frame.Ack, 1_000_000 + (i * 10), 700 + ((i + 1) * 22), new byte[10]));
        }

        _kernel.Ingress(Frame.From(Remote4, Own4).TcpSegment(4000, 80, Frame.Rst, 700 + (200 * 22)));
        Assert.Equal(FlowState.Closed, Tracked.Value.State);
        Assert.Empty(_kernel.Events);
        Assert.Empty(_kernel.Samples);
        Assert.Empty(_kernel.Programs.Proven.ReadAll());
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_path_of_which_only_what_comes_in_is_seen_is_not_throttled(string remote, string own)
    {
        Limit(RateClass.New);
        _kernel.Ingress(Frame.From(remote, own).TcpSegment(4000, 80, Frame.Syn, 1000));
        Assert.Equal(2_000, Stream(remote, own, 4000, 80, 1001, 5001, 2_000));
        Assert.Equal([EventKind.FlowOpen], _kernel.Events.Select(e => e.Kind));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_download_whose_requests_leave_elsewhere_is_not_throttled(string remote, string own)
    {
        Limit(RateClass.New);
        _kernel.Ingress(Frame.From(remote, own).TcpSegment(443, 4000, Frame.Syn | Frame.Ack, 1000, 5001));
        Assert.Equal(2_000, Stream(remote, own, 443, 4000, 1001, 5001, 2_000));
        Assert.Empty(_kernel.Events);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Answers_that_come_in_elsewhere_do_not_leave_our_flow_waiting_for_them(string remote, string own)
    {
        _kernel.Egress(Frame.From(own, remote).TcpSegment(4000, 443, Frame.Syn, 5000));
        _kernel.Egress(Frame.From(own, remote).TcpSegment(4000, 443, Frame.Ack, 5001, 1001, new byte[100]));
        Limit(RateClass.New);
        Assert.Equal(500, Stream(remote, own, 443, 4000, 1001, 5101, 500));
    }

    [Fact]
    public void A_verified_flow_whose_other_half_goes_elsewhere_goes_on()
    {
        _kernel.Handshake(Remote4, Own4, 4000, 80);
        _kernel.Advance(TimeSpan.FromSeconds(3));
        Limit(RateClass.New);
        Assert.Equal(3_000, Stream(Remote4, Own4, 4000, 80, 1001, 5001, 3_000));
    }

    [Fact]
    public void What_does_not_go_on_anywhere_is_limited_and_leads_no_stream_astray()
    {
        _kernel.Ingress(Frame.From(Remote4, Own4).TcpSegment(4000, 80, Frame.Syn, 1000));
        Limit(RateClass.New);
        Random dice = new(3);
        int passed = Enumerable.Range(0, 200).Count(_ =>
            _kernel.Ingress(Frame.From(Remote4, Own4).TcpSegment(4000, 80, Frame.Ack, (uint)dice.NextInt64(1L << 31, 1L << 32), 1)).Code == KernelHarness.Pass);
        Assert.InRange(passed, 1, 2);
        Assert.Equal(500, Stream(Remote4, Own4, 4000, 80, 1001, 5001, 500));
    }

    [Fact]
    public void A_stream_that_proves_nothing_has_a_limit_of_its_own()
    {
        _kernel.Ingress(Frame.From(Remote4, Own4).TcpSegment(4000, 80, Frame.Syn, 1000));
        Limit(RateClass.Stream, 100);
        Assert.Equal(100, Stream(Remote4, Own4, 4000, 80, 1001, 5001, 500));
        Assert.DoesNotContain(_kernel.Events, e => e.Kind == EventKind.Limited);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_flow_that_the_table_forgot_is_taken_up_again(string remote, string own)
    {
        _kernel.Handshake(remote, own, 4000, 80);
        _kernel.Programs.Verified.Remove(Tracked.Key);
        _kernel.Forget();
        Limit(RateClass.New);
        _kernel.Ingress(Frame.From(remote, own).TcpSegment(4000, 80, Frame.Ack, 1001, 5001, new byte[100]));
        _kernel.Egress(Frame.From(own, remote).TcpSegment(80, 4000, Frame.Ack, 5001, 1101));
        Assert.Equal(500, Stream(remote, own, 4000, 80, 1101, 5001, 500));
        Assert.Equal(FlowState.Established, Tracked.Value.State);
        Assert.Empty(_kernel.Events);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_window_is_as_large_as_our_side_says(bool isScaled)
    {
        // MSS, SACK permitted, timestamps, NOP, window scale 7.
        byte[] options = [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0, 1, 3, 3, 7];
        _kernel.Ingress(Frame.From(Remote4, Own4).TcpSegment(4000, 80, Frame.Syn, 1000));
        byte[] answer = Frame.From(Own4, Remote4).SynSegment(80, 4000, isScaled ? options : options[..16], 64_240).Build();
        answer[47] = Frame.Syn | Frame.Ack;
        answer[44] = 3;
        answer[45] = 0xe9; // acknowledges 1001
        _kernel.Egress(answer);
        _kernel.Ingress(Frame.From(Remote4, Own4).TcpSegment(4000, 80, Frame.Ack, 1001, 1001));
        _kernel.Egress(Frame.From(Own4, Remote4).TcpSegment(80, 4000, Frame.Ack, 1001, 1001));
        Reason? far = _kernel.Ingress(Frame.From(Remote4, Own4).TcpSegment(4000, 80, Frame.Ack, 5_000_000, 1001, new byte[100])).Reason;
        Assert.Equal(isScaled ? Reason.PassEstablished : Reason.PassDefault, far);
        Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Frame.From(Remote4, Own4).TcpSegment(4000, 80, Frame.Ack, 60_000, 1001, new byte[100])).Reason);
    }

    private void Limit(RateClass rateClass, double burst = 2) => _kernel.Configure(s => s with { Limits = [new RateRule(rateClass, RateScope.Host, 1, burst)] });

    // Segments of 1,400 bytes, one after the other, with nothing said in between. How many passed.
    private int Stream(string from, string to, ushort port, ushort toPort, uint sequence, uint acknowledgement, int count)
    {
        int passed = 0;
        for (int i = 0; i < count; i++)
        {
            passed += BpfProgram.Run(_kernel.Programs.Ingress, Frame.From(from, to).TcpSegment(port, toPort, Frame.Ack, sequence, acknowledgement, new byte[1400]).Build(), []).Code == KernelHarness.Pass ? 1 : 0;
            sequence += 1400;
        }

        _kernel.Drain();
        return passed;
    }
}
