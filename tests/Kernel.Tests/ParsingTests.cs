using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>Traps 1 to 6 of parsing: what is odd has a verdict, and what is ordinary passes.</summary>
[Collection(KernelCollection.Name)]
public sealed class ParsingTests(KernelHarness kernel)
{
    private const string Client4 = "203.0.113.7", Server4 = "198.51.100.1";
    private const string Client6 = "2001:db8:1::7", Server6 = "2001:db8:2::1";

    private readonly KernelHarness _kernel = kernel.Reset();

    [Theory]
    [InlineData(0x8100)]
    [InlineData(0x88a8)]
    [InlineData(0x9100)]
    public void Trap01_tags_of_every_kind_are_looked_through(int type)
    {
        _kernel.Policy((Client4, Verdict.Drop));
        Assert.Equal(Reason.DropHost, _kernel.Ingress(Frame.From(Client4, Server4).UdpDatagram(1, 2).Tag((ushort)type)).Reason);
    }

    [Fact]
    public void Trap01_a_priority_tag_is_a_tag()
    {
        _kernel.Policy((Client4, Verdict.Drop));
        byte[] frame = Frame.From(Client4, Server4).UdpDatagram(1, 2).Tag().Build();
        frame[14] = 0xe0; // priority 7, vid 0
        frame[15] = 0;
        Assert.Equal(Reason.DropHost, _kernel.Ingress(frame).Reason);
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 43 })]
    [InlineData(new byte[] { 60, 43, 60 })]
    [InlineData(new byte[] { 0, 60, 43, 51, 60, 135 })]
    public void Trap02_ipv6_extension_headers_are_walked_to_the_ports(byte[] chain)
    {
        Frame frame = Frame.From(Client6, Server6);
        foreach (byte type in chain)
        {
            frame.Extension(type, 2);
        }

        Outcome outcome = _kernel.Ingress(frame.TcpSegment(4000, 22, Frame.Fin | Frame.Psh | Frame.Urg));
        Assert.Equal((KernelHarness.Drop, Reason.DropTcpFlags), (outcome.Code, outcome.Reason));
    }

    [Fact]
    public void Trap02_a_chain_over_the_limit_is_dropped_and_counted()
    {
        Frame frame = Frame.From(Client6, Server6);
        for (int i = 0; i < 9; i++)
        {
            frame.Extension(60);
        }

        Outcome outcome = _kernel.Ingress(frame.UdpDatagram(1, 2));
        Assert.Equal((KernelHarness.Drop, Reason.DropExtChain), (outcome.Code, outcome.Reason));
    }

    [Theory]
    [InlineData((byte)50)]
    [InlineData((byte)132)]
    [InlineData((byte)47)]
    [InlineData((byte)59)]
    public void Trap02_and_05_esp_sctp_and_tunnels_are_judged_by_their_outer_address(byte protocol)
    {
        Assert.Equal(Reason.PassOpaque, _kernel.Ingress(Frame.From(Client6, Server6).Raw(protocol, new byte[40])).Reason);
        Assert.Equal(Reason.PassOpaque, _kernel.Ingress(Frame.From(Client4, Server4).Raw(protocol, new byte[40])).Reason);
        _kernel.Policy((Client4, Verdict.Drop));
        Assert.Equal(Reason.DropHost, _kernel.Ingress(Frame.From(Client4, Server4).Raw(protocol, new byte[40])).Reason);
    }

    [Fact]
    public void Trap03_ip_options_do_not_hide_the_ports()
    {
        Outcome outcome = _kernel.Ingress(Frame.From(Client4, Server4).IpOptions(10).TcpSegment(4000, 22, 0));
        Assert.Equal(Reason.DropTcpFlags, outcome.Reason);
    }

    [Theory]
    [InlineData(0x44, 40)] // ihl 4
    [InlineData(0x40, 40)] // ihl 0
    [InlineData(0x65, 40)] // version 6 in an IPv4 frame
    [InlineData(0x45, 2000)] // longer than the frame
    [InlineData(0x45, 10)] // shorter than its header
    public void Trap03_impossible_ipv4_headers_are_dropped(byte first, int total)
    {
        byte[] frame = Frame.From(Client4, Server4).TcpSegment(1, 2, Frame.Syn).Build();
        frame[14] = first;
        frame[16] = (byte)(total >> 8);
        frame[17] = (byte)total;
        Outcome outcome = _kernel.Ingress(frame);
        Assert.Equal((KernelHarness.Drop, Reason.DropMalformedIp), (outcome.Code, outcome.Reason));
    }

    [Fact]
    public void Trap03_padding_is_not_payload()
    {
        _kernel.Handshake(Client4, Server4, 4000, 80);
        byte[] frame = Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack, 1001, 5001).Build(padTo: 60);
        _kernel.Ingress(frame);
        Flow flow = Assert.Single(_kernel.Programs.Verified.ReadAll()).Value;
        Assert.Equal((4ul, 0ul), (flow.PacketsIn + flow.PacketsOut, flow.BytesIn));
    }

    [Theory]
    [InlineData("127.0.0.1", Reason.DropMartian)]
    [InlineData("0.1.2.3", Reason.DropMartian)]
    [InlineData("224.0.0.5", Reason.DropMartian)]
    [InlineData("255.255.255.255", Reason.DropMartian)]
    [InlineData("0.0.0.0", Reason.PassDefault)]
    public void Trap03_sources_that_cannot_be_are_dropped_but_a_dhcp_client_has_none(string source, Reason reason) =>
        Assert.Equal(reason, _kernel.Ingress(Frame.From(source, "255.255.255.255").UdpDatagram(68, 67, new byte[240])).Reason);

    [Theory]
    [InlineData("::1")]
    [InlineData("ff02::1")]
    public void Trap03_ipv6_sources_that_cannot_be_are_dropped(string source) =>
        Assert.Equal(Reason.DropMartian, _kernel.Ingress(Frame.From(source, Server6).UdpDatagram(68, 67)).Reason);

    [Theory]
    [InlineData(Client4, Server4)]
    [InlineData(Client6, Server6)]
    public void Trap04_later_fragments_follow_their_first(string client, string server)
    {
        Assert.Equal(KernelHarness.Pass, _kernel.Ingress(Frame.From(client, server).UdpDatagram(1, 2, new byte[56]).Fragment(0, more: true)).Code);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(client, server).Raw(Frame.Udp, new byte[64]).Fragment(8, more: false)).Reason);
    }

    [Theory]
    [InlineData(Client4, Server4)]
    [InlineData(Client6, Server6)]
    public void Trap04_a_later_fragment_may_come_before_its_first_within_a_limit(string client, string server)
    {
        _kernel.Configure(s => s with { Limits = [new RateRule(RateClass.Fragment, RateScope.Host, 1, 3)] });
        Reason?[] early = [.. Enumerable.Range(1, 5).Select(i => _kernel.Ingress(Frame.From(client, server).Raw(Frame.Udp, new byte[64]).Fragment(8, more: false, id: (ushort)i)).Reason)];
        Assert.Equal([Reason.PassDefault, Reason.PassDefault, Reason.PassDefault, Reason.DropFragmentOrphan, Reason.DropFragmentOrphan], early);

        // Who comes in order needs none of it.
        _kernel.Ingress(Frame.From(client, server).UdpDatagram(1, 2, new byte[56]).Fragment(0, more: true, id: 9));
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(client, server).Raw(Frame.Udp, new byte[64]).Fragment(8, more: false, id: 9)).Reason);
    }

    [Fact]
    public void Trap04_fragments_of_one_ipv6_datagram_may_differ_in_what_follows_their_header()
    {
        _kernel.Configure(s => s with { Limits = [new RateRule(RateClass.Fragment, RateScope.Host, 0.001, 1)] });
        _kernel.Ingress(Frame.From(Client6, Server6).Raw(Frame.Udp, new byte[64]).Fragment(8, more: false, id: 99));

        // The first fragment has destination options behind its header, the later one names UDP: one datagram (RFC 8200 §4.5).
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(Client6, Server6).UdpDatagram(1, 2, new byte[56]).Fragment(0, more: true).Extension(60)).Reason);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(Client6, Server6).Raw(Frame.Udp, new byte[64]).Fragment(9, more: false)).Reason);
        Assert.Equal(Reason.DropFragmentOrphan, _kernel.Ingress(Frame.From(Client6, Server6).Raw(Frame.Udp, new byte[64]).Fragment(9, more: false, id: 8)).Reason);
    }

    [Fact]
    public void Trap04_ipv4_datagrams_of_two_protocols_may_have_one_identification()
    {
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(1, 2, 0, payload: new byte[44]).Fragment(0, more: true));
        _kernel.Ingress(Frame.From(Client4, Server4).UdpDatagram(1, 2, new byte[56]).Fragment(0, more: true));
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(Client4, Server4).Raw(Frame.Udp, new byte[64]).Fragment(8, more: false)).Reason);
        Assert.Equal(Reason.DropFragmentOrphan, _kernel.Ingress(Frame.From(Client4, Server4).Raw(Frame.Tcp, new byte[64]).Fragment(8, more: false)).Reason);
    }

    [Theory]
    [InlineData(Client4, Server4)]
    [InlineData(Client6, Server6)]
    public void Trap04_a_dropped_first_fragment_takes_the_rest_with_it(string client, string server)
    {
        Assert.Equal(Reason.DropTcpFlags, _kernel.Ingress(Frame.From(client, server).TcpSegment(1, 2, 0, payload: new byte[44]).Fragment(0, more: true)).Reason);
        Assert.Equal(Reason.DropFragmentOrphan, _kernel.Ingress(Frame.From(client, server).Raw(Frame.Tcp, new byte[64]).Fragment(8, more: false)).Reason);
    }

    [Theory]
    [InlineData(Client4, Server4)]
    [InlineData(Client6, Server6)]
    public void Trap04_tiny_and_overlapping_fragments_are_dropped(string client, string server)
    {
        Assert.Equal(Reason.DropFragmentTiny, _kernel.Ingress(Frame.From(client, server).Raw(Frame.Tcp, new byte[16]).Fragment(0, more: true)).Reason);
        Assert.Equal(Reason.DropFragmentOverlap, _kernel.Ingress(Frame.From(client, server).Raw(Frame.Tcp, new byte[16]).Fragment(1, more: false)).Reason);
    }

    [Theory]
    [InlineData(Client4, Server4)]
    [InlineData(Client6, Server6)]
    public void Trap04_a_first_fragment_whose_payload_would_be_inspected_decides_for_the_rest_too(string client, string server)
    {
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(client, server).UdpDatagram(1, 53, new byte[56]).Fragment(0, more: true)).Reason);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(client, server).Raw(Frame.Udp, new byte[64]).Fragment(8, more: false)).Reason);
        _kernel.Handshake(client, server, 4000, 80);
        byte[] request = [.. "GET / HTTP/1.1\r\n"u8, .. new byte[28]];
        Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Frame.From(client, server).TcpSegment(4000, 80, Frame.Ack, 1001, 5001, request).Fragment(0, more: true, id: 8)).Reason);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(client, server).Raw(Frame.Tcp, new byte[64]).Fragment(8, more: false, id: 8)).Reason);
    }

    [Fact]
    public void Trap04_ports_are_never_read_from_a_later_fragment()
    {
        _kernel.Ingress(Frame.From(Client4, Server4).UdpDatagram(1, 2, new byte[56]).Fragment(0, more: true));
        _kernel.Forget();
        _kernel.Ingress(Frame.From(Client4, Server4).UdpDatagram(7777, 8888, new byte[56]).Fragment(8, more: false));
        Assert.DoesNotContain(_kernel.Programs.HalfOpen.ReadAll(), f => f.Key.LocalPort == 8888);
    }

    [Fact]
    public void Trap04_a_blocked_source_cannot_send_a_fragment_of_any_place()
    {
        _kernel.Policy((Client4, Verdict.Drop));
        Assert.Equal(Reason.DropHost, _kernel.Ingress(Frame.From(Client4, Server4).Raw(Frame.Udp, new byte[64]).Fragment(8, more: true)).Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(Frame.Fin)]
    [InlineData(Frame.Fin | Frame.Psh | Frame.Urg)]
    [InlineData(Frame.Psh)]
    [InlineData(Frame.Syn | Frame.Fin)]
    [InlineData(Frame.Syn | Frame.Rst)]
    [InlineData(Frame.Rst | Frame.Fin)]
    public void Trap06_impossible_flags_are_dropped_and_told(int flags)
    {
        Outcome outcome = _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(1, 2, (byte)flags));
        Assert.Equal((KernelHarness.Drop, Reason.DropTcpFlags), (outcome.Code, outcome.Reason));
        Assert.Equal(EventKind.Stealth, Assert.Single(_kernel.Events).Kind);
    }

    [Theory]
    [InlineData(Frame.Syn)]
    [InlineData(Frame.Syn | Frame.Ack)]
    [InlineData(Frame.Ack)]
    [InlineData(Frame.Rst)]
    [InlineData(Frame.Rst | Frame.Ack)]
    [InlineData(Frame.Fin | Frame.Ack)]
    [InlineData(Frame.Psh | Frame.Ack | Frame.Urg)]
    [InlineData(Frame.Syn | 0xc0)] // ECN set-up
    public void Trap06_possible_flags_pass(int flags) =>
        Assert.Equal(KernelHarness.Pass, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(1, 2, (byte)flags)).Code);

    [Theory]
    [InlineData(0x40)]
    [InlineData(0xf0)]
    public void Trap06_a_data_offset_that_cannot_be_is_dropped(byte offset)
    {
        byte[] frame = Frame.From(Client4, Server4).TcpSegment(1, 2, Frame.Syn).Build();
        frame[46] = offset;
        Assert.Equal(Reason.DropMalformedL4, _kernel.Ingress(frame).Reason);
    }

    [Fact]
    public void Trap06_data_in_a_syn_passes()
    {
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(1, 2, Frame.Syn, payload: new byte[100])).Reason);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    [InlineData(200)]
    public void A_udp_length_that_cannot_be_is_dropped(byte length)
    {
        byte[] frame = Frame.From(Client4, Server4).UdpDatagram(1, 2, new byte[20]).Build();
        frame[39] = length;
        Assert.Equal(Reason.DropMalformedL4, _kernel.Ingress(frame).Reason);
    }

    [Theory]
    [InlineData(Client4, Server4, 0)]
    [InlineData(Client4, Server4, 2)]
    [InlineData(Client6, Server6, 0)]
    [InlineData(Client6, Server6, 2)]
    public void Every_truncation_of_every_header_has_a_documented_verdict(string client, string server, int tags)
    {
        Frame frame = Frame.From(client, server).TcpSegment(4000, 80, Frame.Syn, optionWords: 5);
        for (int i = 0; i < tags; i++)
        {
            frame.Tag();
        }

        byte[] whole = frame.Build();
        for (int length = 14; length < whole.Length; length++)
        {
            Outcome outcome = _kernel.Ingress(whole[..length]);
            bool beforeIp = length < 14 + (tags * 4);
            Assert.Equal(beforeIp ? Reason.PassNotIp : Reason.DropMalformedIp, outcome.Reason);
        }
    }
}
