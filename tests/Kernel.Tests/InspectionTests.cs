using System.Text;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Xunit;

namespace Blackwall.Kernel.Tests;

[Collection(KernelCollection.Name)]
public sealed class InspectionTests(KernelHarness kernel)
{
    private const string Client = "203.0.113.7", Server = "198.51.100.1";

    private readonly KernelHarness _kernel = kernel.Reset();
    private uint _sequence = 1001;
    private bool _isOpen;

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 1, 1)]
    [InlineData("POST /wp-login.php?x=1 HTTP/1.1\r\n", 2, 17)]
    [InlineData("PROPFIND /dav HTTP/1.1\r\n", 10, 4)]
    [InlineData("HEAD /a/../../etc/passwd HTTP/1.0\r\n", 3, 19)]
    [InlineData("GET /cut", 1, 4)]
    public void Http_requests_are_exported_with_method_and_uri_length(string request, byte method, ushort uriLength)
    {
        Send(Encoding.ASCII.GetBytes(request), 8080);
        (SampleHeader header, byte[] data) = Assert.Single(_kernel.Samples);
        Assert.Equal((SampleKind.Http, method, uriLength), (header.Kind, header.Method, header.UriLength));
        Assert.Equal(request, Encoding.ASCII.GetString(data));
    }

    [Fact]
    public void Every_request_of_a_kept_connection_is_exported()
    {
        for (int i = 0; i < 30; i++)
        {
            Send(Encoding.ASCII.GetBytes($"GET /{i} HTTP/1.1\r\n\r\n"), 80);
        }

        Assert.Equal(30, _kernel.Samples.Count);
    }

    [Theory]
    [InlineData("HTTP/1.1 401 Unauthorized\r\n\r\n", 401)]
    [InlineData("HTTP/1.0 404 Not Found\r\n", 404)]
    [InlineData("HTTP/1.1 503 x", 503)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", 0)]
    [InlineData("HTTP/1.1 302 Found\r\n", 0)]
    [InlineData("HTTP/1.1 4x4 x\r\n", 0)]
    [InlineData("HTTP/1.1 999 x\r\n", 0)]
    [InlineData("HTTP/1.1 40", 0)]
    [InlineData("SSH-2.0-a 404 ", 0)]
    public void What_a_web_server_refuses_is_told_with_its_status(string answer, uint status)
    {
        Send("GET /x HTTP/1.1\r\n\r\n"u8.ToArray(), 80);
        _kernel.Forget();
        Answer(answer, 80);
        Assert.Equal(status == 0 ? [] : [status], Statuses());
    }

    [Fact]
    public void Only_the_first_packet_of_an_answer_to_a_request_is_read()
    {
        Answer("HTTP/1.1 404 Not asked\r\n", 80, handshake: true);
        Send("GET /x HTTP/1.1\r\n\r\n"u8.ToArray(), 80);
        Answer("HTTP/1.1 200 OK\r\n\r\n", 80);
        Answer("HTTP/1.1 404 a page about answers\r\n", 80);
        Assert.Empty(Statuses());
        Send("GET /y HTTP/1.1\r\n\r\n"u8.ToArray(), 80);
        _kernel.Egress(Frame.From(Server, Client).TcpSegment(80, 4000, Frame.Ack, 5001, _sequence));
        Answer("HTTP/1.1 404 Not Found\r\n", 80);
        Assert.Equal([404u], Statuses());
        PacketEvent error = Assert.Single(_kernel.Events, e => e.Kind == EventKind.HttpError);
        Assert.Equal((Client, 4000, 80, FlowDirection.Inbound), ($"{error.Remote.ToAddress()}", error.RemotePort, error.LocalPort, error.Direction));
    }

    [Fact]
    public void The_client_banner_of_ssh_is_exported()
    {
        Send("SSH-2.0-libssh_0.9.6\r\n"u8.ToArray(), 22);
        (SampleHeader header, byte[] data) = Assert.Single(_kernel.Samples);
        Assert.Equal((SampleKind.Ssh, "SSH-2.0-libssh_0.9.6\r\n"), (header.Kind, Encoding.ASCII.GetString(data)));
    }

    [Theory]
    [InlineData("example.com", 12, 2, 7, 16)]
    [InlineData("a.b.c.d.e", 10, 5, 1, 1)]
    [InlineData("abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0.tunnel.example", 79, 3, 63, 10)]
    public void Dns_queries_are_measured_over_udp(string name, int length, int labels, int longest, int type)
    {
        _kernel.Ingress(Frame.From(Client, Server).UdpDatagram(4000, 53, Query(name, (ushort)type)));
        SampleHeader header = Assert.Single(_kernel.Samples).Header;
        Assert.Equal((SampleKind.Dns, length, labels, longest, type, 0), (header.Kind, header.NameLength, header.Labels, header.LongestLabel, header.QueryType, header.Flags & 2));
    }

    [Fact]
    public void Dns_queries_are_measured_over_tcp_behind_their_length()
    {
        byte[] query = Query("tcp.example", 255);
        Send([0, (byte)query.Length, .. query], 53);
        SampleHeader header = Assert.Single(_kernel.Samples).Header;
        Assert.Equal((SampleKind.Dns, 12, 2, 255), (header.Kind, header.NameLength, header.Labels, header.QueryType));
    }

    [Fact]
    public void Dns_queries_that_leave_are_measured_too()
    {
        _kernel.Egress(Frame.From(Server, Client).UdpDatagram(4000, 53, Query("out.example", 16)));
        SampleHeader header = Assert.Single(_kernel.Samples).Header;
        Assert.Equal((FlowDirection.Outbound, 12, 16), (header.Direction, header.NameLength, header.QueryType));
    }

    [Fact]
    public void Trap18_a_compression_loop_ends_and_is_called_malformed()
    {
        byte[] query = [.. new byte[12], 0xc0, 12, 0, 1, 0, 1];
        _kernel.Ingress(Frame.From(Client, Server).UdpDatagram(4000, 53, query));
        Assert.Equal(2, Assert.Single(_kernel.Samples).Header.Flags & 2);
    }

    [Fact]
    public void A_client_hello_over_several_segments_is_exported_whole()
    {
        byte[] hello = Hello(1800);
        Send(hello[..1400], 443);
        Send(hello[1400..1700], 443);
        Send(hello[1700..], 443);
        Send([0x17, 3, 3, 0, 5, 1, 2, 3, 4, 5], 443);
        Assert.Equal(3, _kernel.Samples.Count);
        Assert.All(_kernel.Samples, s => Assert.Equal(SampleKind.Tls, s.Header.Kind));
        Assert.Equal(hello, _kernel.Samples.SelectMany(s => s.Data));
        Assert.Equal([1001u, 2401u, 2701u], _kernel.Samples.Select(s => s.Header.Sequence));
    }

    [Theory]
    [InlineData(1800)]
    [InlineData(400, 900, 500)]
    [InlineData(3300)]
    public void The_client_hello_of_a_host_inside_is_exported_as_it_leaves(params int[] segments)
    {
        byte[] hello = Hello(segments.Sum());
        Open();
        foreach (int length in segments)
        {
            // What the stack hands over may be longer than a packet.
            Leave(hello[..length]);
            hello = hello[length..];
        }

        Leave([0x17, 3, 3, 0, 5, 1, 2, 3, 4, 5]);
        Assert.Equal(Hello(segments.Sum()), _kernel.Samples.SelectMany(s => s.Data));
        Assert.All(_kernel.Samples, s => Assert.Equal((SampleKind.Tls, FlowDirection.Outbound, Client, (ushort)443), (s.Header.Kind, s.Header.Direction, $"{s.Header.Remote.ToAddress()}", s.Header.RemotePort)));
        Assert.Equal(5001u, _kernel.Samples[0].Header.Sequence);
    }

    [Fact]
    public void A_server_that_we_asked_cannot_pass_for_a_client()
    {
        Open();
        _kernel.Ingress(Frame.From(Client, Server).TcpSegment(443, 4000, Frame.Ack | Frame.Psh, 1001, 5001, Hello(300)));
        _kernel.Ingress(Frame.From(Client, Server).TcpSegment(443, 4000, Frame.Ack | Frame.Psh, 1301, 5001, "SSH-2.0-x\r\n"u8.ToArray()));
        _kernel.Ingress(Frame.From(Client, Server).TcpSegment(443, 4000, Frame.Ack | Frame.Psh, 1312, 5001, "GET / HTTP/1.1\r\n\r\n"u8.ToArray()));
        Leave(Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\n"));
        Assert.Empty(_kernel.Samples);
        Assert.Empty(Statuses());
    }

    [Fact]
    public void A_quic_initial_that_leaves_is_exported()
    {
        byte[] initial = new byte[1250];
        initial[0] = 0xc3;
        _kernel.Egress(Frame.From(Server, Client).UdpDatagram(4000, 443, initial));
        _kernel.Egress(Frame.From(Server, Client).UdpDatagram(4000, 443, new byte[1250]));
        (SampleHeader header, byte[] data) = Assert.Single(_kernel.Samples);
        Assert.Equal((SampleKind.Quic, FlowDirection.Outbound, 1250), (header.Kind, header.Direction, data.Length));
    }

    [Fact]
    public void Trap18_a_client_hello_sent_byte_by_byte_is_exported_as_far_as_250_segments()
    {
        byte[] hello = Hello(600);
        foreach (byte b in hello)
        {
            Send([b], 443);
        }

        Assert.InRange(_kernel.Samples.Count, 248, 251);
        Assert.Equal(hello[.._kernel.Samples.Count], _kernel.Samples.SelectMany(s => s.Data));
    }

    [Fact]
    public void Datagrams_with_a_quic_initial_are_exported()
    {
        byte[] initial = new byte[1200];
        initial[0] = 0xc3;
        initial[4] = 1;
        _kernel.Ingress(Frame.From(Client, Server).UdpDatagram(4000, 443, initial));
        (SampleHeader header, byte[] data) = Assert.Single(_kernel.Samples);
        Assert.Equal(SampleKind.Quic, header.Kind);
        Assert.Equal(initial, data);
        _kernel.Ingress(Frame.From(Client, Server).UdpDatagram(4001, 443, new byte[1200]));
        Assert.Single(_kernel.Samples);
    }

    [Theory]
    [InlineData(96)]
    [InlineData(110)]
    [InlineData(128)]
    [InlineData(700)]
    public void Entropy_is_shannons_within_a_thousandth(int length)
    {
        Random random = new(length);
        for (int round = 0; round < 20; round++)
        {
            _kernel.Reset();
            (_sequence, _isOpen) = (1001, false);
            byte[] payload = new byte[length];
            int symbols = 1 + random.Next(256);
            for (int i = 0; i < length; i++)
            {
                payload[i] = (byte)(0x80 + random.Next(symbols));
            }

            Send(payload, 9999);
            Flow flow = Assert.Single(_kernel.Programs.Verified.ReadAll()).Value;
            double n = Math.Min(length, 128);
            double bits = payload.Take((int)n).GroupBy(b => b).Sum(g => -(g.Count() / n) * Math.Log2(g.Count() / n));
            Assert.InRange(flow.Entropy, (992 * bits) - 2, (992 * bits) + 2);
        }
    }

    [Fact]
    public void Random_cleartext_is_told_once_a_flow_and_text_never()
    {
        byte[] noise = new byte[200];
        new Random(1).NextBytes(noise);
        Send(noise, 9999);
        Send(noise, 9999);
        Assert.Single(_kernel.Events, e => e.Kind == EventKind.Entropy);
        _kernel.Reset();
        (_sequence, _isOpen) = (1001, false);
        Send(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("the quick brown fox jumps over it ", 5))), 9999);
        Assert.DoesNotContain(_kernel.Events, e => e.Kind == EventKind.Entropy);
    }

    [Fact]
    public void Encrypted_flows_have_no_entropy()
    {
        Send(Hello(600), 443);
        byte[] noise = new byte[400];
        new Random(1).NextBytes(noise);
        Send(noise, 443);
        Assert.Equal(0, Assert.Single(_kernel.Programs.Verified.ReadAll()).Value.Entropy);
    }

    [Fact]
    public void Only_the_first_eight_data_packets_of_an_unknown_flow_are_looked_at()
    {
        for (int i = 0; i < 20; i++)
        {
            Send(new byte[120], 9999);
        }

        Assert.Equal(8, Assert.Single(_kernel.Programs.Verified.ReadAll()).Value.Inspected);
    }

    [Fact]
    public void Trap17_a_jumbo_frame_in_several_buffers_is_judged_whole_and_what_is_out_of_reach_is_counted()
    {
        Assert.True(_kernel.Programs.TakesFrags, "this kernel is known to take them");
        ulong before = _kernel.Lost(LossKind.PayloadFrags);
        byte[] request = new byte[8_000];
        Encoding.ASCII.GetBytes("GET /jumbo HTTP/1.1\r\n").CopyTo(request, 0);
        Send(request, 80);
        Assert.Equal((ulong)request.Length, Assert.Single(_kernel.Programs.Verified.ReadAll()).Value.BytesIn);
        Assert.Equal(SampleKind.Http, Assert.Single(_kernel.Samples).Header.Kind);
        Assert.Equal(before + 1, _kernel.Lost(LossKind.PayloadFrags));
    }

    [Theory]
    [InlineData(21, "530 Login incorrect.\r\n", true)]
    [InlineData(21, "230 Login successful.\r\n", false)]
    [InlineData(25, "535 5.7.8 Error: authentication failed\r\n", true)]
    [InlineData(587, "550 5.1.1 No such user\r\n", false)]
    [InlineData(110, "-ERR [AUTH] Authentication failed.\r\n", true)]
    [InlineData(110, "-ERR Password supplied for alice is incorrect.\r\n", true)]
    [InlineData(110, "-ERR Invalid login or password\r\n", true)]
    [InlineData(110, "-ERR Logon failure: unknown user name or bad password.\r\n", true)]
    [InlineData(110, "-ERR [SYS/TEMP] Internal error occurred.\r\n", false)]
    [InlineData(110, "-ERR [IN-USE] Mailbox is locked by another session.\r\n", false)]
    [InlineData(110, "-ERR Unknown command.\r\n", false)]
    [InlineData(110, "-ERR Invalid command\r\n", false)]
    [InlineData(110, "-ERR There's no message 3.\r\n", false)]
    [InlineData(6379, "-WRONGPASS invalid username-password pair or user is disabled.\r\n", true)]
    [InlineData(6379, "-ERR invalid password\r\n", true)]
    [InlineData(6379, "-NOAUTH Authentication required.\r\n", false)]
    [InlineData(6379, "-ERR unknown command 'FOO'\r\n", false)]
    [InlineData(445, "\0\0\0\u0049\u00feSMB\u0040\0\u0001\0\u006d\0\0\u00c0\u0001\0\u0021\0", true)]
    [InlineData(445, "\0\0\0\u0049\u00feSMB\u0040\0\u0001\0\u0016\0\0\u00c0\u0001\0\u0021\0", false)] // more processing required: half of any login
    [InlineData(445, "\0\0\0\u0049\u00feSMB\u0040\0\u0001\0\u006d\0\0\u00c0\u0003\0\u0021\0", false)] // of a share
    [InlineData(445, "\0\0\0\u0023\u00ffSMB\u0073\u006d\0\0\u00c0\u0098\u0007\u00c8", true)]
    [InlineData(143, "a1 NO [AUTHENTICATIONFAILED] Authentication failed.\r\n", true)]
    [InlineData(143, "A0001 NO Login failed.\r\n", true)]
    [InlineData(143, "a1 NO [TRYCREATE] No such mailbox\r\n", false)]
    [InlineData(143, "a1 OK NOOP completed\r\n", false)]
    [InlineData(23, "\r\nLogin incorrect\r\nlogin: ", true)]
    [InlineData(23, "\r\nLast login: Mon\r\n", false)]
    [InlineData(3306, "H\0\0\u0002\u00ff\u0015\u0004#28000Access denied", true)]
    [InlineData(3306, "\u0007\0\0\u0002\0\0\0\u0002\0\0\0", false)]
    [InlineData(5432, "E\0\0\0fSFATAL\0VFATAL\0C28P01\0Mpassword", true)]
    [InlineData(5432, "E\0\0\0fSERROR\0VERROR\0C42601\0Msyntax", false)]
    [InlineData(8022, "530 Login incorrect.\r\n", false)]
    public void A_login_that_the_server_refuses_in_the_clear_is_told(ushort port, string answer, bool isRefusal)
    {
        Shake(port);

        // The client's words come first, as they do: their answer must not be taken for HTTP's alone.
        byte[] credentials = "user alice, secret"u8.ToArray();
        _kernel.Ingress(Frame.From(Client, Server).TcpSegment(4000, port, Frame.Ack | Frame.Psh, _sequence, 5001, credentials));
        _sequence += (uint)credentials.Length;
        _kernel.Egress(Frame.From(Server, Client).TcpSegment(port, 4000, Frame.Ack | Frame.Psh, 5001, _sequence, Encoding.Latin1.GetBytes(answer)));
        Assert.Equal(isRefusal ? 1 : 0, _kernel.Events.Count(e => e.Kind == EventKind.LoginRefused));
    }

    private static byte[] Query(string name, ushort type)
    {
        List<byte> bytes = [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        foreach (string label in name.Split('.'))
        {
            bytes.Add((byte)label.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(label));
        }

        return [.. bytes, 0, (byte)(type >> 8), (byte)type, 0, 1];
    }

    private static byte[] Hello(int length)
    {
        byte[] hello = new byte[length];
        new Random(7).NextBytes(hello);
        byte[] head = [0x16, 3, 1, (byte)((length - 5) >> 8), (byte)(length - 5), 1, 0, (byte)((length - 9) >> 8), (byte)(length - 9)];
        head.CopyTo(hello, 0);
        return hello;
    }

    // A connection that we open; "client" is then the server outside.
    private void Open()
    {
        _kernel.Egress(Frame.From(Server, Client).TcpSegment(4000, 443, Frame.Syn, 5000));
        _kernel.Ingress(Frame.From(Client, Server).TcpSegment(443, 4000, Frame.Syn | Frame.Ack, 1000, 5001));
        _kernel.Egress(Frame.From(Server, Client).TcpSegment(4000, 443, Frame.Ack, 5001, 1001));
        _sequence = 5001;
    }

    private void Leave(byte[] payload)
    {
        _kernel.Egress(Frame.From(Server, Client).TcpSegment(4000, 443, Frame.Ack | Frame.Psh, _sequence, 1001, payload));
        _sequence += (uint)payload.Length;
    }

    private IEnumerable<uint> Statuses() => _kernel.Events.Where(e => e.Kind == EventKind.HttpError).Select(e => e.Length);

    private void Answer(string text, ushort port, bool handshake = false)
    {
        if (handshake)
        {
            Shake(port);
        }

        _kernel.Egress(Frame.From(Server, Client).TcpSegment(port, 4000, Frame.Ack | Frame.Psh, 5001, _sequence, Encoding.ASCII.GetBytes(text)));
    }

    private void Shake(ushort port)
    {
        _kernel.Handshake(Client, Server, 4000, port);
        _isOpen = true;
    }

    private void Send(byte[] payload, ushort port)
    {
        if (!_isOpen)
        {
            Shake(port);
        }

        _kernel.Ingress(Frame.From(Client, Server).TcpSegment(4000, port, Frame.Ack | Frame.Psh, _sequence, 5001, payload));
        _sequence += (uint)payload.Length;
    }
}
