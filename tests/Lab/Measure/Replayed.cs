using System.Globalization;
using System.Net;
using System.Text.Json;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Measure;

/// <summary>What <c>./blackwall replay --json</c> tells of a capture.</summary>
/// <param name="Evidence">Who, what, its class, when in the capture's time, and the sentence.</param>
/// <param name="Decisions">Scope, verdict and time.</param>
/// <param name="Clients">Who sent a hello, and its JA4.</param>
public sealed record Replayed(
    IReadOnlyList<(IPAddress Source, string Kind, string Class, DateTimeOffset Seen, string Detail)> Evidence,
    IReadOnlyList<(string Scope, string Verdict, DateTimeOffset Time)> Decisions,
    IReadOnlyList<(IPAddress Source, string Ja4)> Clients)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    /// <param name="where">Any namespace; nothing of the replay touches its network.</param>
    /// <exception cref="ToolFailedException">The replay failed.</exception>
    public static async Task<Replayed> OfAsync(NetNamespace where, string file, IReadOnlyList<IPAddress> inside, CancellationToken cancellation)
    {
        var command = new List<string> { "dotnet", AppliancePlace.Find(), "replay", file, "--json" };
        foreach (var address in inside)
        {
            command.AddRange(["--local", address.ToString()]);
        }

        var replay = await where.TryAsync(command, s_limit, cancellation);
        if (!replay.Succeeded)
        {
            throw new ToolFailedException($"The replay failed ({replay.ExitCode}): {replay.Errors.Trim()}");
        }

        var told = new Replayed(new List<(IPAddress, string, string, DateTimeOffset, string)>(), new List<(string, string, DateTimeOffset)>(), new List<(IPAddress, string)>());
        foreach (var line in replay.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var document = JsonDocument.Parse(line);
            told = told.With(document.RootElement);
        }

        return told;
    }

    private static string Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static DateTimeOffset Time(JsonElement line, string name) => DateTimeOffset.Parse(Text(line, name), CultureInfo.InvariantCulture);

    private Replayed With(JsonElement line) => Text(line, "type") switch
    {
        "evidence" => this with { Evidence = [.. Evidence, (IPAddress.Parse(Text(line, "source")), Text(line, "kind"), Text(line, "class"), Time(line, "time"), Text(line, "detail"))] },
        "decision" => this with { Decisions = [.. Decisions, (Text(line.GetProperty("decision"), "scope"), Text(line.GetProperty("decision"), "verdict"), Time(line, "time"))] },
        "tls_client" => this with { Clients = [.. Clients, (IPAddress.Parse(Text(line, "src")), Text(line, "ja4"))] },
        _ => this,
    };
}
