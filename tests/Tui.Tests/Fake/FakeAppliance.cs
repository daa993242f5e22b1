using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Blackwall.Api;
using Blackwall.Api.Contracts;
using Blackwall.Api.Problems;
using Blackwall.Decisions;
using Blackwall.Health;
using Blackwall.Sources;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Blackwall.Tests.Tui.Fake;

/// <summary>Speaks as the API does, with its own contract types, and says what the test wants. Remembers what it was asked.</summary>
internal sealed class FakeAppliance : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<Channel<string>, bool> _streams = new();

    private FakeAppliance(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    public Uri Api => new(_app.Urls.First());

    public ConcurrentQueue<string> Asked { get; } = new();

    public ConcurrentQueue<string> Bodies { get; } = new();

    /// <summary>Answers in place of the fake where it says true.</summary>
    public Func<HttpContext, Task<bool>>? Instead { get; set; }

    public StatsBody Stats { get; set; } = new(
        Noon,
        new WallBody("eth0", "enforce", "native", "tcx", null, 12, true, null, null, "outside"),
        [],
        new Dictionary<string, ulong>(StringComparer.Ordinal),
        new Dictionary<string, IReadOnlyDictionary<string, long>>(StringComparer.Ordinal),
        []);

    public HealthBody Health { get; set; } = new("ready", new Dictionary<string, string>(StringComparer.Ordinal));

    public bool KnowsDryRun { get; set; }

    /// <summary>How many decisions there are: ids from this down to 1, made when they are asked for.</summary>
    public long Decisions { get; set; } = 3;

    public ConcurrentDictionary<long, DecisionBody> Special { get; } = new();

    public ConcurrentDictionary<long, bool> Lifted { get; } = new();

    public string Tag { get; set; } = "\"v1\"";

    public int Streams => _streams.Count;

    public static async Task<FakeAppliance> StartAsync(X509Certificate2? certificate = null, int port = 0)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, endpoint =>
        {
            if (certificate is not null)
            {
                endpoint.UseHttps(certificate);
            }
        }));
        FakeAppliance fake = new(builder.Build());
        await fake._app.StartAsync();
        return fake;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Channel<string> stream in _streams.Keys)
        {
            stream.Writer.TryComplete();
        }

        using CancellationTokenSource now = new();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    public void Tell<T>(string id, string kind, T data, JsonTypeInfo<T> type) => TellRaw($"id: {id}\nevent: {kind}\ndata: {JsonSerializer.Serialize(data, type)}\n\n");

    public void TellRaw(string text)
    {
        foreach (Channel<string> stream in _streams.Keys)
        {
            stream.Writer.TryWrite(text);
        }
    }

    /// <summary>Ends every open stream.</summary>
    public void Hang()
    {
        foreach (Channel<string> stream in _streams.Keys)
        {
            stream.Writer.TryComplete();
        }
    }

    public DecisionBody DecisionOf(long id) => Special.TryGetValue(id, out DecisionBody? special) ? special : new DecisionBody(
        id,
        string.Create(CultureInfo.InvariantCulture, $"198.{18 + (id >> 16)}.{(id >> 8) & 255}.{id & 255}"),
        "drop",
        "local",
        "port-scan",
        0.9,
        Noon,
        Noon.AddHours(1),
        [new EvidenceBody(id, "198.51.100.1", "port-scan", "handshake", 0.9, Noon, "contacted 20 ports of 1 host in 4 ms without using any")],
        null,
        "appliance",
        true);

    public static Task Write<T>(HttpContext context, T body, JsonTypeInfo<T> type, int status = 200, string contentType = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, type)).AsTask();
    }

    public static Task Refuse(HttpContext context, int status, string detail) =>
        Write(context, new ProblemBody("about:blank", "Refused", status, detail, null, null, null), ApiJson.Default.ProblemBody, status, "application/problem+json");

    private async Task AnswerAsync(HttpContext context)
    {
        string question = $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}";
        Asked.Enqueue(question);
        using StreamReader reader = new(context.Request.Body);
        string body = await reader.ReadToEndAsync();
        if (body.Length > 0)
        {
            Bodies.Enqueue($"{question} {body}");
        }

        if (Instead is { } instead && await instead(context))
        {
            return;
        }

        string path = context.Request.Path.Value!.Replace("/api/v1/", "", StringComparison.Ordinal);
        switch (context.Request.Method, path.Split('/'))
        {
            case (_, ["stats"]):
                await Write(context, Stats, HealthJson.Default.StatsBody);
                break;
            case (_, ["health", "ready"]):
                await Write(context, Health, HealthJson.Default.HealthBody);
                break;
            case (_, ["events"]):
                await StreamAsync(context);
                break;
            case ("GET", ["decisions" or "rules"]):
                await ListAsync(context);
                break;
            case ("POST", ["decisions", "check"]):
                string asked = JsonSerializer.Deserialize(body, DecisionJson.Default.CheckInput)!.Addresses![0];
                await Write(context, new CheckList([new CheckBody(asked, "pass", null)]), DecisionJson.Default.CheckList);
                break;
            case ("POST", ["decisions" or "rules"]):
                DecisionInput input = JsonSerializer.Deserialize(body, DecisionJson.Default.DecisionInput)!;
                DecisionBody made = DecisionOf(++Decisions) with { Scope = input.Scope!, Verdict = input.Verdict!, Origin = "operator", Reason = "operator", Comment = input.Comment, Actor = "admin", Evidence = [] };
                Special[made.Id] = made;
                await Write(context, made, ApiJson.Default.DecisionBody, 201);
                break;
            case ("GET", ["decisions" or "rules", var id]):
                context.Response.Headers.ETag = Tag;
                await Write(context, DecisionOf(long.Parse(id, CultureInfo.InvariantCulture)), ApiJson.Default.DecisionBody);
                break;
            case ("PUT", ["rules", var id]):
                await ReplaceAsync(context, long.Parse(id, CultureInfo.InvariantCulture), body);
                break;
            case ("DELETE", [_, var id]):
                Lifted[long.Parse(id, CultureInfo.InvariantCulture)] = true;
                context.Response.StatusCode = 204;
                break;
            case (_, ["sources", var address]):
                await Write(context, SourceOf(address), SourceJson.Default.SourceBody);
                break;
            default:
                string parameters = KnowsDryRun ? """[{"name":"dryRun","in":"query"}]""" : "[]";
                string operation = "{\"post\":{\"parameters\":" + parameters + "}}";
                await context.Response.WriteAsync("{\"paths\":{\"/api/v1/decisions\":" + operation + ",\"/api/v1/rules\":" + operation + "}}");
                break;
        }
    }

    private SourceBody SourceOf(string address)
    {
        DecisionBody decision = DecisionOf(Decisions) with { Scope = address };
        return new SourceBody(
            address,
            "drop",
            $"{address} is dropped by decision {decision.Id} (automatic): port-scan.",
            address.StartsWith("127.", StringComparison.Ordinal) ? new GuardBody("127.0.0.0/8", "loopback", true) : null,
            decision,
            [decision],
            [new KernelEntryBody(address, "drop", decision.Id, decision.Expiry, 4711, Noon)],
            decision.Evidence,
            null,
            null,
            []);
    }

    private Task ReplaceAsync(HttpContext context, long id, string body)
    {
        if (!string.Equals(context.Request.Headers.IfMatch, Tag, StringComparison.Ordinal))
        {
            return Refuse(context, 412, "The rule has changed since it was read.");
        }

        DecisionInput input = JsonSerializer.Deserialize(body, DecisionJson.Default.DecisionInput)!;
        Special[id] = DecisionOf(id) with { Verdict = input.Verdict!, Comment = input.Comment };
        return Write(context, Special[id], ApiJson.Default.DecisionBody);
    }

    private Task ListAsync(HttpContext context)
    {
        long before = long.TryParse(context.Request.Query["cursor"], CultureInfo.InvariantCulture, out long cursor) ? cursor : Decisions + 1;
        int limit = int.Parse(context.Request.Query["limit"]!, CultureInfo.InvariantCulture);
        List<DecisionBody> items = [];
        long id = before - 1;
        for (; id > 0 && items.Count < limit; id--)
        {
            if (!Lifted.ContainsKey(id))
            {
                items.Add(DecisionOf(id));
            }
        }

        return Write(context, new DecisionList(items, id > 0 ? (id + 1).ToString(CultureInfo.InvariantCulture) : null), DecisionJson.Default.DecisionList);
    }

    private async Task StreamAsync(HttpContext context)
    {
        Channel<string> stream = Channel.CreateUnbounded<string>();
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(": connected\n\n");
        await context.Response.Body.FlushAsync();
        _streams[stream] = true;
        try
        {
            await foreach (string text in stream.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text));
                await context.Response.Body.FlushAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The console went away.
        }
        finally
        {
            _streams.TryRemove(stream, out _);
        }
    }
}
