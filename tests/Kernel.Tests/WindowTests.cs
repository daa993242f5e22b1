using System.Buffers.Binary;
using System.Text;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>A packet that merely has the ports of a flow moves nothing, shows nothing and cuts nothing.</summary>
[Collection(KernelCollection.Name)]
public sealed class WindowTests(KernelHarness kernel)
{
    private const string Client4 = "203.0.113.7", Server4 = "198.51.100.1";
    private const string Client6 = "2001:db8:1::7", Server6 = "2001:db8:2::1";

    private static readonly byte[] s_probe = Encoding.ASCII.GetBytes("GET /.env HTTP/1.1\r\nHost: a\r\n\r\n");

    private readonly KernelHarness _kernel = kernel.Reset();

    public static TheoryData<string, string> Families => new() { { Client4, Server4 }, { Client6, Server6 } };

    private Flow Tracked => Assert.Single(_kernel.Programs.Verified.ReadAll()).Value;

    [Theory]
    [MemberData(nameof(Families))]
    public void Forged_payload_with_random_numbers_is_neither_shown_nor_counted(string client, string server)
    {
        _kernel.Handshake(client, server, 4000, 80);
        Flow before = Tracked;
        Random dice = new(1);
        for (int i = 0; i < 400; i++)
        {
            // Within the window by chance once in 65,536; the seed has none.
            Assert.Equal(KernelHarness.Pass, _kernel.Ingress(Data(client, server, (uint)dice.NextInt64(1L << 32), (uint)dice.NextInt64(1L << 32))).Code);
        }

        Assert.Empty(_kernel.Samples);
        Assert.Equal((before.BytesIn, before.RemoteNext, before.State, before.Inspected), (Tracked.BytesIn, Tracked.RemoteNext, Tracked.State, Tracked.Inspected));
        _kernel.Ingress(Data(client, server, 1001, 5001));
        Assert.Equal(SampleKind.Http, Assert.Single(_kernel.Samples).Header.Kind);
    }

    [Theory]
    [InlineData(1001u, 5002u)] // acknowledges what was never sent
    [InlineData(1001u, 4_294_900_000u)] // older than anything
    [InlineData(1001u + 64_240u + 2, 5001u)] // beyond the window
    [InlineData(4_294_902_759u, 5001u)] // long acknowledged
    [InlineData(1000u, 5000u)] // of the handshake
    [InlineData(900u, 5001u)] // nothing in it that our side does not have
    public void Payload_beside_the_window_is_not_shown(uint sequence, uint acknowledgement)
    {
        _kernel.Handshake(Client4, Server4, 4000, 80);
        _kernel.Ingress(Data(Client4, Server4, sequence, acknowledgement));
        Assert.Empty(_kernel.Samples);
        _kernel.Ingress(Data(Client4, Server4, 1001, 5001));
        Assert.Single(_kernel.Samples);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Payload_with_a_wrong_checksum_is_not_shown_and_moves_nothing(string client, string server)
    {
        _kernel.Handshake(client, server, 4000, 80);
        foreach (int length in (int[])[s_probe.Length, 97, 511, 512, 513, 1001, 1400])
        {
            byte[] payload = [.. s_probe, .. new byte[1400]];
            _kernel.Ingress(Broken(Frame.From(client, server).TcpSegment(4000, 80, Frame.Ack | Frame.Psh, 1001, 5001, payload[..length])));
        }

        Assert.Empty(_kernel.Samples);
        Assert.Equal(0ul, Tracked.BytesIn);
        uint at = 1001;
        foreach (int length in (int[])[s_probe.Length, 97, 511, 512, 513, 1001, 1400])
        {
            byte[] payload = [.. s_probe, .. new byte[1400]];
            _kernel.Ingress(Frame.From(client, server).TcpSegment(4000, 80, Frame.Ack | Frame.Psh, at, 5001, payload[..length]));
            at += (uint)length;
        }

        Assert.Equal(7, _kernel.Samples.Count);
        Assert.All(_kernel.Samples, s => Assert.Equal(4, s.Header.Flags & 4));
    }

    [Fact]
    public void A_handshake_whose_last_packet_has_a_wrong_checksum_is_not_complete()
    {
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Syn, 1000));
        _kernel.Egress(Frame.From(Server4, Client4).TcpSegment(80, 4000, Frame.Syn | Frame.Ack, 5000, 1001));
        _kernel.Ingress(Broken(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack, 1001, 5001)));
        Assert.Empty(_kernel.Programs.Verified.ReadAll());
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack, 1001, 5001));
        Assert.Single(_kernel.Programs.Verified.ReadAll());
    }

    [Theory]
    [InlineData(1002u)] // in window, but not exact: the stack asks back (RFC 5961 §3.2)
    [InlineData(1000u)]
    [InlineData(33_000u)]
    [InlineData(0x80000000u)]
    public void A_reset_that_is_not_exact_ends_nothing(uint sequence)
    {
        _kernel.Handshake(Client4, Server4, 4000, 80);
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Rst, sequence));
        _kernel.Ingress(Broken(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Rst, 1001)));
        Assert.Equal(FlowState.Established, Tracked.State);
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Rst, 1001));
        Assert.Equal(FlowState.Closed, Tracked.State);
    }

    [Fact]
    public void A_forged_fin_ends_nothing()
    {
        _kernel.Handshake(Client4, Server4, 4000, 80);
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Fin | Frame.Ack, 500_000, 5001));
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Fin | Frame.Ack, 1001, 77));
        _kernel.Ingress(Broken(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Fin | Frame.Ack, 1001, 5001)));
        Assert.Equal(FlowState.Established, Tracked.State);
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Fin | Frame.Ack, 1001, 5001));
        Assert.Equal(FlowState.Closing, Tracked.State);
    }

    [Fact]
    public void A_closed_flow_is_not_inspected()
    {
        _kernel.Handshake(Client4, Server4, 4000, 80);
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Rst, 1001));
        _kernel.Ingress(Data(Client4, Server4, 1001, 5001));
        Assert.Empty(_kernel.Samples);
    }

    [Fact]
    public void A_forged_syn_on_the_ports_of_a_handshake_does_not_stop_it()
    {
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Syn, 1000));
        _kernel.Egress(Frame.From(Server4, Client4).TcpSegment(80, 4000, Frame.Syn | Frame.Ack, 5000, 1001));
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Syn, 777_777));
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack, 1001, 5001));
        Assert.Equal(FlowState.Established, Tracked.State);
    }

    [Fact]
    public void Ports_that_our_side_opened_anew_belong_to_the_new_handshake()
    {
        _kernel.Handshake(Client4, Server4, 4000, 80);
        _kernel.Forget();
        _kernel.Handshake(Client4, Server4, 4000, 80, 90_000, 70_000);
        Assert.Equal((70_000u, 90_000u), (Tracked.LocalFirst, Tracked.RemoteFirst));
        Assert.Single(_kernel.Events, e => e.Kind == EventKind.FlowEstablished);
    }

    [Fact]
    public void Packets_that_do_not_fit_a_live_flow_are_few_and_those_that_fit_are_not_counted_among_them()
    {
        _kernel.Handshake(Client4, Server4, 4000, 80);
        byte[] forged = Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Ack, 3_000_000_000, 1).Build();
        int passed = Enumerable.Range(0, 3_000).Count(_ => Interop.BpfProgram.Run(_kernel.Programs.Ingress, forged, []).Code == KernelHarness.Pass);
        Assert.Equal(1_000, passed);
        Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Data(Client4, Server4, 1001, 5001)).Reason);
        Assert.DoesNotContain(_kernel.Events, e => e.Kind == EventKind.Limited);
    }

    [Fact]
    public void Data_that_comes_with_the_last_packet_of_the_handshake_is_shown()
    {
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Syn, 1000));
        _kernel.Egress(Frame.From(Server4, Client4).TcpSegment(80, 4000, Frame.Syn | Frame.Ack, 5000, 1001));
        _kernel.Ingress(Data(Client4, Server4, 1001, 5001));
        Assert.Single(_kernel.Samples);
    }

    [Fact]
    public void Events_tell_what_the_flow_itself_has_shown()
    {
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(3999, 80, Frame.Syn, 1000));
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(3998, 80, 0, 1000));
        Assert.All(_kernel.Events, e => Assert.Equal(Facts.None, e.Facts));
        _kernel.Forget();
        _kernel.Handshake(Client4, Server4, 4000, 80);
        Assert.Equal([Facts.None, Facts.Verified | Facts.InWindow], _kernel.Events.Select(e => e.Facts));
        _kernel.Forget();

        // The address has proved itself by now; a probe in its name has shown nothing.
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(3997, 80, 0, 1000));
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(3996, 80, Frame.Syn, 1000));
        Assert.Equal([(EventKind.Stealth, Facts.None), (EventKind.FlowOpen, Facts.None)], _kernel.Events.Select(e => (e.Kind, e.Facts)));
        _kernel.Forget();
        _kernel.Ingress(Data(Client4, Server4, 1001, 5001));
        uint end = 1001 + (uint)s_probe.Length;
        _kernel.Egress(Frame.From(Server4, Client4).TcpSegment(80, 4000, Frame.Ack | Frame.Psh, 5001, end, "HTTP/1.1 404 Not Found\r\n\r\n"u8.ToArray()));
        _kernel.Ingress(Frame.From(Client4, Server4).TcpSegment(4000, 80, Frame.Rst, end));
        Assert.Equal(
            [(EventKind.HttpError, Facts.Verified | Facts.InWindow | Facts.Acknowledged), (EventKind.FlowClosed, Facts.Verified | Facts.InWindow | Facts.Acknowledged | Facts.Http)],
            _kernel.Events.Select(e => (e.Kind, e.Facts)));
    }

    private static Frame Data(string client, string server, uint sequence, uint acknowledgement) =>
        Frame.From(client, server).TcpSegment(4000, 80, Frame.Ack | Frame.Psh, sequence, acknowledgement, s_probe);

    private static byte[] Broken(Frame frame)
    {
        byte[] bytes = frame.Build();
        Span<byte> checksum = bytes.AsSpan(14 + (frame.IsV6 ? 40 : 20) + 16);
        BinaryPrimitives.WriteUInt16BigEndian(checksum, (ushort)(BinaryPrimitives.ReadUInt16BigEndian(checksum) ^ 0x1234));
        return bytes;
    }
}
