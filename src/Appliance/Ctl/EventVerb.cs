using System.Text.Json;
using System.Text.Json.Nodes;
using Blackwall.Client;
using Blackwall.Client.Events;

namespace Blackwall.Ctl;

/// <summary>The verb "events": what happens, as it happens.</summary>
internal static class EventVerb
{
    /// <exception cref="CtlException">The stream ended before as many came as were asked for.</exception>
    public static async Task FollowAsync(CtlLine line, ApplianceClient api, TextWriter output, CancellationToken cancellation)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        int seen = 0;
        Failure ended = await api.FollowAsync(
            null,
            () => { },
            async (item, _) =>
            {
                if (enough.IsCancellationRequested)
                {
                    return;
                }

                output.WriteLine(line.Json ? Raw(item) : Table.Plain(Sentence(item)));
                await output.FlushAsync(CancellationToken.None);
                if (++seen == line.Count)
                {
                    await enough.CancelAsync();
                }
            },
            enough.Token);
        if (seen != line.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            throw CtlClient.Failed(ended);
        }
    }

    private static string Raw(StreamItem item) => new JsonObject { ["id"] = item.Id, ["event"] = item.Kind, ["data"] = JsonNode.Parse(item.Data) }.ToJsonString();

    private static string Sentence(StreamItem item)
    {
        try
        {
            switch (item.Kind)
            {
                case "decision" or "lifted" when JsonSerializer.Deserialize(item.Data, ClientJson.Default.DecisionEvent) is { Decision: { } decision } change:
                    return $"{CtlViews.Time(change.Time, "-")}  {change.Change} by {change.By}: {decision.Verdict} {decision.Scope} ({decision.Origin}, {decision.Reason}, decision {CtlViews.Text(decision.Id)})";
                case "evidence" when JsonSerializer.Deserialize(item.Data, ClientJson.Default.Evidence) is { } piece:
                    return $"{CtlViews.Time(piece.Seen, "-")}  evidence: {piece.Source} {piece.Kind}, {piece.Detail} [{piece.Class}]";
                case "status" when JsonSerializer.Deserialize(item.Data, ClientJson.Default.Wall) is { } wall:
                    return $"wall: {wall.Mode}, policy {CtlViews.Text(wall.Generation)}{(wall.Fault is { } fault ? $", {fault}" : "")}";
                case "gap":
                    return "gap: some events were missed";
                default:
                    return $"{item.Kind}: {item.Data}";
            }
        }
        catch (JsonException)
        {
            return $"{item.Kind}: {item.Data}";
        }
    }
}
