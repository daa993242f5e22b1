using System.Net.Sockets;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Http.Face;
using Blackwall.Tarpit.Http.Files;
using Blackwall.Tarpit.Http.Wire;
using Blackwall.Tarpit.Pacing;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Http;

/// <summary>One connection of a web client: requests, one after the other, as httpd takes them.</summary>
internal sealed class HttpConnection(HttpServer server, Peer peer, ISessionLog log) : IDisposable
{
    private const int MostBlankLines = 100;
    private const int MostHeadBytes = 128 * 1024;

    private static readonly TimeSpan BodyPatience = TimeSpan.FromSeconds(60);

    private readonly RequestReader _reader = new(peer);
    private readonly AnswerWriter _writer = new(server.Face);
    private readonly FileAnswers _answers = new(server.Face);
    private Pacer? _pacer;

    public void Dispose() => _reader.Dispose();

    /// <summary>Answers until the peer or the server has enough.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        for (int left = server.Face.MostRequests; ; left--)
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            bool isFirst = left == server.Face.MostRequests;
            HeadReading? reading = null;
            try
            {
                patience.CancelAfter(TimeSpan.FromSeconds(isFirst ? server.Face.HeadSeconds : server.Face.KeepAliveSeconds));
                if (!await _reader.WaitAsync(patience.Token))
                {
                    return;
                }

                patience.CancelAfter(TimeSpan.FromSeconds(server.Face.HeadSeconds));
                reading = await ReadHeadAsync(patience.Token);
                if (reading is null)
                {
                    return;
                }

                patience.CancelAfter(BodyPatience);
                if (!await AnswerAsync(reading, left, patience.Token, cancellation))
                {
                    return;
                }

                peer.Memory.ReturnAll();
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Too slow: who had sent a request line is told.
                if (reading is { Head: not null })
                {
                    await SendAsync(ErrorPage(reading, 408), reading, 0, cancellation);
                }

                return;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                return;
            }
        }
    }

    /// <summary>Answers one request with the page that says that TLS is spoken here.</summary>
    public async Task RefusePlainAsync(CancellationToken cancellation)
    {
        const string reason = "Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />\n Instead use the HTTPS scheme to access this URL, please.<br />\n";
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(server.Face.HeadSeconds));
        if (await ReadHeadAsync(patience.Token) is { } reading)
        {
            Record(reading, 400);
            await SendAsync(ErrorPages.Make(server.Face, 400, null, peer.Destination.Port, reason), reading with { Refusal = 400 }, 0, cancellation);
        }
    }

    // Null: the peer ended without a request.
    private async ValueTask<HeadReading?> ReadHeadAsync(CancellationToken cancellation)
    {
        LineEnd end;
        int blank = 0;
        do
        {
            end = await _reader.ReadLineAsync(RequestHead.LongestLine, cancellation);
        }
        while (end == LineEnd.Whole && _reader.Line.IsEmpty && ++blank <= MostBlankLines);
        if (end == LineEnd.Closed)
        {
            return null;
        }

        if (end != LineEnd.Whole)
        {
            return new HeadReading(null, null, null, end == LineEnd.TooLong ? 414 : 400);
        }

        RequestLine line = RequestLine.Read(_reader.Line.Span);
        RequestHead head = new(line);
        if (line.IsBad || line.Version == 9)
        {
            return HeadReading.Judge(head);
        }

        int total = 0;
        while (true)
        {
            end = await _reader.ReadLineAsync(RequestHead.LongestLine, cancellation);
            if (end == LineEnd.Closed)
            {
                return null;
            }

            if (end == LineEnd.Whole && _reader.Line.IsEmpty)
            {
                return HeadReading.Judge(head);
            }

            total += _reader.Line.Length;
            if (end == LineEnd.TooLong || total > MostHeadBytes)
            {
                return new HeadReading(head, null, null, 400, "Size of a request header field exceeds server limit.");
            }

            if (end == LineEnd.Bad)
            {
                return new HeadReading(head, null, null, 400);
            }

            // Fields are kept as text, two bytes for each.
            if (!peer.Memory.TryTake(2L * _reader.Line.Length))
            {
                return new HeadReading(head, null, null, 503);
            }

            head.Add(_reader.Line.Span);
            if (head.Fault is not null)
            {
                return HeadReading.Judge(head);
            }
        }
    }

    // False: the connection ends.
    private async ValueTask<bool> AnswerAsync(HeadReading reading, int left, CancellationToken patience, CancellationToken cancellation)
    {
        if (reading.Refusal != 0)
        {
            Record(reading, reading.Refusal);
            return await SendAsync(ErrorPage(reading, reading.Refusal, reading.Detail), reading, left, cancellation);
        }

        RequestHead head = reading.Head!;
        if (head["Expect"] is { Length: > 0 } && head.Line.Version >= 11 && (head["Transfer-Encoding"] is not null || head["Content-Length"] is not (null or "0")))
        {
            await peer.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(), cancellation);
        }

        (ReadOnlyMemory<byte> body, int refusal) = reading.IsBare ? default : await server.Bodies.ReadAsync(_reader, head, peer.Memory, patience);
        HttpAnswer answer;
        if (refusal != 0)
        {
            answer = ErrorPage(reading, refusal, isLate: true);
        }
        else
        {
            HttpRequest request = new(head, reading.Target!.Value, body, peer.Remote, peer.Destination, peer.IsEncrypted);
            if (ExploitSigns.Find(head.Line.Target, body.Span) is { } sign)
            {
                log.Record(new Observation(ObservationKinds.Exploit) { Name = sign, Text = head.Line.Target });
            }

            answer = await FindAnswerAsync(request, reading, cancellation);
        }

        Record(reading, answer.Status);
        return await SendAsync(answer, reading, left, cancellation);
    }

    private async ValueTask<HttpAnswer> FindAnswerAsync(HttpRequest request, HeadReading reading, CancellationToken cancellation)
    {
        if (request.Method is "TRACE" or "CONNECT" || request.Path is "*")
        {
            // The server itself is asked, and no application.
            return _answers.AnswerMethod(request, contentType: null)!;
        }

        HttpAnswer answer = await server.Front.AnswerAsync(new HttpExchange(request, log), cancellation);
        return answer is { Status: 502 or 503 or 504, Body.IsEmpty: true } ? ErrorPage(reading, 503) : answer;
    }

    private HttpAnswer ErrorPage(HeadReading reading, int status, string? detail = null, bool isLate = false) =>
        ErrorPages.Make(server.Face, status, reading.Host?.Name, reading.Host?.Port ?? peer.Destination.Port, detail, reading.Head?.Line.Method ?? "", isLate);

    private async ValueTask<bool> SendAsync(HttpAnswer answer, HeadReading reading, int left, CancellationToken cancellation)
    {
        byte[] bytes = _writer.Write(answer, reading, left, server.Time.GetUtcNow(), out bool keeps, out int bodyStart);

        // Pages that are looked at come slowly; what answers a login, or a request that is none, comes at once.
        if (server.Pacing is null || bodyStart == bytes.Length || reading.Head is not { Line.Method: "GET" } || answer.Status != 200)
        {
            await peer.WriteAsync(bytes, cancellation);
            return keeps;
        }

        _pacer ??= server.Pacing();
        await peer.WriteAsync(bytes.AsMemory(0, bodyStart), cancellation);
        await _pacer.WriteAsync(bytes.AsMemory(bodyStart), peer.WriteAsync, cancellation);
        return keeps;
    }

    private void Record(HeadReading reading, int status) => log.Record(new Observation(ObservationKinds.Request)
    {
        Method = reading.Head?.Line.Method,
        Text = reading.Head?.Line.Target,
        Host = reading.Head?["Host"],
        Value = reading.Head?["User-Agent"],
        Status = status,
    });
}
