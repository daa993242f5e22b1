using System.Globalization;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Words;
using Blackwall.Client.Changes;

namespace Blackwall.Cli.Changes;

/// <summary>Changes as an operator reads them.</summary>
internal static class ChangeViews
{
    private const int Most = 10;

    public static void List(ApiCall call, IReadOnlyList<Change> changes)
    {
        foreach (Change change in changes)
        {
            call.Say(Sentence(change, call.Now));
            if (change.State is not "shadow")
            {
                continue;
            }

            foreach (ChangeRule rule in change.Rules.Take(Most))
            {
                call.Say($"    {rule.Verdict} {rule.Scope}: {Packets(rule.Met ?? 0)}");
            }

            foreach (ChangeSource source in change.Sources.Take(Most))
            {
                call.Say($"    from {source.Address} ({source.Verdict} by {source.Scope})");
            }
        }

        if (changes.Count == 0)
        {
            call.Say("No changes.");
        }
    }

    /// <summary>What a change does and how it stands.</summary>
    public static string Sentence(Change change, DateTimeOffset now)
    {
        List<string> parts = [];
        if (change.Mode is { } mode)
        {
            parts.Add($"mode {mode}");
        }

        if (change.RuleCount > 0)
        {
            parts.Add(change is { RuleCount: 1, Rules: [{ } first, ..] } ? $"{first.Verdict} {first.Scope}" : string.Create(CultureInfo.InvariantCulture, $"{change.RuleCount} rules"));
        }

        if (change.RemoveCount > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{change.RemoveCount} rules removed"));
        }

        string state = change.State switch
        {
            "shadow" => $"is counted, decides nothing{(change.WouldDrop is { } met ? met == 0 ? "; no packets matched" : $"; would have dropped {ApiCall.Number(met)} packets" : "")}",
            "trial" => $"on trial; reverts at {(change.Deadline is { } end ? Moment.Short(end, now) : "-")} unless confirmed",
            "confirmed" => "is confirmed and stays",
            { } other => $"is {other}. {change.Outcome}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"Change {change.Id} ({string.Join(", ", parts)}): {state}");
    }

    private static string Packets(long met) => met == 0 ? "no packets matched" : $"{ApiCall.Number(met)} packets so far";
}
