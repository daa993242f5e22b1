using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Xunit;

namespace Blackwall.Tests.Contracts;

/// <summary>Every operation of the OpenAPI document is called once as it is meant, and answers what the document says.</summary>
public sealed class OperationTests : IDisposable
{
    private static readonly object Rule = new { scope = "203.0.113.9", verdict = "drop", ttlSeconds = 60 };

    private static readonly object Feed = new { name = "mine", url = "http://127.0.0.1:9/list", action = "drop" };

    private static readonly object Sink = new { name = "new", kind = "webhook", url = "http://127.0.0.1:9/", enabled = false };

    /// <summary>How each operation is called; {rule}, {key}, {change} and {applied} are ids of what is there.</summary>
    private static readonly Dictionary<string, (string Path, Func<HttpContent?> Body, int Status)> Calls = new(StringComparer.Ordinal)
    {
        ["listAudit"] = ("audit?limit=5", None, 200),
        ["exportAudit"] = ("audit/export", None, 200),
        ["verifyAudit"] = ("audit/verify", None, 200),
        ["readConfig"] = ("config", None, 200),
        ["createDecision"] = ("decisions", () => JsonContent.Create(Rule), 201),
        ["listDecisions"] = ("decisions?origin=operator", None, 200),
        ["getDecision"] = ("decisions/{rule}", None, 200),
        ["liftDecision"] = ("decisions/{rule}", None, 204),
        ["checkAddresses"] = ("decisions/check", () => JsonContent.Create(new { addresses = new[] { "203.0.113.9" } }), 200),
        ["streamEvents"] = ("events", None, 200),
        ["listEvents"] = ("events/history?kind=decision", None, 200),
        ["isLive"] = ("health/live", None, 200),
        ["isReady"] = ("health/ready", None, 200),
        ["listKeys"] = ("keys", None, 200),
        ["createKey"] = ("keys", () => JsonContent.Create(new { name = "new", role = "viewer" }), 201),
        ["getCurrentKey"] = ("keys/current", None, 200),
        ["getKey"] = ("keys/{key}", None, 200),
        ["deleteKey"] = ("keys/{key}", None, 204),
        ["rotateKey"] = ("keys/{key}/rotate", None, 200),
        ["listRules"] = ("rules", None, 200),
        ["createRule"] = ("rules", () => JsonContent.Create(Rule), 201),
        ["getRule"] = ("rules/{rule}", None, 200),
        ["replaceRule"] = ("rules/{rule}", () => JsonContent.Create(Rule), 200),
        ["removeRule"] = ("rules/{rule}", None, 204),
        ["importRules"] = ("rules/import", () => new StringContent("203.0.113.77\n"), 200),
        ["listSources"] = ("sources?limit=3", None, 200),
        ["readSource"] = ("sources/203.0.113.9", None, 200),
        ["listCaptures"] = ("captures?limit=5", None, 200),
        ["startCapture"] = ("captures", () => JsonContent.Create(new { address = "198.51.100.4", seconds = 5 }), 201),
        ["getCapture"] = ("captures/{capture}", None, 200),
        ["deleteCapture"] = ("captures/{capture}", None, 204),
        ["readCapture"] = ("captures/{capture}/file", None, 200),
        ["readCaptureOfDecision"] = ("decisions/4711/capture", None, 404),

        // Nobody was in the tarpit; SessionTests has the rest.
        ["listSessions"] = ("sessions?limit=5", None, 200),
        ["getSession"] = ("sessions/0123456789ab", None, 404),
        ["deleteSession"] = ("sessions/0123456789ab", None, 404),
        ["listSessionEvents"] = ("sessions/0123456789ab/events", None, 404),
        ["readSessionTerminal"] = ("sessions/0123456789ab/terminal", None, 404),
        ["readSessionFile"] = ("sessions/0123456789ab/files/00", None, 404),

        // Nothing detects here, and that is what it says; FalsePositiveApiTests has the rest.
        ["markFalsePositive"] = ("sources/203.0.113.9/false-positive", () => JsonContent.Create(new { kinds = new[] { "port-scan" } }), 409),
        ["listChanges"] = ("changes", None, 200),
        ["proposeChange"] = ("changes", () => JsonContent.Create(new { rules = new[] { Rule } }), 201),
        ["getChange"] = ("changes/{change}", None, 200),
        ["applyChange"] = ("changes/{change}/apply", () => JsonContent.Create(new { confirmWithinSeconds = 60 }), 200),
        ["confirmChange"] = ("changes/{applied}/confirm", None, 200),
        ["endChange"] = ("changes/{change}", None, 200),
        ["listDpiRules"] = ("dpi/rules", None, 200),
        ["listFingerprints"] = ("fingerprints?limit=3", None, 200),
        ["getFingerprint"] = ("fingerprints/ssh-banner/SSH-2.0-libssh_*", None, 200),
        ["putFingerprint"] = ("fingerprints/ssh-banner/SSH-2.0-libssh_*", () => JsonContent.Create(new { label = "l", category = "tool", confidence = 1, source = "s" }), 200),
        ["removeFingerprint"] = ("fingerprints/ssh-banner/SSH-2.0-libssh_*", None, 204),
        ["exportFingerprints"] = ("fingerprints/export", None, 200),
        ["importFingerprints"] = ("fingerprints/import", () => new StringContent("kind,value,label,category,confidence,source\nja4,t13z*,l,tool,1,s\n", System.Text.Encoding.UTF8, "text/csv"), 200),
        ["readStixFeed"] = ("feed/stix?limit=3", None, 200),
        ["readMispManifest"] = ("misp/manifest.json", None, 200),
        ["readMispEvent"] = ("misp/00000000-0000-0000-0000-000000000000.json", None, 404),
        ["getLicense"] = ("license", None, 200),
        ["putLicense"] = ("license", () => new StringContent("x.y"), 422),
        ["exportBlocks"] = ("exports/nftables", None, 200),
        ["readFeed"] = ("feed/cef?limit=2", None, 200),
        ["listFeeds"] = ("feeds", None, 200),
        ["createFeed"] = ("feeds", () => JsonContent.Create(Feed), 201),
        ["getFeed"] = ("feeds/{feed}", None, 200),
        ["replaceFeed"] = ("feeds/{feed}", () => JsonContent.Create(new { url = "http://127.0.0.1:9/other", format = "csv" }), 200),
        ["deleteFeed"] = ("feeds/{feed}", None, 204),
        ["refreshFeed"] = ("feeds/{feed}/refresh", None, 200),
        ["listFeedRuns"] = ("feeds/{feed}/runs", None, 200),
        ["readFeedImpact"] = ("feeds/{feed}/impact", None, 200),
        ["listSinks"] = ("sinks", None, 200),
        ["createSink"] = ("sinks", () => JsonContent.Create(Sink), 201),
        ["getSink"] = ("sinks/{sink}", None, 200),
        ["replaceSink"] = ("sinks/{sink}", () => JsonContent.Create(new { kind = "lines", url = "tcp://127.0.0.1:9", enabled = false }), 200),
        ["deleteSink"] = ("sinks/{sink}", None, 204),
        ["testSink"] = ("sinks/{sink}/test", None, 200),
        ["readModel"] = ("model", None, 200),
        ["listOpinions"] = ("model/opinions", None, 200),
        ["listModelExchanges"] = ("model/exchanges", None, 200),
        ["listRefusedEvents"] = ("sinks/{sink}/refused", None, 200),
        ["deleteRefusedEvents"] = ("sinks/{sink}/refused", None, 204),
        ["retryRefusedEvents"] = ("sinks/{sink}/refused/retry", None, 200),
        ["listNotificationChannels"] = ("notifications", None, 200),
        ["testNotifications"] = ("notifications/test", None, 200),
        ["reloadConfig"] = ("config/reload", None, 200),

        // The mesh is off here; MeshApiTests has the rest.
        ["readMesh"] = ("mesh", None, 200),
        ["listMeshPeers"] = ("mesh/peers", None, 200),
        ["banMeshPeer"] = ("mesh/peers/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA/ban", None, 409),
        ["unbanMeshPeer"] = ("mesh/peers/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA/ban", None, 409),
        ["listMeshReports"] = ("mesh/reports?limit=5", None, 200),
        ["listMeshIndicators"] = ("mesh/indicators?limit=5", None, 200),
        ["readMeshIndicator"] = ("mesh/indicators/ipv4/1.2.3.4", None, 409),
        ["refuteMeshIndicator"] = ("mesh/indicators/ipv4/1.2.3.4/refutation", None, 409),
        ["readStats"] = ("stats", None, 200),
        ["readMetrics"] = ("/metrics", None, 200),
    };

    private readonly RunningAppliance _appliance = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task Every_operation_answers_what_the_document_says()
    {
        OpenApiDocument document = await _appliance.DocumentAsync();
        using HttpClient client = _appliance.Operator();
        client.BaseAddress = new Uri(client.BaseAddress!, "/api/v1/");
        var operations = document.Paths.SelectMany(path => path.Value.Operations!).ToDictionary(pair => pair.Value.OperationId!, StringComparer.Ordinal);
        Assert.Equal([], operations.Keys.Except(Calls.Keys, StringComparer.Ordinal));
        foreach ((string name, (HttpMethod method, OpenApiOperation operation)) in operations)
        {
            (string path, Func<HttpContent?> body, int status) = Calls[name];
            JsonNode rule = (await (await client.PostAsJsonAsync("rules", new { scope = "203.0.113.9", verdict = "redirect" }, Cancellation)).Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
            JsonNode key = (await (await client.PostAsJsonAsync("keys", new { name = $"for-{name.ToLowerInvariant()}", role = "viewer" }, Cancellation)).Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
            if (path.Contains("{change}", StringComparison.Ordinal) || path.Contains("{applied}", StringComparison.Ordinal))
            {
                path = await WithChangeAsync(client, path);
            }

            if (path.Contains("{capture}", StringComparison.Ordinal))
            {
                JsonNode capture = (await (await client.PostAsJsonAsync("captures", new { address = "203.0.113.9" }, Cancellation)).Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
                path = path.Replace("{capture}", $"{capture["id"]}", StringComparison.Ordinal);
            }

            if (path.Contains("{sink}", StringComparison.Ordinal))
            {
                await client.PostAsJsonAsync("sinks", new { name = "there", kind = "webhook", url = "http://127.0.0.1:9/", enabled = false }, Cancellation);
                path = path.Replace("{sink}", "there", StringComparison.Ordinal);
            }

            if (path.Contains("{feed}", StringComparison.Ordinal))
            {
                await client.PostAsJsonAsync("feeds", new { name = "there", url = "http://127.0.0.1:9/list" }, Cancellation);
                path = path.Replace("{feed}", "there", StringComparison.Ordinal);
            }

            using HttpRequestMessage request = new(method, path.Replace("{rule}", $"{rule["id"]}", StringComparison.Ordinal).Replace("{key}", $"{key["key"]!["id"]}", StringComparison.Ordinal)) { Content = body() };
            request.Headers.TryAddWithoutValidation("If-Match", "*");
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.True((int)response.StatusCode == status, $"{name} was answered {(int)response.StatusCode}");
            IOpenApiResponse told = operation.Responses![$"{status}"];
            if (told.Content is not { Count: > 0 } content)
            {
                continue;
            }

            Assert.Contains(response.Content.Headers.ContentType!.MediaType!, content.Keys);
            if (content.TryGetValue("application/json", out IOpenApiMediaType? json))
            {
                Fits(name, (await response.Content.ReadFromJsonAsync<JsonNode>(Cancellation))!, json.Schema!);
            }
        }
    }

    private static async Task<string> WithChangeAsync(HttpClient client, string path)
    {
        // One change at a time.
        foreach (JsonNode? open in (await client.GetFromJsonAsync<JsonNode>("changes", Cancellation))!["items"]!.AsArray().Where(item => (string?)item!["state"] is "shadow" or "trial"))
        {
            (await client.DeleteAsync($"changes/{open!["id"]}", Cancellation)).EnsureSuccessStatusCode();
        }

        JsonNode change = (await (await client.PostAsJsonAsync("changes", new { rules = new[] { Rule } }, Cancellation)).Content.ReadFromJsonAsync<JsonNode>(Cancellation))!;
        if (path.Contains("{applied}", StringComparison.Ordinal))
        {
            (await client.PostAsJsonAsync($"changes/{change["id"]}/apply", new { confirmWithinSeconds = 60 }, Cancellation)).EnsureSuccessStatusCode();
        }

        return path.Replace("{change}", $"{change["id"]}", StringComparison.Ordinal).Replace("{applied}", $"{change["id"]}", StringComparison.Ordinal);
    }

    /// <summary>What is needed is there, what is there is known, and a word is one of its list.</summary>
    private static void Fits(string place, JsonNode? value, IOpenApiSchema schema)
    {
        switch (value)
        {
            case not null when schema.OneOf is [{ } meant, ..]:
                Fits(place, value, meant);
                break;
            case JsonObject body when schema.Properties is { Count: > 0 } known:
                Assert.True(schema.Required?.All(body.ContainsKey) ?? true, $"{place} lacks something of {string.Join(", ", schema.Required ?? new HashSet<string>())}");
                foreach ((string name, JsonNode? member) in body)
                {
                    Assert.True(known.TryGetValue(name, out IOpenApiSchema? inner), $"{place}.{name} is not in the document");
                    Fits($"{place}.{name}", member, inner!);
                }

                break;
            case JsonArray list when schema.Items is { } item:
                foreach (JsonNode? element in list)
                {
                    Fits($"{place}[]", element, item);
                }

                break;
            case JsonValue when schema.Enum is { Count: > 0 } words:
                Assert.True(words.Any(word => JsonNode.DeepEquals(word, value)), $"{place} is {value}, which is not in its list");
                break;
            case null:
                Assert.True(schema.OneOf is not null || schema.Type is null || schema.Type.Value.HasFlag(JsonSchemaType.Null), $"{place} is null");
                break;
        }
    }

    private static HttpContent? None() => null;
}
