using System.Text;
using Blackwall.Tarpit.Http;
using Blackwall.Tarpit.Http.Wire;
using Xunit;

namespace Blackwall.Tarpit.Tests.Http;

/// <summary>What a client can make large is cut off.</summary>
public sealed class LimitTests
{
    private const int MostOfOne = 64 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Content-Length: 65537\r\n\r\n", 0, 413)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", MostOfOne + 1, 413)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n", MostOfOne, 200)]
    public async Task A_body_is_taken_up_to_its_limit(string fields, int chunk, int status)
    {
        await using RunningServer server = new(new Script(exchange => HttpAnswer.Page(exchange.Request.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture))), MostOfOne);
        string body = chunk == 0 ? "" : $"{chunk:x}\r\n{new string('x', chunk)}\r\n0\r\n\r\n";
        (byte[] answer, _) = await server.TalkAsync(Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{fields}{body}"), got => got.Length > 12, Cancellation);
        Assert.StartsWith($"HTTP/1.1 {status} ", Encoding.ASCII.GetString(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void A_call_is_read_to_some_depth_and_no_deeper()
    {
        Assert.NotNull(XmlRpcCall.Read(Nested(8)));
        Assert.Null(XmlRpcCall.Read(Nested(100_000)));
    }

    [Fact]
    public void A_call_has_so_many_values_and_no_entities_of_its_own()
    {
        Assert.Null(XmlRpcCall.Read($"<methodCall><methodName>m</methodName><params><param><value><array><data>{string.Concat(Enumerable.Repeat("<value>1</value>", 40_000))}</data></array></value></param></params></methodCall>"));
        XmlRpcCall call = XmlRpcCall.Read("<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><methodCall><methodName>m</methodName><params><param><value><string>&a;&lt;</string></value></param></params></methodCall>")!;
        Assert.Equal("&a;<", call.Parameters[0].Text);
    }

    [Fact]
    public void A_head_has_so_many_fields_and_each_so_many_bytes()
    {
        RequestHead head = new(RequestLine.Read("GET / HTTP/1.1"u8));
        for (int i = 0; i < RequestHead.MostFields; i++)
        {
            head.Add("A: b"u8);
        }

        Assert.Null(head.Fault);
        head.Add("A: b"u8);
        Assert.Equal("The number of request header fields exceeds this server's limit.", head.Fault);
    }

    private static string Nested(int depth) =>
        $"<methodCall><methodName>m</methodName><params><param><value>{string.Concat(Enumerable.Repeat("<array><data><value>", depth))}1</value>{string.Concat(Enumerable.Repeat("</data></array></value>", depth))}</param></params></methodCall>";
}
