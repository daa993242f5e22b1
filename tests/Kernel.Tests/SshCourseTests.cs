using System.Text;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>How a login at SSH went is known by the course of the protocol, whatever was negotiated.</summary>
[Collection(KernelCollection.Name)]
public sealed class SshCourseTests(KernelHarness kernel)
{
    private const string Client = "203.0.113.7", Server = "198.51.100.1";
    private const ushort Port = 2200;

    private readonly KernelHarness _kernel = kernel.Reset();
    private uint _theirs = 1001;
    private uint _ours = 5001;

    /// <summary>Bytes of SERVICE_ACCEPT, of a refusal and of success with one cipher and MAC.</summary>
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 44, 52, 28 }, // chacha20-poly1305
        { 52, 68, 36 }, // aes-gcm
        { 68, 84, 52 }, // aes-ctr, hmac-sha2-256-etm
        { 64, 64, 48 }, // aes-ctr, hmac-sha2-256; a refusal that names one method
        { 40, 56, 24 }, // aes-ctr, umac-64
        { 100, 116, 84 }, // aes-ctr, hmac-sha2-512-etm
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Refusals_are_refusals_and_success_is_success(int accept, int refusal, int success)
    {
        Assert.Equal(SshState.Refused, Login(600, accept, refusal, refusal, refusal));
        Assert.Equal(SshState.Refused, Login(3000, accept, refusal, refusal + 300, refusal, refusal + 40));
        Assert.Equal(SshState.In, Login(600, accept, refusal, success, 600, accept, 200));
        Assert.Equal(SshState.In, Login(3000, accept, refusal, refusal + 300, success));
        Assert.Equal(SshState.In, Login(600, accept, success));
        Assert.Equal(SshState.Asking, Login(600, accept));
    }

    [Fact]
    public void What_ends_before_credentials_is_neither()
    {
        Begin();
        Say(Banner());
        Assert.Equal(SshState.Clear, End());
        Begin();
        Say(Banner());
        Say(Packet(20, 900));
        Say([.. Packet(31, 600), .. Packet(21, 12)]);
        Assert.Equal(SshState.Sealed, End());
        Begin();
        Say("220 mail.example.org\r\n"u8.ToArray());
        Assert.Equal(SshState.None, End());
    }

    [Fact]
    public void Packets_in_the_clear_may_be_cut_anywhere_and_sent_again()
    {
        byte[] clear = [.. Banner(), .. Packet(20, 900), .. Packet(31, 40), .. Packet(33, 700), .. Packet(21, 12)];
        for (int cut = Banner().Length; cut < clear.Length; cut += clear.Length - cut < 60 || cut < 60 ? 1 : 37)
        {
            _kernel.Reset();
            Begin();
            Say(clear[..cut]);
            uint next = _ours;
            Say(clear[cut..]);
            (_ours, uint end) = (next, _ours);
            Say(clear[cut..]);
            Assert.Equal(end, _ours);
            Ask(48);
            Say(new byte[44]);
            Ask(100);
            Say(new byte[28]);
            Assert.True(End() == SshState.In, $"cut at {cut}");
        }
    }

    [Fact]
    public void A_refusal_that_is_sent_again_and_extensions_before_the_service_change_nothing()
    {
        Begin();
        Say([.. Banner(), .. Packet(20, 900)]);
        Say([.. Packet(31, 600), .. Packet(21, 12)]);
        Say(new byte[300]);
        Ask(60);
        Say(new byte[44]);
        Ask(80);
        uint at = _ours;
        Say(new byte[52]);
        _ours = at;
        Say(new byte[28]);
        Assert.Equal(SshState.Refused, End());
    }

    [Fact]
    public void A_server_whose_segment_was_not_seen_says_nothing_of_the_login()
    {
        Begin();
        Say(Banner());
        Say(Packet(20, 900));
        _ours += 700;
        Say(Packet(33, 600));
        Ask(60);
        Say(new byte[28]);
        Assert.Equal(SshState.Lost, End());
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", Facts.Http)]
    [InlineData("POST /x HTTP/1.1\r\nHost: a\r\n\r\n", Facts.Http)]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003", Facts.Tls)]
    [InlineData("SSH-2.0-client\r\n", Facts.None)]
    public void What_a_browser_says_to_an_ssh_server_is_told_with_the_end(string words, Facts facts)
    {
        Begin();
        Say(Banner());
        byte[] bytes = Encoding.Latin1.GetBytes(words);
        _kernel.Ingress(Frame.From(Client, Server).TcpSegment(4000, Port, Frame.Ack | Frame.Psh, _theirs, _ours, bytes));
        _theirs += (uint)bytes.Length;
        Say("Invalid SSH identification string.\r\n"u8.ToArray());
        End();
        Assert.Equal(facts, Assert.Single(_kernel.Events, e => e.Kind == EventKind.FlowClosed).Facts & (Facts.Http | Facts.Tls));
    }

    private SshState Login(int keys, params int[] answers)
    {
        _kernel.Reset();
        Begin();
        Ask(30);
        Say([.. Banner(), .. Packet(20, 1080)]);
        Ask(1200);
        Say([.. Packet(31, keys), .. Packet(21, 12), .. new byte[340]]);
        foreach (int answer in answers)
        {
            Ask(64);
            Say(new byte[answer]);
        }

        return End();
    }

    private void Begin()
    {
        (_theirs, _ours) = (1001, 5001);
        _kernel.Reset();
        _kernel.Handshake(Client, Server, 4000, Port);
    }

    private static byte[] Banner() => Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10\r\n");

    // RFC 4253 §6: length, padding, message.
    private static byte[] Packet(byte type, int length)
    {
        byte[] packet = new byte[4 + length];
        (packet[2], packet[3], packet[4], packet[5]) = ((byte)(length >> 8), (byte)length, 6, type);
        return packet;
    }

    private void Ask(int bytes)
    {
        _kernel.Ingress(Frame.From(Client, Server).TcpSegment(4000, Port, Frame.Ack | Frame.Psh, _theirs, _ours, new byte[bytes]));
        _theirs += (uint)bytes;
    }

    private void Say(byte[] bytes)
    {
        _kernel.Egress(Frame.From(Server, Client).TcpSegment(Port, 4000, Frame.Ack | Frame.Psh, _ours, _theirs, bytes));
        _ours += (uint)bytes.Length;
    }

    private SshState End()
    {
        _kernel.Egress(Frame.From(Server, Client).TcpSegment(Port, 4000, Frame.Fin | Frame.Ack, _ours, _theirs));
        _kernel.Ingress(Frame.From(Client, Server).TcpSegment(4000, Port, Frame.Fin | Frame.Ack, _theirs, _ours + 1));
        return Assert.Single(_kernel.Events, e => e.Kind == EventKind.FlowClosed).Ssh;
    }
}
