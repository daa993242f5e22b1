using System.Text.Json;
using System.Text.Json.Nodes;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Words;
using Blackwall.Client;
using Blackwall.Client.Events;

namespace Blackwall.Cli.Events;

/// <summary>Prints events, one a line, as they happen.</summary>
internal static class EventFollower
{
    /// <param name="call">The verb.</param>
    /// <param name="wanted">Which to print.</param>
    /// <param name="count">After how many to end; null: when the operator ends it.</param>
    /// <exception cref="CliException">The stream ended before as many came as were asked for.</exception>
    public static async Task FollowAsync(ApiCall call, Func<StreamItem, bool> wanted, int? count)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation);
        int seen = 0;
        Failure ended = await call.Api.FollowAsync(
            null,
            () => { },
            async (item, _) =>
            {
                if (enough.IsCancellationRequested || !wanted(item))
                {
                    return;
                }

                call.Output.WriteLine(call.Json ? Raw(item) : PlainText.Clean(Sentence(item)));
                await call.Output.FlushAsync(CancellationToken.None);
                if (++seen == count)
                {
                    await enough.CancelAsync();
                }
            },
            enough.Token);
        if (seen != count)
        {
            call.Cancellation.ThrowIfCancellationRequested();
            throw ApiAnswers.Failed(ended);
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
                    return $"{Moment.Text(change.Time, "-")}  {change.Change} by {change.By}: {decision.Verdict} {decision.Scope} ({decision.Origin}, {decision.Reason}, decision {ApiCall.Number(decision.Id)})";
                case "evidence" when JsonSerializer.Deserialize(item.Data, ClientJson.Default.Evidence) is { } piece:
                    return $"{Moment.Text(piece.Seen, "-")}  evidence: {piece.Source} {piece.Kind}, {piece.Detail} [{piece.Class}]";
                case "status" when JsonSerializer.Deserialize(item.Data, ClientJson.Default.Wall) is { } wall:
                    return $"wall: {wall.Mode}, policy {ApiCall.Number(wall.Generation)}{(wall.Fault is { } fault ? $", {fault}" : "")}";
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
