using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Loading;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>Traps 7 to 9: what is rewritten is right in every byte, and nothing else is touched.</summary>
[Collection(KernelCollection.Name)]
public sealed class NatTests : IDisposable
{
    private const string Client4 = "203.0.113.7", Server4 = "198.51.100.1", Target4 = "192.0.2.99";
    private const string Client6 = "2001:db8:1::7", Server6 = "2001:db8:2::1", Target6 = "2001:db8:9::99";

    private readonly KernelHarness _kernel;

    public NatTests(KernelHarness kernel)
    {
        _kernel = kernel.Reset();
        _kernel.Configure(s => s with { Target4 = Address.Parse(Target4), TargetPort4 = 2222, Target6 = Address.Parse(Target6), TargetPort6 = 2226 });
        _kernel.Policy((Client4, Verdict.RedirectToTarpit), (Client6, Verdict.RedirectToTarpit));
    }

    public static TheoryData<string, string, string, ushort, bool> Cases => new()
    {
        { Client4, Server4, Target4, 2222, true },
        { Client4, Server4, Target4, 2222, false },
        { Client6, Server6, Target6, 2226, true },
        { Client6, Server6, Target6, 2226, false },
    };

    public void Dispose() => _kernel.Reset();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trap07_a_new_flow_goes_to_the_tarpit_and_its_answer_comes_from_where_the_client_went(string client, string server, string target, ushort port, bool tcp)
    {
        Outcome there = _kernel.Ingress(Segment(client, server, 4000, 22, tcp));
        Assert.Equal((KernelHarness.Pass, Reason.RedirectNew), (there.Code, there.Reason));
        Assert.Equal((Address.Parse(client), Address.Parse(target), (ushort)4000, port), Ends(there.View));
        Assert.True(there.View.HeaderChecksumIsRight && there.View.TransportChecksumIsRight);
        Assert.Equal(EventKind.Redirected, Assert.Single(_kernel.Events).Kind);

        Outcome back = _kernel.Egress(Answer(target, client, port, 4000, tcp));
        Assert.Equal((Address.Parse(server), Address.Parse(client), (ushort)22, (ushort)4000), Ends(back.View));
        Assert.True(back.View.HeaderChecksumIsRight && back.View.TransportChecksumIsRight);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trap07_what_a_flow_asked_for_is_known_at_every_gate_whichever_diverted_it(string client, string server, string target, ushort port, bool tcp)
    {
        // As a second gate of the same wall is loaded.
        using KernelPrograms second = KernelPrograms.Load(new LoadOptions { VirtualClock = true, Shared = _kernel.Programs, OwnMaps = ["COUNTERS", "SETTINGS", "PROG_ARRAY"] });
        FlowKey key = new()
        {
            Remote = RawAddress.From(Address.Parse(client)),
            Local = RawAddress.From(Address.Parse(target)),
            RemotePortNetwork = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness((ushort)4000),
            LocalPortNetwork = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(port),
            Protocol = (byte)(tcp ? 6 : 17),
        };
        Assert.False(second.NatReverse.TryGet(in key, out _));
        _kernel.Ingress(Segment(client, server, 4000, 22, tcp));
        Assert.True(second.NatReverse.TryGet(in key, out NatReverseValue value));
        Assert.Equal((Address.Parse(server), (ushort)22), (value.Local.ToAddress(), value.LocalPort));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trap07_a_checksum_left_to_the_device_stays_left_to_the_device(string client, string server, string target, ushort port, bool tcp)
    {
        View view = _kernel.Ingress(Segment(client, server, 4000, 22, tcp).UnfinishedChecksum()).View;
        Assert.Equal((Address.Parse(target), port), (view.Destination, view.DestinationPort));
        Assert.Equal(Checksum.Fold(Checksum.Pseudo(view.Source, view.Destination, view.IsV6, view.Protocol, view.End - view.L4)), view.TransportChecksum);
    }

    [Fact]
    public void Trap07_a_udp_checksum_of_zero_stays_zero_in_ipv4()
    {
        View view = _kernel.Ingress(Frame.From(Client4, Server4).WithoutUdpChecksum().UdpDatagram(4000, 53, new byte[30])).View;
        Assert.Equal((Address.Parse(Target4), (ushort)0), (view.Destination, view.TransportChecksum));
    }

    [Fact]
    public void Trap07_a_computed_udp_checksum_is_never_zero()
    {
        for (ushort port = 1; port < 3000; port++)
        {
            View view = _kernel.Ingress(Frame.From(Client6, Server6).UdpDatagram(port, 53, [(byte)(port >> 8), (byte)port])).View;
            Assert.NotEqual(0, view.TransportChecksum);
            Assert.True(view.TransportChecksumIsRight);
        }
    }

    [Fact]
    public void Trap07_sctp_is_not_translated()
    {
        Outcome outcome = _kernel.Ingress(Frame.From(Client4, Server4).Raw(132, new byte[40]));
        Assert.Equal((Reason.PassOpaque, Address.Parse(Server4)), (outcome.Reason, outcome.View.Destination));
    }

    [Theory]
    [InlineData(Client4, Server4, Target4)]
    [InlineData(Client6, Server6, Target6)]
    public void Trap07_an_icmp_error_about_our_answer_reaches_the_tarpit_as_its_own(string client, string server, string target)
    {
        bool v6 = client.Contains(':', StringComparison.Ordinal);
        ushort port = v6 ? (ushort)2226 : (ushort)2222;
        _kernel.Ingress(Segment(client, server, 4000, 53, tcp: false));

        // A router on the way says: too big. It quotes what it saw, an answer from server:53.
        byte[] quoted = Answer(server, client, 53, 4000, tcp: false).Datagram();
        Outcome outcome = _kernel.Ingress(Frame.From(v6 ? "2001:db8:77::1" : "203.0.113.254", server).IcmpMessage(v6 ? (byte)2 : (byte)3, v6 ? (byte)0 : (byte)4, [0, 0, 5, 0, .. quoted]));
        View outer = outcome.View;
        Assert.Equal((Address.Parse(target), true, true), (outer.Destination, outer.HeaderChecksumIsRight, outer.TransportChecksumIsRight));
        Quote inner = new(outer, quoted.Length);
        Assert.Equal((Address.Parse(target), Address.Parse(client), port, (ushort)4000), Ends(inner.View));
        Assert.True(inner.View.HeaderChecksumIsRight && inner.View.TransportChecksumIsRight);
    }

    [Theory]
    [InlineData(Client4, Server4, Target4)]
    [InlineData(Client6, Server6, Target6)]
    public void Trap08_an_icmp_error_of_the_tarpits_host_carries_the_original_addresses(string client, string server, string target)
    {
        bool v6 = client.Contains(':', StringComparison.Ordinal);
        byte[] seen = _kernel.Ingress(Segment(client, server, 4000, 53, tcp: false)).Bytes[14..];
        Outcome outcome = _kernel.Egress(Frame.From(target, client).IcmpMessage(v6 ? (byte)1 : (byte)3, v6 ? (byte)4 : (byte)3, [0, 0, 0, 0, .. seen]));
        View outer = outcome.View;
        Assert.Equal((Address.Parse(server), true, true), (outer.Source, outer.HeaderChecksumIsRight, outer.TransportChecksumIsRight));
        Quote inner = new(outer, seen.Length);
        Assert.Equal((Address.Parse(client), Address.Parse(server), (ushort)4000, (ushort)53), Ends(inner.View));
        Assert.True(inner.View.HeaderChecksumIsRight && inner.View.TransportChecksumIsRight);
    }

    [Fact]
    public void Trap08_two_services_behind_one_source_port_do_not_collide()
    {
        View first = _kernel.Ingress(Segment(Client4, Server4, 4000, 22, tcp: true)).View;
        View second = _kernel.Ingress(Segment(Client4, Server4, 4000, 80, tcp: true)).View;
        Assert.NotEqual(first.SourcePort, second.SourcePort);
        Assert.True(second.TransportChecksumIsRight);
        Assert.Equal((ushort)22, _kernel.Egress(Answer(Target4, Client4, 2222, first.SourcePort, tcp: true)).View.SourcePort);
        View back = _kernel.Egress(Answer(Target4, Client4, 2222, second.SourcePort, tcp: true)).View;
        Assert.Equal(((ushort)80, (ushort)4000, true), (back.SourcePort, back.DestinationPort, back.TransportChecksumIsRight));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trap08_the_tarpit_is_never_reached_directly(string client, string server, string target, ushort port, bool tcp)
    {
        _kernel.Policy();
        Assert.NotEmpty(server);
        Outcome outcome = _kernel.Ingress(Segment(client, target, 4000, port, tcp));
        Assert.Equal((KernelHarness.Drop, Reason.DropTarpitDirect), (outcome.Code, outcome.Reason));
        Assert.Equal(2, _kernel.Egress(Answer(target, client, port, 4000, tcp)).Code);
    }

    [Fact]
    public void Trap08_time_to_live_and_options_are_kept()
    {
        byte[] before = Frame.From(Client4, Server4).Ttl(41).TcpSegment(4000, 22, Frame.Syn, optionWords: 5).Build();
        byte[] after = _kernel.Ingress(before).Bytes;
        Assert.Equal((before.Length, (byte)41), (after.Length, after[22]));
        Assert.Equal(before[54..], after[54..]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trap09_what_the_tarpit_host_sends_otherwise_is_not_touched(string client, string server, string target, ushort port, bool tcp)
    {
        byte[] frame = Answer(target, client, (ushort)(port + 1), 4000, tcp).Build();
        Assert.Equal(frame, _kernel.Egress(frame).Bytes);
        Assert.NotEmpty(server);
    }

    [Fact]
    public void Only_new_flows_are_diverted()
    {
        _kernel.Policy();
        _kernel.Handshake(Client4, Server4, 4000, 22);
        _kernel.Policy((Client4, Verdict.RedirectToTarpit));
        Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 22, Frame.Ack, 1001, 5001)).Reason);
        Assert.Equal(Reason.RedirectNew, _kernel.Ingress(Segment(Client4, Server4, 4001, 22, tcp: true)).Reason);
    }

    [Fact]
    public void A_diverted_flow_stays_for_its_life_and_a_block_ends_it()
    {
        _kernel.Ingress(Segment(Client4, Server4, 4000, 22, tcp: true));
        _kernel.Policy();
        Outcome later = _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 22, Frame.Ack, 1001, 1));
        Assert.Equal((Reason.RedirectSticky, Address.Parse(Target4)), (later.Reason, later.View.Destination));
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(Segment(Client4, Server4, 4001, 22, tcp: true)).Reason);
        _kernel.Policy((Client4, Verdict.Drop));
        Assert.Equal(Reason.DropHost, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 22, Frame.Ack, 1001, 1)).Reason);
    }

    [Fact]
    public void A_cpu_whose_clock_is_a_tick_behind_still_finds_the_flow_and_the_fragment()
    {
        _kernel.Ingress(Segment(Client4, Server4, 4000, 22, tcp: true));
        _kernel.Ingress(Frame.From(Client6, Server6).UdpDatagram(4000, 53, new byte[56]).Fragment(0, more: true));
        _kernel.Now -= 4_000_000;
        Assert.Equal(Reason.RedirectSticky, _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 22, Frame.Ack, 1001, 1)).Reason);
        Assert.Equal(Reason.RedirectSticky, _kernel.Ingress(Frame.From(Client6, Server6).Raw(Frame.Udp, new byte[64]).Fragment(8, more: false)).Reason);
    }

    [Theory]
    [InlineData(Client4, Server4, Target4)]
    [InlineData(Client6, Server6, Target6)]
    public void Later_fragments_of_a_diverted_datagram_follow_it(string client, string server, string target)
    {
        Outcome first = _kernel.Ingress(Frame.From(client, server).UdpDatagram(4000, 53, new byte[56]).Fragment(0, more: true));
        Assert.Equal(Reason.RedirectNew, first.Reason);
        Outcome later = _kernel.Ingress(Frame.From(client, server).Raw(Frame.Udp, new byte[64]).Fragment(8, more: false));
        Assert.Equal((Reason.RedirectSticky, Address.Parse(target), true), (later.Reason, later.View.Destination, later.View.HeaderChecksumIsRight));
    }

    [Fact]
    public void Nothing_is_diverted_while_observing()
    {
        _kernel.Configure(s => s with { Mode = EnforcementMode.Observe });
        byte[] frame = Segment(Client4, Server4, 4000, 22, tcp: true).Build();
        Assert.Equal(frame, _kernel.Ingress(frame).Bytes);
    }

    private static Frame Segment(string from, string to, ushort sport, ushort dport, bool tcp) => tcp
        ? Frame.From(from, to).TcpSegment(sport, dport, Frame.Syn, 1000, optionWords: 3)
        : Frame.From(from, to).UdpDatagram(sport, dport, [1, 2, 3, 4, 5]);

    private static Frame Answer(string from, string to, ushort sport, ushort dport, bool tcp) => tcp
        ? Frame.From(from, to).TcpSegment(sport, dport, Frame.Syn | Frame.Ack, 7000, 1001)
        : Frame.From(from, to).UdpDatagram(sport, dport, [5, 4, 3, 2, 1]);

    private static (Address Source, Address Destination, ushort SourcePort, ushort DestinationPort) Ends(View view) =>
        (view.Source, view.Destination, view.SourcePort, view.DestinationPort);

    private sealed class Quote(View outer, int length)
    {
        public View View { get; } = new([.. new byte[12], .. outer.IsV6 ? new byte[] { 0x86, 0xdd } : [8, 0], .. outer.Transport.Slice(8, length)]);
    }
}
