using System.Text;
using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Kernel.Tests.Packets;
using Xunit;

namespace Blackwall.Kernel.Tests;

/// <summary>What a client says in the clear is exported segment by segment, whatever it is, as long as it may be HTTP.</summary>
[Collection(KernelCollection.Name)]
public sealed class StreamExportTests(KernelHarness kernel)
{
    private const string Client = "203.0.113.7", Server = "198.51.100.1";

    private readonly KernelHarness _kernel = kernel.Reset();
    private uint _sequence = 1001;
    private bool _isOpen;

    [Fact]
    public void A_long_request_is_exported_segment_by_segment_with_where_its_stream_began()
    {
        Send(Encoding.ASCII.GetBytes("GET /" + new string('a', 1395)), 80);
        Send(Encoding.ASCII.GetBytes(new string('b', 1400)), 80);
        Send(" HTTP/1.1\r\n\r\n"u8.ToArray(), 80);
        Assert.Equal([1400, 1400, 13], _kernel.Samples.Select(s => s.Data.Length));
        Assert.Equal([1001u, 2401u, 3801u], _kernel.Samples.Select(s => s.Header.Sequence));
        Assert.All(_kernel.Samples, s => Assert.Equal((SampleKind.Http, 1001u, 0), (s.Header.Kind, s.Header.StreamFirst, s.Header.Flags & 1)));
    }

    [Theory]
    [InlineData("\r\nGET / HTTP/1.1\r\n\r\n")]
    [InlineData("FOO / HTTP/1.1\r\n\r\n")]
    [InlineData("PROXY TCP4 1.1.1.1 2.2.2.2 1 2\r\n")]
    [InlineData("\u0001\u0002\u0003\u0004rubbish")]
    [InlineData("G")]
    public void Whatever_a_client_says_first_is_exported_and_what_follows_it_when_the_answer_is_http(string first)
    {
        Send(Encoding.Latin1.GetBytes(first), 8080);
        Answer("HTTP/1.1 400 Bad Request\r\n\r\n", 8080);
        for (int i = 0; i < 40; i++)
        {
            Send(new byte[1000], 8080);
        }

        Assert.Equal(41, _kernel.Samples.Count);
        Assert.Equal([400u], Statuses());
    }

    [Fact]
    public void A_stream_whose_answer_is_no_http_is_left_alone_from_then_on()
    {
        Send("EHLO a\r\n"u8.ToArray(), 2525);
        Answer("250 mail.example.org\r\n", 2525);
        for (int i = 0; i < 10; i++)
        {
            Send("MAIL FROM:<a@b.c>\r\n"u8.ToArray(), 2525);
        }

        Assert.Single(_kernel.Samples);
    }

    [Fact]
    public void A_stream_without_an_answer_is_exported_as_far_as_its_budget_and_on_from_the_next_answer()
    {
        for (int i = 0; i < 20; i++)
        {
            Send(new byte[500], 9000);
        }

        // Unknown so far: 4 KiB, in segments that began before they were spent.
        Assert.Equal(9, _kernel.Samples.Count);
        _kernel.Reset();
        (_sequence, _isOpen) = (1001, false);
        Send("POST / HTTP/1.1\r\nContent-Length: 999999\r\n\r\n"u8.ToArray(), 80);
        for (int i = 0; i < 100; i++)
        {
            Send(new byte[1000], 80);
            _kernel.Egress(Frame.From(Server, Client).TcpSegment(80, 4000, Frame.Ack, 5001, _sequence));
        }

        Assert.Equal(67, _kernel.Samples.Count);
        Answer("HTTP/1.1 100 Continue\r\n\r\n", 80);
        Send(new byte[1000], 80);
        Assert.Equal(68, _kernel.Samples.Count);
    }

    [Fact]
    public void What_was_taken_for_cipher_is_clear_text_again_when_the_server_answers_in_http()
    {
        Send(Hello(300), 443);
        Send([0x17, 3, 3, 0, 5, 1, 2, 3, 4, 5], 443);
        _kernel.Forget();
        Answer("HTTP/1.1 400 The plain HTTP request was sent to HTTPS port\r\n\r\n", 443);
        Send("GET /.env HTTP/1.1\r\n\r\n"u8.ToArray(), 443);
        Assert.Equal(SampleKind.Http, Assert.Single(_kernel.Samples).Header.Kind);
    }

    [Theory]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"b\", stale=true\r\n\r\n", true)]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nServer: sstastale\r\nWWW-Authenticate: Digest Stale=\"TRUE\", nonce=\"b\"\r\n\r\n", true)]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"stale\", nonce=\"b\", stale=false\r\n\r\n", false)]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"a\", nonce=\"b\"\r\n\r\n", false)]
    public void A_nonce_that_has_run_out_is_told_apart(string answer, bool isStale)
    {
        Send("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), 80);
        Answer(answer, 80);
        Assert.Equal([401 | (isStale ? PacketEvent.StaleStatus : 0)], Statuses());
    }

    private static byte[] Hello(int length)
    {
        byte[] hello = new byte[length];
        new Random(7).NextBytes(hello);
        byte[] head = [0x16, 3, 1, (byte)((length - 5) >> 8), (byte)(length - 5), 1, 0, (byte)((length - 9) >> 8), (byte)(length - 9)];
        head.CopyTo(hello, 0);
        return hello;
    }

    private IEnumerable<uint> Statuses() => _kernel.Events.Where(e => e.Kind == EventKind.HttpError).Select(e => e.Length);

    private void Answer(string text, ushort port)
    {
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
