using System.Text.Json.Nodes;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Edge;

/// <content>Captures of packets.</content>
public sealed partial class ApplianceApi
{
    /// <summary>Asks for a capture; the answer of the API, whatever it is.</summary>
    public Task<(int Status, JsonNode Body)> CaptureAsync(string address, int seconds, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Post, "captures", new JsonObject { ["address"] = address, ["seconds"] = seconds }, cancellation);

    /// <summary>A capture that must begin.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="ToolFailedException">The API refused.</exception>
    public async Task<long> MustCaptureAsync(string address, int seconds, CancellationToken cancellation) =>
        (long)Must(await CaptureAsync(address, seconds, cancellation))["id"]!;

    public async Task<JsonNode> CaptureOfAsync(long id, CancellationToken cancellation) => Must(await SendAsync(HttpMethod.Get, $"captures/{id}", null, cancellation));

    /// <summary>Downloads the packets of a capture.</summary>
    public Task<bool> DownloadCaptureAsync(long id, string file, CancellationToken cancellation) => DownloadAsync($"captures/{id}/file", file, cancellation);

    /// <summary>Downloads the packets around a decision. False: it has no capture.</summary>
    public Task<bool> DownloadCaptureOfDecisionAsync(long decision, string file, CancellationToken cancellation) =>
        DownloadAsync($"decisions/{decision}/capture", file, cancellation);

    private async Task<bool> DownloadAsync(string path, string file, CancellationToken cancellation)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            return false;
        }

        await using var to = File.Create(file);
        await answer.Content.CopyToAsync(to, cancellation);
        return true;
    }
}
