using System.Text;
using Blackwall.Behavior.Wire;
using FsCheck.Xunit;
using Xunit;

namespace Blackwall.Tests.Behavior.Wire;

public sealed class HttpRequestLineTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n", "GET", "/", true, "Host: a\r\n")]
    [InlineData("\r\nHEAD /x HTTP/1.0\n", "HEAD", "/x", true, "")]
    [InlineData("GET /a b c HTTP/1.1\r\n", "GET", "/a b c", true, "")]
    [InlineData("POST /cut-before-the-ver", "POST", "/cut-before-the-ver", false, "")]
    [InlineData("GET /cut HTTP/1.", "GET", "/cut", false, "")]
    [InlineData("M-SEARCH * HTTP/1.1\r\n", "M-SEARCH", "*", true, "")]
    [InlineData("GET http://h/ü HTTP/1.1\r\n", "GET", "http://h/ü", true, "")]
    public void Requests_are_read(string data, string method, string target, bool complete, string rest)
    {
        Assert.True(HttpRequestLine.TryParse(Encoding.UTF8.GetBytes(data), out HttpRequestLine line));
        Assert.Equal(method, Encoding.UTF8.GetString(line.Method));
        Assert.Equal(target, Encoding.UTF8.GetString(line.Target));
        Assert.Equal(complete, line.IsComplete);
        Assert.Equal(rest, Encoding.UTF8.GetString(line.Rest));
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET")]
    [InlineData("GET ")]
    [InlineData(" GET / HTTP/1.1\r\n")]
    [InlineData("GET  / HTTP/1.1\r\n")]
    [InlineData("GET /\r\n")]
    [InlineData("GET / FTP/1.1\r\n")]
    [InlineData("G(T / HTTP/1.1\r\n")]
    [InlineData("GET /\0 HTTP/1.1\r\n")]
    [InlineData("ALONGERMETHODTHANANY / HTTP/1.1\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0")]
    public void What_is_no_request_is_refused(string data) => Assert.False(HttpRequestLine.TryParse(Encoding.Latin1.GetBytes(data), out _));

    [Theory]
    [InlineData("/A%2fB", "/a/b")]
    [InlineData("/%252e%252E/", "/../")]
    [InlineData("/..\\x", "/../x")]
    [InlineData("/a+b%20c", "/a b c")]
    [InlineData("/100%", "/100%")]
    [InlineData("/%g1%1", "/%g1%1")]
    public void Targets_have_one_normal_form(string target, string normal)
    {
        byte[] buffer = new byte[512];
        int length = RequestTarget.Normalise(Encoding.Latin1.GetBytes(target), buffer);
        Assert.Equal(normal, Encoding.Latin1.GetString(buffer, 0, length));
    }

    [Property(MaxTest = 5000)]
    public bool No_bytes_make_the_parser_throw_or_read_beyond_them(byte[] data, bool prefixed)
    {
        byte[] input = prefixed ? [.. "GET /"u8, .. data] : data;
        byte[] buffer = new byte[64];
        return !HttpRequestLine.TryParse(input, out HttpRequestLine line)
            || (line.Method.Length > 0
                && line.Target.Length > 0
                && line.Method.Length + line.Target.Length + line.Rest.Length < input.Length
                && RequestTarget.Normalise(line.Target, buffer) <= Math.Min(64, line.Target.Length));
    }
}
