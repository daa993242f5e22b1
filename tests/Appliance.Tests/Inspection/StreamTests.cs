using System.Text;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Inspection;

/// <summary>Requests are found wherever they lie in a client's stream, and each is judged by itself.</summary>
public sealed class StreamTests
{
    private const string Probe = "GET /.env HTTP/1.1\r\nHost: a\r\nUser-Agent: x\r\n\r\n";
    private const string Harmless = "GET /index.html HTTP/1.1\r\nHost: a\r\n\r\n";

    private readonly Requests _requests = new();

    public static TheoryData<string> Streams =>
    [
        Probe,
        "\r\n" + Probe,
        "\r\n\r\n\r\n" + Probe,
        "\n" + Probe,
        Harmless + Probe,
        Harmless + Harmless + "\r\n" + Probe + Harmless,
        "FOO /.env HTTP/1.1\r\nHost: a\r\n\r\n",
        "SEARCH /.env HTTP/1.1\r\nHost: a\r\n\r\n",
        "PROPFIND /.env HTTP/1.1\r\nHost: a\r\n\r\n",
        "M-SEARCH.!#$%&'*+^_`|~ /.env HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\t/.env\tHTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\v/.env\vHTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\f/.env\fHTTP/1.1\r\nHost: a\r\n\r\n",
        "GET\r/.env\rHTTP/1.1\r\nHost: a\r\n\r\n",
        "GET \t /.env\v\f HTTP/1.1 \t\r\nHost: a\r\n\r\n",
        Harmless + "\f\v GET\t/.env HTTP/1.1\r\nHost: a\r\n\r\n",
        "get /.env HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /form HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nname=abcd" + Probe,
        "POST /form HTTP/1.1\r\nHost: a\r\ncontent-length:   3000\r\n\r\n" + new string('x', 3000) + Probe,
        "PUT /form HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n1a;x=y\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\nTrailer: 1\r\n\r\n" + Probe,
        "PUT /form HTTP/1.1\r\nTransfer-Encoding: gzip, Chunked\r\nContent-Length: 1\r\n\r\n400\r\n" + new string('y', 0x400) + "\r\n0\r\n\r\n" + Probe,
        "PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n" + Probe,
        "PROXY UNKNOWN\r\n" + Harmless + Probe,
        "\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\u00c0\0\x02\x01\u00c0\0\x02\x02\x03\u00e8\0\x50" + Probe,
        "\0\x01\x02rubbish\u00ff\u00fe\n" + Probe,
        "* BAD\r\nEHLO example.org\r\n" + Probe,
        Probe.Replace("\r\n", "\n", StringComparison.Ordinal),
        "GET /.env\r\n",
    ];

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_probe_is_found_in_one_segment_and_cut_at_every_place(string stream)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(stream);
        for (int cut = 0; cut < Math.Min(bytes.Length, 200); cut++)
        {
            Play(bytes, [(0, cut), (cut, bytes.Length)]);
            AssertFound(cut + 1, $"cut at {cut}");
        }
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_probe_is_found_byte_by_byte(string stream)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(stream);
        Play(bytes, [.. Enumerable.Range(0, bytes.Length).Select(i => (i, i + 1))]);
        AssertFound(1, "byte by byte");
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void A_probe_is_found_whatever_overtakes_what_and_comes_twice(string stream)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(stream);
        Random random = new(stream.Length);
        for (int round = 0; round < 100; round++)
        {
            int a = random.Next(bytes.Length), b = random.Next(a, bytes.Length);
            (int, int)[] parts = [(0, a), (a, b), (b, bytes.Length), (Math.Max(0, a - 5), b), (0, a)];
            random.Shuffle(parts);
            Play(bytes, parts);
            AssertFound(round + 1, $"round {round}, {a}, {b}");
        }
    }

    [Fact]
    public void A_packet_of_rubbish_and_one_with_a_request_behind_it()
    {
        foreach (string rubbish in new[] { "\0\0\0\0", "\x16\x03\x01 junk", "%%%%% %%%% %", "(((((" })
        {
            byte[] bytes = Encoding.Latin1.GetBytes(rubbish + Probe);
            Play(bytes, [(0, rubbish.Length), (rubbish.Length, bytes.Length)]);
        }

        AssertFound(4, "after rubbish");
    }

    [Fact]
    public void What_was_never_seen_hides_only_itself()
    {
        byte[] bytes = Encoding.Latin1.GetBytes(Harmless + Probe);
        Play(bytes, [(5, Harmless.Length)]);
        _requests.Now += 4_000_000_000;
        _requests.Segment(bytes.AsSpan(Harmless.Length), Requests.First + (uint)Harmless.Length);
        AssertFound(1, "after a gap");
        Assert.Equal(1, _requests.Stage.Counters["gaps"]);
    }

    [Fact]
    public void An_upload_that_is_not_exported_to_its_end_does_not_hide_the_next_request()
    {
        byte[] head = Encoding.Latin1.GetBytes("POST /upload HTTP/1.1\r\nContent-Length: 5000000\r\n\r\n");
        Play([.. head, .. new byte[1000]], [(0, head.Length + 1000)]);
        _requests.Segment(Encoding.Latin1.GetBytes(Probe), Requests.First + (uint)head.Length + 5_000_000);
        AssertFound(1, "behind the upload");
        Assert.Equal(0, _requests.Stage.Counters["gaps"]);
    }

    [Fact]
    public void What_lies_in_a_body_is_no_request()
    {
        string body = Probe + Probe;
        byte[] bytes = Encoding.Latin1.GetBytes($"POST /notes HTTP/1.1\r\nContent-Length: {body.Length}\r\n\r\n{body}" + Harmless);
        for (int cut = 1; cut < bytes.Length; cut += 7)
        {
            Play(bytes, [(0, cut), (cut, bytes.Length)]);
        }

        Assert.DoesNotContain("probe.env", _requests.Met);
        Assert.Equal(2 * ((bytes.Length + 5) / 7), _requests.Stage.Counters["requests"]);
    }

    [Fact]
    public void Each_request_has_its_own_target_and_credentials()
    {
        byte[] bytes = Encoding.Latin1.GetBytes(
            "GET /a HTTP/1.1\r\nAuthorization: Basic YTpi\r\n\r\nGET /b HTTP/1.1\r\n\r\nGET /a HTTP/1.1\r\nAuthorization: Basic YTpj\r\n\r\n");
        Play(bytes, [(0, bytes.Length)]);
        Assert.Equal(
            [SignKind.Request, SignKind.Credentials, SignKind.Request, SignKind.Request, SignKind.Credentials],
            _requests.Signs.Select(s => s.Kind));
        Assert.Equal(_requests.Signs[0].Thing, _requests.Signs[3].Thing);
        Assert.NotEqual(_requests.Signs[0].Thing, _requests.Signs[2].Thing);
        Assert.NotEqual(_requests.Signs[1].Thing, _requests.Signs[4].Thing);
    }

    [Fact]
    public void A_body_that_comes_behind_its_head_meets_the_rules_for_bodies()
    {
        const string body = "user=%27%20or%20%271%27%3D%271&password=";
        string head = $"POST /enter HTTP/1.1\r\nContent-Length: {body.Length}\r\n\r\n";
        byte[] bytes = Encoding.Latin1.GetBytes(head + body);
        Play(bytes, [(0, head.Length), (head.Length, bytes.Length)]);
        Assert.Equal(["sqli.body"], _requests.Met);
    }

    [Fact]
    public void A_head_without_its_end_is_judged_when_the_connection_ends()
    {
        byte[] bytes = Encoding.Latin1.GetBytes("GET /.env HTTP/1.1\r\nHost: a\r\n");
        Play(bytes, [(0, bytes.Length)]);
        Assert.Empty(_requests.Met);
        _requests.Close();
        AssertFound(1, "at the end");
    }

    [Fact]
    public void A_head_that_is_too_long_is_judged_by_its_beginning_and_the_next_one_is_read()
    {
        byte[] bytes = Encoding.Latin1.GetBytes("GET /.env HTTP/1.1\r\n" + string.Concat(Enumerable.Repeat("X-Padding: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n", 400)) + "\r\n" + Probe);
        Play(bytes, [.. Enumerable.Range(0, (bytes.Length / 1000) + 1).Select(i => (i * 1000, Math.Min(bytes.Length, (i * 1000) + 1000)))]);
        AssertFound(2, "both");
    }

    [Fact]
    public void Ten_thousand_streams_that_never_end_are_bounded()
    {
        for (int i = 0; i < 10_000; i++)
        {
            Play("GET /never HTTP/1.1\r\nHost"u8.ToArray(), [(10, 25)]);
            _requests.Segment("GET /never"u8, Requests.First);
        }

        Assert.Equal(8192, _requests.Stage.Counters["streams"]);
        Assert.Equal(10_000 - 8192, _requests.Stage.Counters["streamsDisplaced"]);
    }

    private void Play(byte[] bytes, (int From, int To)[] parts)
    {
        _requests.Send("");
        foreach ((int from, int to) in parts)
        {
            if (to > from)
            {
                _requests.Segment(bytes.AsSpan(from, to - from), Requests.First + (uint)from);
            }
        }
    }

    private void AssertFound(int times, string how) => Assert.True(_requests.Stage.Rules.Single(p => p.Rule.Id is "probe.env").Hits == times, $"{_requests.Stage.Rules.Single(p => p.Rule.Id is "probe.env").Hits} instead of {times}: {how}");
}
