using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Blackwall.Tarpit.Http;
using Blackwall.Tarpit.Http.Face;
using Blackwall.Tarpit.Http.Files;
using Blackwall.Tarpit.Http.Front;
using Xunit;

namespace Blackwall.Tarpit.Tests.Http;

/// <summary>
/// Each answer to odd, malformed and ordinary requests, byte by byte as Debian's httpd gave it. Http/Recorded/apache.json is recorded from apache2
/// 2.4.71-1~deb12u1 with mod_php; what 2.4.58 of Ubuntu 24.04 has otherwise, the name of the server and the first line of error pages, is put in, and Date is masked.
/// </summary>
public sealed partial class ApacheAnswerTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Modified = new(2024, 9, 3, 10, 11, 12, TimeSpan.Zero);
    private static readonly Dictionary<string, Exchange> Known = JsonSerializer.Deserialize<Exchange[]>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Http", "Recorded", "apache.json")), JsonSerializerOptions.Web)!
        .ToDictionary(exchange => exchange.Name, StringComparer.Ordinal);

    private RunningServer _server = null!;
    private YarpFront _front = null!;

    public static TheoryData<string> Names => [.. Known.Keys];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        WebRoot root = new(ServerFace.Ubuntu2404, Files(), Scripts(), controller: null);
        _front = new YarpFront(new Dictionary<string, IHttpPersona>(StringComparer.Ordinal) { ["root"] = root }, _ => "root", decoy: null);
        _server = new RunningServer(_front);
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _front.Dispose();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_answer_is_byte_by_byte_that_of_httpd(string name)
    {
        Exchange exchange = Known[name];
        (byte[] answer, bool isClosed) = await _server.TalkAsync(Encoding.Latin1.GetBytes(exchange.Request), got => !exchange.Closed && Mask(got).Length >= exchange.Response.Length, Cancellation);
        Assert.Equal(exchange.Response, Mask(answer));
        Assert.Equal(exchange.Closed, isClosed);
    }

    [Theory]
    [InlineData("get-text")]
    [InlineData("pipelined")]
    [InlineData("chunked")]
    public async Task It_is_the_same_when_a_request_comes_byte_by_byte(string name)
    {
        Exchange exchange = Known[name];
        using System.Net.Sockets.TcpClient client = new("127.0.0.1", _server.Port);
        foreach (char c in exchange.Request)
        {
            await client.GetStream().WriteAsync(new[] { (byte)c }, Cancellation);
        }

        byte[] buffer = new byte[Encoding.Latin1.GetByteCount(exchange.Response) + (64 * 3)];
        int length = 0;
        while (Mask(buffer[..length]).Length < exchange.Response.Length)
        {
            int got = await client.GetStream().ReadAsync(buffer.AsMemory(length), Cancellation);
            Assert.NotEqual(0, got);
            length += got;
        }

        Assert.Equal(exchange.Response, Mask(buffer[..length]));
    }

    private static string Mask(byte[] answer) => Date().Replace(Encoding.Latin1.GetString(answer), "Date: -\r\n");

    private static Dictionary<string, StaticFile> Files() => new(StringComparer.Ordinal)
    {
        ["/index.html"] = Text("<!DOCTYPE html>\n<html><head><title>It works</title></head><body><p>It works.</p></body></html>\n", "text/html"),
        ["/hello.txt"] = Text("abcdefghijklmnopqrstuvwxyz\n", "text/plain"),
        ["/style.css"] = Text("body { color: black }\n", "text/css"),
        ["/empty.bin"] = Text("", "application/octet-stream"),
        ["/folder/index.html"] = Text("<p>folder</p>\n", "text/html"),
        ["/bare/x.bin"] = Text("x", "application/octet-stream"),
    };

    private static Dictionary<string, IHttpPersona> Scripts() => new(StringComparer.Ordinal)
    {
        ["/small.php"] = new Script(() => HttpAnswer.Page("small\n").With("X-First", "1").With("Cache-Control", "no-cache")),
        ["/large.php"] = new Script(() => HttpAnswer.Page(string.Concat(Enumerable.Repeat("0123456789abcdef", 1000)))),
        ["/redirect.php"] = new Script(() => new HttpAnswer(302) { ContentType = "text/html; charset=UTF-8", IsScript = true }.With("X-Redirect-By", "WordPress").With("Location", "/folder/")),
        ["/cookie.php"] = new Script(() => HttpAnswer.Script("{}", "application/json; charset=UTF-8").With("Set-Cookie", "a=b%20c").With("Expires", "Wed, 11 Jan 1984 05:00:00 GMT")),
    };

    private static StaticFile Text(string text, string type) => new(Encoding.ASCII.GetBytes(text), Modified, type);

    [GeneratedRegex(@"Date: [^\r]+\r\n", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Date();

    public sealed record Exchange(string Name, string Request, string Response, bool Closed);

    private sealed class Script(Func<HttpAnswer> make) : IHttpPersona
    {
        public ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation) => new(make());
    }
}
