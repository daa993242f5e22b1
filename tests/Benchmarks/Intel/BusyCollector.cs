using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Blackwall.Benchmarks.Intel;

/// <summary>Splunk's collector, which confirms a batch two seconds after it took it, as an indexer under load does. It counts events.</summary>
internal sealed class BusyCollector : IAsyncDisposable
{
    private static readonly TimeSpan Indexing = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<long, long> _taken = new();
    private long _batches;
    private long _events;

    private BusyCollector(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>Events that came.</summary>
    public long Events => Interlocked.Read(ref _events);

    public static async Task<BusyCollector> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MinRequestBodyDataRate = null);
        WebApplication app = builder.Build();
        BusyCollector collector = new(app);
        app.Run(collector.AnswerAsync);
        await app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using MemoryStream body = new();
        Stream sent = context.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        await sent.CopyToAsync(body);
        if (context.Request.Path.Value is "/services/collector/ack")
        {
            JsonObject acks = [];
            foreach (JsonNode? number in JsonNode.Parse(body.ToArray())!["acks"]!.AsArray())
            {
                acks[$"{number}"] = _taken.TryGetValue((long)number!, out long taken) && TimeProvider.System.GetElapsedTime(taken) >= Indexing;
            }

            await context.Response.WriteAsync(new JsonObject { ["acks"] = acks }.ToJsonString());
            return;
        }

        Interlocked.Add(ref _events, System.MemoryExtensions.Count(body.GetBuffer().AsSpan(0, (int)body.Length), "\"sourcetype\""u8));
        long batch = Interlocked.Increment(ref _batches);
        _taken[batch] = TimeProvider.System.GetTimestamp();
        await context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"text\":\"Success\",\"code\":0,\"ackId\":{batch}}}"));
    }
}
