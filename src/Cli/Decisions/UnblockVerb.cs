using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Cli.Words;
using Blackwall.Client;
using Blackwall.Client.Decisions;

namespace Blackwall.Cli.Decisions;

/// <summary>
/// "unblock": lifts what stands against an address. What detection, a model or the mesh decided goes whatever its scope; what an operator or
/// a list said goes only where it names exactly this scope, for a rule over a network is about others too.
/// </summary>
internal sealed class UnblockVerb : ApiVerb
{
    // Lifting what wins may bring what it overruled into force; a scope has few owners.
    private const int MostRounds = 20;

    private readonly Argument<string[]> _scopes = Arg.Texts("ADDRESS", "address or prefix");
    private readonly Option<long?> _allow = Opt.Duration("--allow-for", "also let it in for this time, whatever else is decided");

    public UnblockVerb(Shell shell)
        : base(shell, "unblock", "lift what stands against an address, and say what still does", VerbGroup.Decide)
    {
        Arguments.Add(_scopes);
        Options.Add(_allow);
    }

    public override IReadOnlyList<string> More =>
    [
        "Automatic decisions that contain the address are lifted, and rules and list entries for exactly this scope. A rule over a wider network stands and is named.",
    ];

    protected override Task RunAsync(ApiCall call) => EachScope.DoAsync(call, call.Line.GetRequiredValue(_scopes), scope => UnblockAsync(call, scope));

    private async Task UnblockAsync(ApiCall call, string scope)
    {
        List<Decision> lifted = [];
        Dictionary<long, string> refused = [];
        List<Decision> standing = await AgainstAsync(call, scope);
        for (int round = 0; round < MostRounds && standing.Any(decision => !refused.ContainsKey(decision.Id) && IsMeant(decision, scope)); round++)
        {
            foreach (Decision decision in standing.Where(decision => !refused.ContainsKey(decision.Id) && IsMeant(decision, scope)))
            {
                Answer<Nothing> answer = await call.Api.Decisions.LiftAsync(decision.Id, call.Cancellation);
                switch (answer.Failure)
                {
                    case null:
                        lifted.Add(decision);
                        break;
                    case { Kind: FailureKind.Refused } failure:
                        refused[decision.Id] = failure.Sentence;
                        break;
                    case { Kind: FailureKind.NotFound }:
                        break;
                    case { } failure:
                        throw ApiAnswers.Failed(failure);
                }
            }

            standing = await AgainstAsync(call, scope);
        }

        Decision? allowed = call.Line.GetValue(_allow) is { } seconds
            ? (await call.Api.Decisions.AddRuleAsync(new RuleDraft(scope, "pass", seconds), call.Cancellation).Must()).Value
            : null;
        if (call.Json)
        {
            call.Output.WriteLine(Json(scope, lifted, standing, allowed));
            return;
        }

        Tell(call, scope, lifted, standing, refused, allowed);
    }

    // Of every scope that contains it, the decisions that are no pass.
    private static async Task<List<Decision>> AgainstAsync(ApiCall call, string scope) =>
        [.. (await AllDecisions.ListAsync(call, $"contains={Uri.EscapeDataString(scope)}")).Where(decision => decision.Verdict is not "pass")];

    private static bool IsMeant(Decision decision, string scope) =>
        decision.Origin is "local" or "model" or "mesh" || ScopeText.Same(decision.Scope, scope);

    private static void Tell(ApiCall call, string scope, List<Decision> lifted, List<Decision> standing, Dictionary<long, string> refused, Decision? allowed)
    {
        foreach (Decision decision in lifted)
        {
            call.Say($"Lifted: {About(decision)}.");
        }

        foreach (Decision decision in standing)
        {
            string why = refused.TryGetValue(decision.Id, out string? sentence) ? sentence
                : $"It is over {decision.Scope}, not {scope} alone; '{call.Again($"lift {ApiCall.Number(decision.Id)}")}' takes it away, '{call.Again($"allow {scope}")}' lets {scope} through it.";
            call.Say($"{(allowed is null ? "Still stands" : "Overridden by the allow")}: {About(decision)}. {why}");
        }

        if (allowed is not null)
        {
            call.Say($"{allowed.Scope} is allowed until {Moment.Text(allowed.Expiry, "it is lifted")}, decision {ApiCall.Number(allowed.Id)}.");
        }
        else if (standing.Count == 0)
        {
            call.Say(lifted.Count == 0 ? $"Nothing stands against {scope}." : $"Nothing stands against {scope} any more.");
        }
    }

    private static string About(Decision decision) =>
        $"{decision.Verdict} {decision.Scope}, decision {ApiCall.Number(decision.Id)} ({(decision.Origin is "operator" ? $"rule of {decision.Actor}" : decision.Origin is "feed" ? $"list {decision.Owner}" : "automatic")}, {decision.Reason})";

    private static string Json(string scope, List<Decision> lifted, List<Decision> standing, Decision? allowed) => new JsonObject
    {
        ["scope"] = scope,
        ["lifted"] = Nodes(lifted),
        ["standing"] = Nodes(standing),
        ["allowed"] = allowed is null ? null : JsonSerializer.SerializeToNode(allowed, ClientJson.Default.Decision),
    }.ToJsonString();

    private static JsonArray Nodes(IEnumerable<Decision> decisions) => [.. decisions.Select(decision => JsonSerializer.SerializeToNode(decision, ClientJson.Default.Decision))];
}
