using System.Text;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>What is looked at on flows that our side opens.</summary>
[Collection(KernelCollection.Name)]
public sealed class OutboundInspectionTests(KernelHarness kernel)
{
    private const string Remote = "203.0.113.7", Own = "198.51.100.1";
    private const string Form = "POST /upload HTTP/1.1\r\nHost: files.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nContent-Type: application/octet-stream\r\nContent-Length: 400\r\n\r\n";

    private readonly KernelHarness _kernel = kernel.Reset();
    private readonly byte[] _noise = Noise(400);
    private uint _sequence;

    [Theory]
    [InlineData(80, "", 400, true)]
    [InlineData(53, "", 300, true)]
    [InlineData(21, "Salted__", 400, true)]
    [InlineData(443, "", 400, false)]
    [InlineData(80, "", 80, true)]
    [InlineData(80, "GET / HTTP/1.1\r\n\r\n", 400, false)]
    [InlineData(25, "EHLO me\r\n", 400, false)]
    [InlineData(110, "USER me\r\n", 400, false)]
    [InlineData(80, Form, 400, false)]
    public void Cipher_that_our_side_says_first_to_a_clear_text_port_is_told_once(ushort port, string first, int length, bool isTold)
    {
        Open(port);
        Say(port, Encoding.ASCII.GetBytes(first));
        Say(port, _noise[..length]);
        Say(port, _noise);
        PacketEvent[] told = [.. _kernel.Events.Where(e => e.Kind == EventKind.Entropy)];
        Assert.Equal(isTold ? 1 : 0, told.Length);
        Assert.All(told, e => Assert.Equal((FlowDirection.Outbound, Remote, port, true), (e.Direction, $"{e.Remote.ToAddress()}", e.RemotePort, e.Entropy > 6076)));
    }

    [Fact]
    public void Tls_on_a_clear_text_port_is_no_cipher()
    {
        byte[] hello = Noise(600);
        byte[] head = [0x16, 3, 1, 2, 0x53, 1, 0, 2, 0x4f];
        head.CopyTo(hello, 0);
        Open(80);
        Say(80, hello);
        Say(80, _noise);
        Assert.DoesNotContain(_kernel.Events, e => e.Kind == EventKind.Entropy);
    }

    [Fact]
    public void What_the_server_that_we_asked_says_is_not_told_however_dense()
    {
        Open(80);
        Say(80, "GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        _kernel.Ingress(Frame.From(Remote, Own).TcpSegment(80, 4000, Frame.Ack | Frame.Psh, 1001, _sequence, _noise));
        Assert.DoesNotContain(_kernel.Events, e => e.Kind == EventKind.Entropy);
    }

    [Fact]
    public void Dns_queries_that_leave_over_tcp_are_measured_however_late_in_the_flow()
    {
        Open(53);
        for (int i = 0; i < 14; i++)
        {
            byte[] query = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, (byte)'q', (byte)('a' + i), 3, (byte)'o', (byte)'r', (byte)'g', 0, 0, 16, 0, 1];
            Say(53, [0, (byte)query.Length, .. query]);
        }

        Assert.Equal(14, _kernel.Samples.Count(s => s.Header is { Kind: SampleKind.Dns, Direction: FlowDirection.Outbound, Labels: 2, QueryType: 16 }));
        Assert.DoesNotContain(_kernel.Events, e => e.Kind == EventKind.Entropy);
    }

    [Theory]
    [InlineData(Own, Remote, 8, 0, 11)]
    [InlineData("2001:db8::1", "2001:db8:7::9", 128, 129, 3)]
    public void What_routers_say_of_a_traceroute_is_no_part_of_the_pings_beside_it(string own, string remote, byte question, byte answer, byte error)
    {
        byte[] quoted = Frame.From(own, remote).UdpDatagram(4000, 33434, new byte[8]).Datagram();
        _kernel.Egress(Frame.From(own, remote).IcmpMessage(question, 0, new byte[60]));
        _kernel.Ingress(Frame.From(remote, own).IcmpMessage(error, 0, [0, 0, 0, 0, .. quoted]));
        _kernel.Ingress(Frame.From(remote, own).IcmpMessage(answer, 0, new byte[60]));
        _kernel.Ingress(Frame.From(remote, own).IcmpMessage(error, 0, [0, 0, 0, 0, .. quoted]));
        Flow pings = Assert.Single(_kernel.Programs.Asked.ReadAll(), f => f.Value.PacketsOut > 0).Value;
        Assert.Equal((1ul, 1ul, pings.BytesOut), (pings.PacketsOut, pings.PacketsIn, pings.BytesIn));
    }

    [Fact]
    public void A_datagram_after_a_silence_is_told_with_what_was_said_before_it()
    {
        for (int i = 0; i < 3; i++)
        {
            _kernel.Egress(Frame.From(Own, Remote).UdpDatagram(4000, 8443, new byte[40]));
            _kernel.Egress(Frame.From(Own, Remote).UdpDatagram(4000, 8443, new byte[50]));
            _kernel.Ingress(Frame.From(Remote, Own).UdpDatagram(8443, 4000, new byte[7]));
            _kernel.Advance(TimeSpan.FromSeconds(i == 0 ? 4 : 60));
        }

        _kernel.Egress(Frame.From(Own, Remote).UdpDatagram(4000, 8443, new byte[40]));
        PacketEvent[] woken = [.. _kernel.Events.Where(e => e.Kind == EventKind.FlowWakes)];
        Assert.Equal([(180ul, 14ul), (270ul, 21ul)], woken.Select(e => (e.BytesOut, e.BytesIn)));
        Assert.All(woken, e => Assert.Equal((FlowDirection.Outbound, 8443), (e.Direction, (int)e.RemotePort)));
    }

    [Fact]
    public void An_answer_of_ours_to_who_asks_after_a_silence_is_not_told()
    {
        for (int i = 0; i < 3; i++)
        {
            _kernel.Ingress(Frame.From(Remote, Own).UdpDatagram(4000, 8443, new byte[7]));
            _kernel.Advance(TimeSpan.FromSeconds(60));
            _kernel.Egress(Frame.From(Own, Remote).UdpDatagram(8443, 4000, new byte[40]));
        }

        Assert.DoesNotContain(_kernel.Events, e => e.Kind == EventKind.FlowWakes);
    }

    private static byte[] Noise(int length)
    {
        byte[] noise = new byte[length];
        new Random(3).NextBytes(noise);
        return noise;
    }

    private void Open(ushort port)
    {
        _kernel.Egress(Frame.From(Own, Remote).TcpSegment(4000, port, Frame.Syn, 5000));
        _kernel.Ingress(Frame.From(Remote, Own).TcpSegment(port, 4000, Frame.Syn | Frame.Ack, 1000, 5001));
        _kernel.Egress(Frame.From(Own, Remote).TcpSegment(4000, port, Frame.Ack, 5001, 1001));
        _sequence = 5001;
    }

    private void Say(ushort port, byte[] payload)
    {
        if (payload.Length > 0)
        {
            _kernel.Egress(Frame.From(Own, Remote).TcpSegment(4000, port, Frame.Ack | Frame.Psh, _sequence, 1001, payload));
            _sequence += (uint)payload.Length;
        }
    }
}
