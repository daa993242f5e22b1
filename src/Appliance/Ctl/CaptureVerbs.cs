using System.Text.Json.Nodes;

namespace Blackwall.Ctl;

/// <summary>The verbs about captures of packets.</summary>
internal static class CaptureVerbs
{
    public static JsonObject Wanted(CtlLine line)
    {
        JsonObject wanted = new() { ["address"] = line.Subject };
        if (line.CaptureSeconds is { } seconds)
        {
            wanted["seconds"] = seconds;
        }

        return wanted;
    }

    public static void Started(TextWriter output, JsonNode capture) =>
        output.WriteLine(Table.Plain($"Captures {CtlViews.Text(capture["address"])} as capture {CtlViews.Text(capture["id"])} until {CtlViews.Time(capture["until"], "-")}."));

    public static void List(TextWriter output, TextWriter error, JsonNode page)
    {
        Table table = new("ID", "ADDRESS", "CAUSE", "DECISIONS", "STARTED", "ENDED", "PACKETS", "BYTES", "OUTCOME");
        foreach (JsonNode? capture in page["items"]!.AsArray())
        {
            table.Add(
                CtlViews.Text(capture!["id"]),
                CtlViews.Text(capture["address"]),
                CtlViews.Text(capture["cause"]),
                string.Join(' ', (capture["decisions"] as JsonArray ?? []).Select(CtlViews.Text)),
                CtlViews.Time(capture["started"], "-"),
                CtlViews.Time(capture["ended"], "runs"),
                CtlViews.Text(capture["packets"]),
                CtlViews.Text(capture["bytes"]),
                CtlViews.Text(capture["outcome"]));
        }

        CtlViews.Page(output, error, table, page);
    }

    /// <summary>Copies a capture's packets to where the shell sends standard output. A terminal would be left in pieces.</summary>
    public static async Task CopyAsync(CtlLine line, ApiClient api, TextWriter output, CancellationToken cancellation)
    {
        if (ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected)
        {
            throw new CtlException(CtlExit.BadUsage, $"Packets are no text; write them to a file: ./blackwall ctl capture-file {line.Subject} > capture.pcapng");
        }

        await using Stream to = Console.OpenStandardOutput();
        await api.CopyAsync($"captures/{line.Subject}/file", to, cancellation);
    }
}
