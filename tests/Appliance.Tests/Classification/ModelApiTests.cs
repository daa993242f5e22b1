using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Lab.Servers;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Api;
using Blackwall.Tests.Behavior;
using Xunit;

namespace Blackwall.Tests.Classification;

/// <summary>From evidence to what an operator sees, through the whole appliance.</summary>
[Collection(MemoryCollection.Name)]
public sealed class ModelApiTests : IAsyncDisposable
{
    private const string Scanner = "203.0.113.9";

    private readonly Traffic _traffic = new();
    private readonly ModelServer _server = new();
    private ApplianceFactory? _appliance;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_appliance is not null)
        {
            await _appliance.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    private HttpClient Start(string mode)
    {
        for (int port = 1; port <= 30; port++)
        {
            _traffic.Wait(0.01).Open(Scanner, port);
        }

        _appliance = new ApplianceFactory($"[ai]\nmode = \"{mode}\"\nendpoint = \"{_server.Endpoint}\"\nbatch_seconds = 0\nbreaker_seconds = 3600\ntimeout_seconds = 2\n") { Insight = _traffic.Stage };
        HttpClient client = _appliance.Operator("198.51.100.77");
        foreach (Evidence evidence in _traffic.Recorded)
        {
            _appliance.Board.Witness(evidence);
        }

        foreach (DecisionRequest request in _traffic.Decisions)
        {
            _appliance.Board.Publish(request);
        }

        return client;
    }

    private static Task<JsonNode?> Read(HttpClient client, string path) => client.GetFromJsonAsync<JsonNode>(path, Cancellation);

    private static async Task<JsonNode> Wait(HttpClient client, string path, Predicate<JsonNode> isRight)
    {
        for (JsonNode? read = await Read(client, path); ; read = await Read(client, path))
        {
            if (read is not null && isRight(read))
            {
                return read;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System, Cancellation);
        }
    }

    [Fact]
    public async Task What_a_model_thinks_and_on_which_numbers_is_shown_with_the_source()
    {
        using HttpClient client = Start("advise");
        JsonNode source = await Wait(client, $"sources/{Scanner}", s => s["opinions"]!.AsArray().Count > 0);
        JsonNode opinion = source["opinions"]![0]!;
        Assert.Equal(("qwen3:1.7b", "scan", 95, "limited", 1L), ((string?)opinion["model"], (string?)opinion["category"], (int)opinion["percent"]!, (string?)opinion["effect"], (long)opinion["exchange"]!));
        Assert.Equal(30, (int)opinion["numbers"]!["networkPortsInVain"]!);
        Assert.Contains(source["claims"]!.AsArray(), claim => (string?)claim!["origin"] is "model" && (string?)claim["verdict"] is "rate-limit");

        JsonNode listed = (await Read(client, "model/opinions"))!["items"]![0]!;
        Assert.Equal((Scanner, "scan", false), ((string?)listed["source"], (string?)listed["category"], (bool)listed["cached"]!));
        JsonNode exchange = (await Read(client, "model/exchanges"))!["items"]!.AsArray().Last()!;
        Assert.Equal(("answered", 1, 120, 30), ((string?)exchange["outcome"], (int)exchange["sources"]!, (int)exchange["promptTokens"]!, (int)exchange["answerTokens"]!));
        Assert.Contains("\"networkPortsInVain\":30", (string?)exchange["question"], StringComparison.Ordinal);
        Assert.DoesNotContain(Scanner, (string?)exchange["question"], StringComparison.Ordinal);
        JsonNode status = (await Read(client, "model"))!;
        Assert.Equal(("advise", "ready", false), ((string?)status["mode"], (string?)status["state"], (bool)status["embedded"]!));
        Assert.Null(status["lastFailure"]);
        Assert.NotEmpty((await Read(client, "events/history?kind=opinion"))!["items"]!.AsArray());
    }

    [Fact]
    public async Task A_server_that_fails_is_a_fault_of_health_and_of_nothing_else()
    {
        _server.Fault = ModelFault.Page;
        using HttpClient client = Start("advise");
        JsonNode status = await Wait(client, "model", s => (string?)s["state"] is "paused");
        Assert.Equal("its answer is not marked as JSON", (string?)status["lastFailure"]);
        JsonNode health = (await Wait(client, "health/ready", h => $"{h}".Contains("model server", StringComparison.Ordinal)))!;
        Assert.Contains("not marked as JSON", $"{health}", StringComparison.Ordinal);
        JsonNode source = (await Read(client, $"sources/{Scanner}"))!;
        Assert.Empty(source["opinions"]!.AsArray());
        Assert.Equal("rate-limit", (string?)source["verdict"]);
        Assert.DoesNotContain(source["claims"]!.AsArray(), claim => (string?)claim!["origin"] is "model");
    }
}
