using System.Net;
using System.Text;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Detection.Wire;
using Xunit;

namespace Blackwall.Tarpit.Tests.Detection;

/// <summary>What stands before a connection: a proxy's header, and the first bytes of a protocol, whole and cut anywhere.</summary>
public sealed class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 4711 22\r\nSSH-", "192.0.2.1:4711")]
    [InlineData("PROXY TCP6 2001:db8::1 2001:db8::2 4711 22\r\nSSH-", "[2001:db8::1]:4711")]
    [InlineData("PROXY UNKNOWN\r\nSSH-", null)]
    public void A_line_of_version_1_says_who_connected(string text, string? source)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal(bytes.Length - 4, ProxyHeader.Measure(bytes, out IPEndPoint? found));
        Assert.Equal(source, found?.ToString());
        Assert.All(Enumerable.Range(1, bytes.Length - 5), length => Assert.Equal(-1, ProxyHeader.Measure(bytes.AsSpan(0, length), out _)));
    }

    [Theory]
    [InlineData(Signature + "2111000C" + "C0000201C6336401" + "12670016", "192.0.2.1:4711")]
    [InlineData(Signature + "21210024" + "20010DB8000000000000000000000001" + "20010DB8000000000000000000000002" + "12670016", "[2001:db8::1]:4711")]
    [InlineData(Signature + "20000000", null)]
    public void A_header_of_version_2_says_who_connected(string hex, string? source)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal(bytes.Length, ProxyHeader.Measure(bytes, out IPEndPoint? found));
        Assert.Equal(source, found?.ToString());
        Assert.All(Enumerable.Range(1, bytes.Length - 1), length => Assert.Equal(-1, ProxyHeader.Measure(bytes.AsSpan(0, length), out _)));
    }

    [Theory]
    [InlineData("SSH-2.0-x\r\n")]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROXY TCP4 nonsense\r\n")]
    [InlineData("PROXYING")]
    public void What_is_no_header_is_left_alone(string text) => Assert.Equal(0, ProxyHeader.Measure(Encoding.ASCII.GetBytes(text), out _));

    [Theory]
    [InlineData("SSH-2.0", 'S')]
    [InlineData("SS", 'M')]
    [InlineData("GET / HTTP", 'H')]
    [InlineData("POST ", 'H')]
    [InlineData("GE", 'M')]
    [InlineData("\u0016\u0003\u0001", 'M')]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001", 'T')]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0002", 'U')]
    [InlineData("*1\r\n", 'R')]
    [InlineData("*1", 'M')]
    [InlineData("*x", 'U')]
    [InlineData("\u0003\u0000\u0000\u0013\u000e\u00e0", 'P')]
    [InlineData("\u0000\u0000\u0000\u0045\u00ffSMB", 'B')]
    [InlineData("\u0000\u0000\u0000\u0045\u00feSMB", 'B')]
    [InlineData("\u0000\u0011ab\u0001\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0000\u0000", 'D')]
    [InlineData("get /", 'U')]
    public void First_bytes_tell_the_protocol_or_that_more_are_needed(string text, char guess) =>
        Assert.Equal(guess switch { 'S' => Guess.Ssh, 'H' => Guess.Http, 'M' => Guess.More, 'T' => Guess.Tls, 'R' => Guess.Redis, 'P' => Guess.Rdp, 'B' => Guess.Smb, 'D' => Guess.Dns, _ => Guess.Unknown }, FirstBytes.Judge(Encoding.Latin1.GetBytes(text)));
}
