using System.Buffers.Binary;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Links;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>IP behind PPPoE, and on links that have no header of their own.</summary>
[Collection(KernelCollection.Name)]
public sealed class LinkTests(KernelHarness kernel)
{
    private const string Source4 = "203.0.113.7", Server4 = "198.51.100.1";
    private const string Source6 = "2001:db8:1::7", Server6 = "2001:db8:2::1";

    private readonly KernelHarness _kernel = kernel.Reset();

    public static TheoryData<string, string> Families => new() { { Source4, Server4 }, { Source6, Server6 } };

    [Theory]
    [MemberData(nameof(Families))]
    public void A_session_over_ethernet_is_judged_by_what_it_carries(string source, string server)
    {
        byte[] frame = Pppoe(Frame.From(source, server).UdpDatagram(1, 2));
        byte[] compressed = Compressed(frame);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(frame).Reason);
        Assert.Equal(Reason.PassDefault, _kernel.Ingress(compressed).Reason);
        _kernel.Policy((source, Verdict.Drop));
        Assert.Equal((KernelHarness.Drop, Reason.DropHost), (_kernel.Ingress(frame).Code, _kernel.Ingress(frame).Reason));
        Assert.Equal((KernelHarness.Drop, Reason.DropHost), (_kernel.Ingress(compressed).Code, _kernel.Ingress(compressed).Reason));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_challenge_in_a_session_with_short_protocol_numbers_has_one_too(string source, string server)
    {
        _kernel.Policy((source, Verdict.RateLimit));
        Outcome challenge = _kernel.Ingress(Compressed(Pppoe(Frame.From(source, server).TcpSegment(40000, 80, Frame.Syn))));
        int ip = source.Contains('.', StringComparison.Ordinal) ? 20 : 40;
        Assert.Equal(Reason.TxChallenge, challenge.Reason);
        Assert.Equal(ip + 20 + 1, BinaryPrimitives.ReadUInt16BigEndian(challenge.Bytes.AsSpan(18)));
        Assert.Equal(14 + 7 + ip + 20, challenge.Bytes.Length);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_handshake_in_a_session_is_tracked_in_both_directions(string client, string server)
    {
        _kernel.Ingress(Pppoe(Frame.From(client, server).TcpSegment(40000, 80, Frame.Syn, 1000)));
        _kernel.Egress(Pppoe(Frame.From(server, client).TcpSegment(80, 40000, Frame.Syn | Frame.Ack, 5000, 1001)));
        _kernel.Ingress(Pppoe(Frame.From(client, server).TcpSegment(40000, 80, Frame.Ack, 1001, 5001)));
        Assert.Equal(Reason.PassEstablished, _kernel.Ingress(Pppoe(Frame.From(client, server).TcpSegment(40000, 80, Frame.Ack, 1001, 5001))).Reason);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_challenge_in_a_session_is_a_whole_frame(string source, string server)
    {
        _kernel.Policy((source, Verdict.RateLimit));
        Outcome challenge = _kernel.Ingress(Pppoe(Frame.From(source, server).TcpSegment(40000, 80, Frame.Syn, optionWords: 5)));
        Assert.Equal((KernelHarness.Tx, Reason.TxChallenge), (challenge.Code, challenge.Reason));
        int ip = source.Contains('.', StringComparison.Ordinal) ? 20 : 40;
        Assert.Equal(ip + 20 + 2, BinaryPrimitives.ReadUInt16BigEndian(challenge.Bytes.AsSpan(18)));
        Assert.Equal(14 + 8 + ip + 20, challenge.Bytes.Length);
        View answer = new(Ethernet(challenge.Bytes));
        Assert.True(answer.HeaderChecksumIsRight && answer.TransportChecksumIsRight);
        Assert.Equal((Address.Parse(server), Address.Parse(source)), (answer.Source, answer.Destination));
    }

    [Theory]
    [InlineData(15, 0x80)]
    [InlineData(14, 0x21)]
    [InlineData(15, 0x09)]
    public void What_is_no_ip_session_data_passes(int at, byte value)
    {
        _kernel.Policy((Source4, Verdict.Drop));
        byte[] frame = Pppoe(Frame.From(Source4, Server4).UdpDatagram(1, 2));
        Assert.Equal(Reason.DropHost, _kernel.Ingress(frame).Reason);
        frame[at] = value;
        Assert.Equal(Reason.PassNotIp, _kernel.Ingress(frame).Reason);
    }

    [Fact]
    public void A_link_without_ethernet_is_judged()
    {
        using KernelHarness bare = new(null, LinkLayer.None);
        byte[] frame = Frame.From(Source4, Server4).UdpDatagram(1, 2).Datagram();
        Assert.Equal(Reason.PassDefault, bare.Ingress(frame).Reason);
        bare.Policy((Source4, Verdict.Drop), (Source6, Verdict.Drop));
        Assert.Equal((KernelHarness.Drop, Reason.DropHost), (bare.Ingress(frame).Code, bare.Ingress(frame).Reason));
        Assert.Equal(Reason.DropHost, bare.Ingress(Frame.From(Source6, Server6).UdpDatagram(1, 2).Datagram()).Reason);
        Assert.Equal(Reason.PassNotIp, bare.Ingress(new byte[40]).Reason);
        bare.Policy((Source4, Verdict.RateLimit));
        Outcome challenge = bare.Ingress(Frame.From(Source4, Server4).TcpSegment(40000, 80, Frame.Syn).Datagram());
        Assert.Equal(KernelHarness.Tx, challenge.Code);
        View answer = new([.. new byte[12], 8, 0, .. challenge.Bytes]);
        Assert.True(answer.HeaderChecksumIsRight && answer.TransportChecksumIsRight);
        Assert.Equal((Address.Parse(Server4), Address.Parse(Source4)), (answer.Source, answer.Destination));
    }

    // RFC 2516 §4: version and type 1, code 0, session, length, then the PPP protocol.
    private static byte[] Pppoe(Frame frame)
    {
        byte[] ethernet = frame.Build();
        byte[] result = new byte[ethernet.Length + 8];
        ethernet.AsSpan(0, 12).CopyTo(result);
        BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(12), 0x8864);
        result[14] = 0x11;
        BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(16), 0x0b0b);
        BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(18), (ushort)(ethernet.Length - 14 + 2));
        BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(20), frame.IsV6 ? (ushort)0x0057 : (ushort)0x0021);
        ethernet.AsSpan(14).CopyTo(result.AsSpan(22));
        return result;
    }

    // RFC 1661 §6.5: the first byte of the protocol, 0, is left out.
    private static byte[] Compressed(byte[] pppoe)
    {
        byte[] result = [.. pppoe.AsSpan(0, 20), .. pppoe.AsSpan(21)];
        BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(18), (ushort)(BinaryPrimitives.ReadUInt16BigEndian(pppoe.AsSpan(18)) - 1));
        return result;
    }

    private static byte[] Ethernet(byte[] pppoe) => [.. pppoe.AsSpan(0, 12), (byte)(pppoe[21] == 0x21 ? 0x08 : 0x86), (byte)(pppoe[21] == 0x21 ? 0x00 : 0xdd), .. pppoe.AsSpan(22)];
}
