using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Blackwall.Tests.Siem;

/// <summary>A collector of events over HTTP, which speaks as Splunk's and Elastic's do, with the faults that a test asks for.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<(string Channel, long Number), bool> _acks = new();
    private long _ack;

    private Receiver(WebApplication app) => _app = app;

    public ConcurrentQueue<JsonNode> Events { get; } = new();

    public ConcurrentQueue<(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)> Requests { get; } = new();

    /// <summary>Channel of each question for confirmations.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary>What to answer instead; null: as it should be. Gets the number of the request, from 1.</summary>
    public Func<int, (int Status, string Body)?> Fault { get; set; } = _ => null;

    /// <summary>An event that is refused for what it is.</summary>
    public Func<JsonNode, bool> Refuses { get; set; } = _ => false;

    /// <summary>Whether a batch is confirmed when it is asked about the second time.</summary>
    public Func<long, bool> Indexes { get; set; } = _ => true;

    public Uri Place => new(_app.Urls.First());

    public static async Task<Receiver> StartAsync(int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        WebApplication app = builder.Build();
        Receiver receiver = new(app);
        app.Run(receiver.AnswerAsync);
        await app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using MemoryStream sent = new();
        Stream body = context.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body;
        await body.CopyToAsync(sent);
        string path = context.Request.Path.Value!;
        if (path is "/services/collector/ack")
        {
            long[] asked = [.. JsonNode.Parse(sent.ToArray())!["acks"]!.AsArray().Select(one => (long)one!)];
            string channel = context.Request.Headers["X-Splunk-Request-Channel"].ToString();
            Asked.Enqueue(channel);
            JsonObject acks = [];
            foreach (long one in asked)
            {
                acks[$"{one}"] = _acks.TryGetValue((channel, one), out bool done) && done;

                // The second time it is indexed.
                _acks[(channel, one)] = Indexes(one);
            }

            await context.Response.WriteAsync(new JsonObject { ["acks"] = acks }.ToJsonString());
            return;
        }

        Requests.Enqueue((path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), sent.ToArray()));
        if (Fault(Requests.Count) is { } fault)
        {
            context.Response.StatusCode = fault.Status;
            await context.Response.WriteAsync(fault.Body);
            return;
        }

        if (path.EndsWith("/_bulk", StringComparison.Ordinal))
        {
            await BulkAsync(context, Encoding.UTF8.GetString(sent.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
            return;
        }

        List<JsonNode> batch = Objects(sent.ToArray());
        int refused = batch.FindIndex(one => Refuses(one));
        if (refused >= 0)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync($"{{\"text\":\"Invalid data format\",\"code\":6,\"invalid-event-number\":{refused}}}");
            return;
        }

        batch.ForEach(Events.Enqueue);
        long ack = Interlocked.Increment(ref _ack);
        _acks[(context.Request.Headers["X-Splunk-Request-Channel"].ToString(), ack)] = false;
        await context.Response.WriteAsync($"{{\"text\":\"Success\",\"code\":0,\"ackId\":{ack}}}");
    }

    private async Task BulkAsync(HttpContext context, string[] lines)
    {
        JsonArray items = [];
        for (int i = 0; i < lines.Length; i += 2)
        {
            JsonNode document = JsonNode.Parse(lines[i + 1])!;
            bool refused = Refuses(document);
            string id = (string)JsonNode.Parse(lines[i])!["create"]!["_id"]!;
            bool isThere = Events.Any(one => string.Equals((string?)one["event"]!["id"], id, StringComparison.Ordinal));
            if (!refused && !isThere)
            {
                Events.Enqueue(document);
            }

            items.Add(new JsonObject { ["create"] = new JsonObject { ["status"] = refused ? 400 : isThere ? 409 : 201, ["error"] = refused ? new JsonObject { ["type"] = "mapper_parsing_exception", ["reason"] = "no" } : null } });
        }

        await context.Response.WriteAsync(new JsonObject { ["errors"] = true, ["items"] = items }.ToJsonString());
    }

    // One object after the other, with or without lines between.
    private static List<JsonNode> Objects(byte[] body)
    {
        List<JsonNode> found = [];
        Utf8JsonReader reader = new(body, new JsonReaderOptions { AllowMultipleValues = true });
        while (reader.Read())
        {
            found.Add(JsonNode.Parse(ref reader)!);
        }

        return found;
    }
}
