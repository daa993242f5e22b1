using Blackwall.Cli.Connection;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client.Decisions;

namespace Blackwall.Cli.Decisions;

/// <summary>Decisions as an operator reads them.</summary>
internal static class DecisionViews
{
    public static Table Table(IReadOnlyList<Decision> decisions, DateTimeOffset now)
    {
        Table table = new("ID", "SCOPE", "VERDICT", "ORIGIN", "OWNER", "REASON", "BY", "UNTIL", "ACTS", "COMMENT");
        foreach (Decision decision in decisions)
        {
            table.Add(
                ApiCall.Number(decision.Id),
                decision.Scope,
                decision.Verdict,
                decision.Origin,
                decision.Owner ?? "",
                decision.Reason,
                decision.Actor,
                Moment.Until(decision.Expiry, now),
                Acts(decision),
                decision.Comment ?? "");
        }

        return table;
    }

    public static Table Table(IReadOnlyList<Claim> claims, DateTimeOffset now)
    {
        Table table = new("", "ID", "SCOPE", "VERDICT", "ORIGIN", "OWNER", "UNTIL");
        foreach (Claim claim in claims)
        {
            table.Add(claim.Wins ? "wins" : "", ApiCall.Number(claim.Id), claim.Scope, claim.Verdict, claim.Origin, claim.Owner, Moment.Until(claim.Expiry, now));
        }

        return table;
    }

    /// <summary>What was decided, in a sentence.</summary>
    public static string Sentence(Decision decision) =>
        $"{decision.Verdict} {decision.Scope} until {Moment.Text(decision.Expiry, "it is lifted")}, decision {ApiCall.Number(decision.Id)}. {(decision.OverruledBy is { } stronger ? $"It is overridden by {stronger}." : decision.Enforced ? "The wall acts on it." : "The wall does not act on it now.")}";

    private static string Acts(Decision decision) => decision.OverruledBy is { } stronger ? $"no, overridden by {stronger}" : decision.Enforced ? "yes" : "no";
}
