using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Blackwall.Lab.Servers;

/// <summary>
/// A model server on loopback that speaks Ollama's protocol and gives scripted opinions of what it is asked, or fails in every way of <see cref="ModelFault"/>.
/// It sits on a bare socket, because a web server would not let it fail so.
/// </summary>
public sealed class ModelServer : IAsyncDisposable
{
    private const int MaxKept = 20_000;
    private const int Large = 32 * 1024 * 1024;

    private readonly Socket _listener;
    private readonly CancellationTokenSource _ending = new();
    private readonly Func<JsonObject, (string Category, int Percent)> _judge;
    private readonly Task _running;
    private readonly ConcurrentQueue<string> _requests = new();
    private long _asked;
    private volatile ModelFault _fault;

    /// <param name="judge">Its opinion of the numbers of one source; null: <see cref="Plain"/>.</param>
    /// <param name="socket">Listens on loopback of whichever namespace it was made in; null: of this one.</param>
    public ModelServer(Func<JsonObject, (string Category, int Percent)>? judge = null, Socket? socket = null)
    {
        _judge = judge ?? Plain;
        _listener = socket ?? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _running = ServeAsync();
    }

    public Uri Endpoint => new($"http://{_listener.LocalEndPoint}");

    /// <summary>What it does from the next question on.</summary>
    public ModelFault Fault { get => _fault; set => _fault = value; }

    /// <summary>What it writes to questions that want an answer in pieces, by the text of the question; each is a piece.</summary>
    public Func<string, IEnumerable<string>> Writer { get; set; } = _ => [];

    /// <summary>Questions so far.</summary>
    public long Asked => Interlocked.Read(ref _asked);

    /// <summary>Whole requests as they came, head and body; the first 20,000.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>An opinion that follows from the numbers as a person would read them.</summary>
    public static (string Category, int Percent) Plain(JsonObject numbers)
    {
        bool Has(string part) => numbers.Any(pair => pair.Key.Contains(part, StringComparison.OrdinalIgnoreCase));
        return Has("edLogins") || Has("brute-force") ? ("bruteforce", 92)
            : Has("http-probe") || Has("dpi-rule") ? ("exploit", 88)
            : Has("flood") ? ("flood", 90)
            : Has("InVain") || Has("scan") || Has("sweep") ? ("scan", 95) : ("unknown", 40);
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        await _running;
        _ending.Dispose();
    }

    private async Task ServeAsync()
    {
        List<Task> open = [];
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync(_ending.Token);
                open.RemoveAll(task => task.IsCompleted);
                open.Add(TalkAsync(socket));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task TalkAsync(Socket socket)
    {
        try
        {
            using (socket)
            {
                await using NetworkStream stream = new(socket);
                while (await ReadAsync(stream) is { } request)
                {
                    Interlocked.Increment(ref _asked);
                    if (_requests.Count < MaxKept)
                    {
                        _requests.Enqueue(request);
                    }

                    await AnswerAsync(socket, stream, request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
                }
            }
        }
        catch (Exception end) when (end is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other end had enough of it.
        }
    }

    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        List<byte> bytes = [];
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            int read = await stream.ReadAsync(buffer, _ending.Token);
            if (read == 0)
            {
                return null;
            }

            bytes.AddRange(buffer.AsSpan(0, read));
            string text = Encoding.UTF8.GetString([.. bytes]);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0)
            {
                continue;
            }

            string head = text[..end], body = text[(end + 4)..];
            if (head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
            {
                if (body.EndsWith("0\r\n\r\n", StringComparison.Ordinal))
                {
                    return $"{head}\r\n\r\n{Unchunk(body)}";
                }
            }
            else
            {
                string? length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
                if (Encoding.UTF8.GetByteCount(body) >= int.Parse(length?[15..] ?? "0", CultureInfo.InvariantCulture))
                {
                    return text;
                }
            }
        }
    }

    private static string Unchunk(string body)
    {
        StringBuilder whole = new();
        for (int at = 0; ;)
        {
            int line = body.IndexOf("\r\n", at, StringComparison.Ordinal);
            int size = int.Parse(body[at..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return whole.ToString();
            }

            whole.Append(body, line + 2, size);
            at = line + 2 + size + 2;
        }
    }

    private async Task AnswerAsync(Socket socket, NetworkStream stream, string body)
    {
        JsonNode question = JsonNode.Parse(body)!;
        bool isInPieces = (bool?)question["stream"] == true;
        string text = (string)question["messages"]![1]!["content"]!;
        JsonObject[] cases = isInPieces ? [] : [.. JsonNode.Parse(text)!["cases"]!.AsArray().Select(node => node!.AsObject())];
        ModelFault fault = _fault;
        switch (fault)
        {
            case ModelFault.ClosesAtOnce:
                socket.Close();
                return;
            case ModelFault.Resets:
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Close();
                return;
            case ModelFault.NeverAnswers:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _ending.Token);
                return;
            case ModelFault.DripsHeaders:
                await DripAsync(stream, "HTTP/1.1 200 OK\r\nX-Slow: ");
                return;
            case ModelFault.DripsBody:
                await SendAsync(stream, Head("application/json", 60_000));
                await DripAsync(stream, "{");
                return;
            case ModelFault.ClosesAfterHeaders:
                await SendAsync(stream, Head("application/json", 500));
                socket.Close();
                return;
            case ModelFault.ClosesWithinBody:
                await SendAsync(stream, Head("application/json", 500) + "{\"model\":\"m\",\"message\":{\"role\":\"assi");
                socket.Close();
                return;
            case ModelFault.HalfCloses:
                await SendAsync(stream, Head("application/json", 500) + "{\"model\":");
                socket.Shutdown(SocketShutdown.Send);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _ending.Token);
                return;
            case ModelFault.Garbage:
                await SendAsync(stream, "SSH-2.0-OpenSSH_9.2\r\n\r\n\0\0\0");
                socket.Close();
                return;
            case ModelFault.EndlessHeaders:
                await SendAsync(stream, "HTTP/1.1 200 OK\r\n");
                await FloodAsync(stream, "X-More: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n");
                return;
            case ModelFault.HugeBody:
                await SendAsync(stream, Head("application/json", Large));
                await FloodAsync(stream, new string(' ', 4096));
                return;
            case ModelFault.HugeBodyWithoutLength:
                await SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n");
                await FloodAsync(stream, new string(' ', 4096));
                return;
            case ModelFault.EndlessText:
                await SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"");
                await FloodAsync(stream, new string('a', 4096));
                return;
            case ModelFault.CompressedBomb:
                await SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\u001f\u008b\b\0");
                return;
            case ModelFault.None when isInPieces:
                await SendAsync(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
                foreach (string piece in Writer(text).Select(piece => Frame(piece, done: "false")).Append(Frame("")))
                {
                    byte[] line = Encoding.UTF8.GetBytes(piece + "\n");
                    await SendAsync(stream, FormattableString.Invariant($"{line.Length:x}\r\n"));
                    await stream.WriteAsync(line, _ending.Token);
                    await SendAsync(stream, "\r\n");
                }

                await SendAsync(stream, "0\r\n\r\n");
                return;
            default:
                await SendAsync(stream, Whole(fault, cases));
                return;
        }
    }

    private string Whole(ModelFault fault, JsonObject[] cases) => fault switch
    {
        ModelFault.Page => Reply("text/html", "<html><body>Sign in to the network</body></html>"),
        ModelFault.PageCalledJson => Reply("application/json", "<html><body>Sign in to the network</body></html>"),
        ModelFault.ServerError => Reply("application/json", "{\"error\":\"out of memory\"}", "500 Internal Server Error"),
        ModelFault.NoSuchModel => Reply("application/json", "{\"error\":\"model not found\"}", "404 Not Found"),
        ModelFault.Redirect => "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/api/chat\r\nContent-Length: 0\r\n\r\n",
        ModelFault.Empty => Reply("application/json", ""),

        // Latin-1 is how this is sent: a lone continuation byte.
        ModelFault.InvalidUtf8 => Reply("application/json", Frame("\u0080\u00ff")),
        ModelFault.NotJson => Reply("application/json", "I think that these are scans."),
        ModelFault.DeepJson => Reply("application/json", new string('[', 20_000)),
        ModelFault.OtherSchema => Reply("application/json", "{\"choices\":[{\"message\":{\"content\":\"scan\"}}]}"),
        ModelFault.Unfinished => Reply("application/json", Frame(Opinions(cases), done: "false")),
        ModelFault.RanOutOfTokens => Reply("application/json", Frame(Opinions(cases), reason: "length")),
        ModelFault.InParts => Reply("application/json", Frame(Opinions(cases)) + "\n" + Frame(Opinions(cases))),
        ModelFault.ThoughtsOnly => Reply("application/json", Frame("", thinking: Opinions(cases))),
        ModelFault.ThoughtObject => Reply("application/json", Frame("{\"thought\":\"they look like scans\"}")),
        ModelFault.Fenced => Reply("application/json", Frame($"```json\n{Opinions(cases)}\n```")),
        ModelFault.ExtraMember => Reply("application/json", Frame(Opinions(cases).Replace("\"p\":", "\"why\":\"x\",\"p\":", StringComparison.Ordinal))),
        ModelFault.SourceMissing => Reply("application/json", Frame(Opinions([]))),
        ModelFault.SourceTwice => Reply("application/json", Frame(Opinions([.. cases, cases[0]]))),
        ModelFault.SourceInvented => Reply("application/json", Frame(Opinions(cases).Replace("\"id\":\"1\"", "\"id\":\"77\"", StringComparison.Ordinal))),
        ModelFault.CategoryInvented => Reply("application/json", Frame(Opinions(cases, category: "botnet"))),
        ModelFault.CategoryIsAllow => Reply("application/json", Frame(Opinions(cases, category: "allow"))),
        ModelFault.PercentTooLarge => Reply("application/json", Frame(Opinions(cases, percent: "101"))),
        ModelFault.PercentIsText => Reply("application/json", Frame(Opinions(cases, percent: "\"99\""))),
        ModelFault.PercentIsFraction => Reply("application/json", Frame(Opinions(cases, percent: "99.5"))),
        ModelFault.MemberTwice => Reply("application/json", Frame(Opinions(cases, percent: "10,\"p\":99"))),
        ModelFault.TextBehind => Reply("application/json", Frame(Opinions(cases) + " I hope this helps!")),
        _ => Reply("application/json", Frame(Opinions(cases))),
    };

    private string Opinions(JsonObject[] cases, string? category = null, string? percent = null) => $$"""{"v":[{{string.Join(',', cases.Select(numbers =>
    {
        (string word, int sure) = _judge(numbers);
        return FormattableString.Invariant($"{{\"id\":\"{(string)numbers["id"]!}\",\"c\":\"{category ?? word}\",\"p\":{percent ?? sure.ToString(CultureInfo.InvariantCulture)}}}");
    }))}}]}""";

    private static string Frame(string content, string done = "true", string reason = "stop", string thinking = "") =>
        $$"""{"model":"qwen3:1.7b","created_at":"2026-01-01T00:00:00Z","message":{"role":"assistant","content":{{JsonSerializer.Serialize(content, s_plain)}},"thinking":{{JsonSerializer.Serialize(thinking, s_plain)}}},"done":{{done}},"done_reason":"{{reason}}","total_duration":1000,"prompt_eval_count":120,"eval_count":30}""";

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Reply(string type, string body, string status = "200 OK") => $"HTTP/1.1 {status}\r\nContent-Type: {type}; charset=utf-8\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static string Head(string type, int length) => FormattableString.Invariant($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n\r\n");

    private async Task SendAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text), _ending.Token);

    private async Task DripAsync(NetworkStream stream, string start)
    {
        await SendAsync(stream, start);
        while (true)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, _ending.Token);
            await SendAsync(stream, " ");
        }
    }

    private async Task FloodAsync(NetworkStream stream, string piece)
    {
        for (int sent = 0; sent < Large; sent += piece.Length)
        {
            await SendAsync(stream, piece);
        }
    }
}
