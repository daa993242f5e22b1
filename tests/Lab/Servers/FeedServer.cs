using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Lab.Servers;

/// <summary>A server of threat feeds on loopback, which does everything wrong that such a server can do, when it is told to.</summary>
public sealed class FeedServer : IAsyncDisposable
{
    private const int LongBytes = 100 * 1024 * 1024;

    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, (FeedFault Fault, byte[] Body)> _feeds = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _serving;
    private bool _isDead;

    private FeedServer(TcpListener listener) => (_listener, _serving) = (listener, ServeAsync(listener));

    public Uri Place => new($"http://{_listener.LocalEndpoint}/");

    /// <summary>Heads of the requests, in order.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <param name="address">Where it listens; null: loopback.</param>
    /// <param name="port">0: any.</param>
    public static FeedServer Start(IPAddress? address = null, int port = 0)
    {
#pragma warning disable CA2000 // The server disposes of it.
        TcpListener listener = new(address ?? IPAddress.Loopback, port);
#pragma warning restore CA2000
        listener.Start();
        return new FeedServer(listener);
    }

    /// <summary>Gives a feed a content and a fault.</summary>
    /// <param name="name">Its path, without a slash.</param>
    /// <param name="body">The list.</param>
    /// <param name="fault">What is wrong with it.</param>
    /// <returns>Where it is.</returns>
    public Uri Offer(string name, string body, FeedFault fault = FeedFault.None)
    {
        _feeds[$"/{name}"] = (fault, Encoding.UTF8.GetBytes(body));
        return new Uri(Place, name);
    }

    /// <summary>Gives one page of a feed a content.</summary>
    /// <param name="name">Its path, without a slash.</param>
    /// <param name="query">What follows the question mark; empty: nothing does.</param>
    /// <param name="body">The page.</param>
    public void OfferQuery(string name, string query, string body) => _feeds[$"/{name}?{query}"] = (FeedFault.None, Encoding.UTF8.GetBytes(body));

    /// <summary>It dies; a second time is nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDead)
        {
            return;
        }

        _isDead = true;
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving;
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync(TcpListener listener)
    {
        List<Task> answering = [];
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                TcpClient client = await listener.AcceptTcpClientAsync(_stopping.Token);
                answering.Add(AnswerAsync(client));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(answering);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
                StringBuilder head = new();
                while (await reader.ReadLineAsync(_stopping.Token) is { Length: > 0 } line)
                {
                    head.AppendLine(line);
                }

                string request = $"{head}";
                _requests.Enqueue(request);
                string path = request.Split(' ') is [_, var target, ..] ? target : "/";
                await AnswerAsync(stream, request, path);
            }
            catch (Exception end) when (end is IOException or OperationCanceledException or SocketException)
            {
                // Whoever asked went away, or the server does.
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream, string request, string path)
    {
        string whole = path.Contains('?', StringComparison.Ordinal) ? path : $"{path}?";
        if (!_feeds.TryGetValue(whole, out (FeedFault Fault, byte[] Body) feed) && !_feeds.TryGetValue(whole[..whole.IndexOf('?', StringComparison.Ordinal)], out feed))
        {
            feed = (FeedFault.NotFound, []);
        }

        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(feed.Body))[..16]}\"";
        switch (feed.Fault)
        {
            case FeedFault.NotFound:
                await SendAsync(stream, "404 Not Found", "", "no"u8.ToArray());
                break;
            case FeedFault.ServerError:
                await SendAsync(stream, "500 Internal Server Error", "", "no"u8.ToArray());
                break;
            case FeedFault.TooMany:
                await SendAsync(stream, "429 Too Many Requests", "Retry-After: 7200\r\n", "no"u8.ToArray());
                break;
            case FeedFault.Circle:
                await SendAsync(stream, "302 Found", $"Location: {new Uri(Place, path)}\r\n", []);
                break;
            case FeedFault.Unasked:
                await SendAsync(stream, "304 Not Modified", "", []);
                break;
            case FeedFault.Page:
                await SendAsync(stream, "200 OK", "Content-Type: text/plain\r\n", "<!DOCTYPE html><html><body>198.51.100.7 maintenance</body></html>"u8.ToArray());
                break;
            case FeedFault.Sentence:
                await SendAsync(stream, "200 OK", "Content-Type: text/plain\r\n", "You have used up your quota for today.\n"u8.ToArray());
                break;
            case FeedFault.Empty:
                await SendAsync(stream, "200 OK", "", []);
                break;
            case FeedFault.Everything:
                await SendAsync(stream, "200 OK", "", "0.0.0.0/0\n::/0\n0.0.0.0/1\n128.0.0.0/1\n"u8.ToArray());
                break;
            case FeedFault.Noise:
                byte[] noise = new byte[4096];
                new Random(7).NextBytes(noise);
                await SendAsync(stream, "200 OK", "", noise);
                break;
            case FeedFault.Packed:
                await SendAsync(stream, "200 OK", "Content-Encoding: gzip\r\n", Packed(feed.Body));
                break;
            case FeedFault.CutPacked:
                byte[] packed = Packed(feed.Body);
                await SendAsync(stream, "200 OK", "Content-Encoding: gzip\r\n", packed[..(packed.Length / 2)]);
                break;
            case FeedFault.Bomb:
                await SendAsync(stream, "200 OK", "Content-Encoding: gzip\r\n", Packed(new byte[LongBytes]));
                break;
            case FeedFault.Cut:
                await stream.WriteAsync(Head("200 OK", string.Create(CultureInfo.InvariantCulture, $"Content-Length: {feed.Body.Length}\r\n")), _stopping.Token);
                await stream.WriteAsync(feed.Body.AsMemory(0, feed.Body.Length / 2), _stopping.Token);
                break;
            case FeedFault.Huge:
                await FloodAsync(stream);
                break;
            case FeedFault.Trickle:
                await TrickleAsync(stream);
                break;
            case FeedFault.Mark:
                await SendAsync(stream, "200 OK", "", [0xEF, 0xBB, 0xBF, .. feed.Body]);
                break;
            case FeedFault.Windows:
                await SendAsync(stream, "200 OK", "", Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(feed.Body).ReplaceLineEndings("\r\n")));
                break;
            case FeedFault.Silent:
                break;
            default:
                bool isKnown = request.Contains($"If-None-Match: {tag}", StringComparison.OrdinalIgnoreCase);
                await SendAsync(stream, isKnown ? "304 Not Modified" : "200 OK", $"ETag: {tag}\r\n", isKnown ? [] : feed.Body);
                break;
        }
    }

    private async Task FloodAsync(NetworkStream stream)
    {
        await stream.WriteAsync(Head("200 OK", ""), _stopping.Token);
        byte[] line = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("198.51.100.7\n", 4096)));
        for (int sent = 0; sent < LongBytes; sent += line.Length)
        {
            await stream.WriteAsync(line, _stopping.Token);
        }
    }

    private async Task TrickleAsync(NetworkStream stream)
    {
        await stream.WriteAsync(Head("200 OK", "Content-Length: 1000000\r\n"), _stopping.Token);
        while (!_stopping.IsCancellationRequested)
        {
            await stream.WriteAsync("1"u8.ToArray(), _stopping.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, _stopping.Token);
        }
    }

    private async Task SendAsync(NetworkStream stream, string status, string headers, byte[] body)
    {
        string length = status.StartsWith("304", StringComparison.Ordinal) ? "" : string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        await stream.WriteAsync(Head(status, headers + length), _stopping.Token);
        await stream.WriteAsync(body, _stopping.Token);
    }

    private static byte[] Head(string status, string headers) => Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n");

    private static byte[] Packed(byte[] body)
    {
        using MemoryStream packed = new();
        using (GZipStream packing = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packing.Write(body);
        }

        return packed.ToArray();
    }
}
