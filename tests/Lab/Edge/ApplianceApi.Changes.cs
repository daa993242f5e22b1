using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Edge;

/// <content>Changes of the policy.</content>
public sealed partial class ApplianceApi
{
    /// <summary>Proposes a change; the answer of the API, whatever it is.</summary>
    public Task<(int Status, JsonNode Body)> ProposeAsync(JsonObject change, CancellationToken cancellation) => SendAsync(HttpMethod.Post, "changes", change, cancellation);

    /// <summary>Proposes a rule and puts it on trial.</summary>
    /// <returns>The change as it stands.</returns>
    /// <exception cref="ToolFailedException">The API refused.</exception>
    public async Task<JsonNode> TryRuleAsync(string scope, string verdict, int seconds, CancellationToken cancellation)
    {
        JsonObject change = new() { ["rules"] = new JsonArray(new JsonObject { ["scope"] = scope, ["verdict"] = verdict }) };
        var proposed = Must(await ProposeAsync(change, cancellation));
        return await ApplyAsync(proposed["id"]!, seconds, cancellation);
    }

    /// <summary>Puts a proposed change on trial.</summary>
    /// <returns>The change as it stands.</returns>
    /// <exception cref="ToolFailedException">The API refused.</exception>
    public async Task<JsonNode> ApplyAsync(JsonNode id, int seconds, CancellationToken cancellation) =>
        Must(await SendAsync(HttpMethod.Post, $"changes/{id}/apply", new JsonObject { ["confirmWithinSeconds"] = seconds }, cancellation));

    public async Task<JsonNode> ChangeAsync(JsonNode id, CancellationToken cancellation) => Must(await SendAsync(HttpMethod.Get, $"changes/{id}", null, cancellation));

    public Task<(int Status, JsonNode Body)> ConfirmAsync(JsonNode id, CancellationToken cancellation) => SendAsync(HttpMethod.Post, $"changes/{id}/confirm", null, cancellation);

    /// <summary>What the API answers to a read.</summary>
    public async Task<JsonNode> ReadAsync(string path, CancellationToken cancellation) => Must(await SendAsync(HttpMethod.Get, path, null, cancellation));

    /// <summary>The faults that the appliance tells of itself, by part.</summary>
    public async Task<JsonNode> FaultsAsync(CancellationToken cancellation) => (await SendAsync(HttpMethod.Get, "health/ready", null, cancellation)).Body["faults"] ?? new JsonObject();

    private async Task<(int Status, JsonNode Body)> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request, cancellation);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonNode>(cancellation) ?? new JsonObject());
    }

    private static JsonNode Must((int Status, JsonNode Body) answer) =>
        answer.Status < 300 ? answer.Body : throw new ToolFailedException($"The API refused ({answer.Status}): {answer.Body["detail"]}");
}
