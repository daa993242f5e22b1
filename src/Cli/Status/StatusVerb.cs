using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Blackwall.Cli.Changes;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Client;
using Blackwall.Client.Changes;
using Blackwall.Client.Status;

namespace Blackwall.Cli.Status;

/// <summary>"status": what the wall is, whether all is well, what is decided and counted.</summary>
internal sealed class StatusVerb : ApiVerb
{
    private readonly Option<bool> _quiet = Opt.Flag("--quiet", "print nothing; the exit code is 0 when the appliance is ready, else 1");

    public StatusVerb(Shell shell)
        : base(shell, "status", "what the wall is, whether all is well, what is decided and counted", VerbGroup.Look) => Options.Add(_quiet);

    protected override async Task RunAsync(ApiCall call)
    {
        Answer<Client.Status.Health> health = await call.Api.Status.HealthAsync(call.Cancellation).Must();
        if (call.Line.GetValue(_quiet))
        {
            HealthVerb.MustBeReady(health.Value!);
            return;
        }

        Answer<Stats> stats = await call.Api.Status.StatsAsync(call.Cancellation).Must();
        Answer<Change> trial = await ChangeTrialRun.OnTrialAsync(call);
        if (!call.Json)
        {
            StatusViews.Status(call, health.Value!, stats.Value!, trial.Value);
            return;
        }

        JsonNode counted = JsonNode.Parse(stats.Json.Span)!;
        JsonObject all = new()
        {
            ["health"] = JsonNode.Parse(health.Json.Span),
            ["wall"] = counted["wall"]?.DeepClone(),
            ["walls"] = counted["walls"]?.DeepClone(),
            ["trial"] = trial.Value is { } change ? JsonSerializer.SerializeToNode(change, ClientJson.Default.Change) : null,
        };
        call.Output.WriteLine(all.ToJsonString());
    }
}
