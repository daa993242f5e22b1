using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Blackwall.Client;
using Blackwall.Client.Auditing;
using Blackwall.Client.Captures;
using Blackwall.Client.Changes;
using Blackwall.Client.Decisions;
using Blackwall.Client.Status;

namespace Blackwall.Ctl;

/// <summary>The verb "ctl": what an operator does every day, over the API.</summary>
public static class CtlTool
{
    /// <summary>Runs one command; returns the exit code that its usage text explains.</summary>
    /// <param name="arguments">What follows "ctl".</param>
    /// <param name="output">For the answer.</param>
    /// <param name="error">For what went wrong.</param>
    /// <param name="input">A person who can be asked; null: there is none.</param>
    /// <param name="cancellation">Ends "events".</param>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, TextWriter output, TextWriter error, TextReader? input, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        if (arguments is [] or ["help" or "--help" or "-h"])
        {
            output.WriteLine(CtlLine.Usage);
            return arguments.Count == 0 ? CtlExit.BadUsage : CtlExit.Done;
        }

        if (arguments.Count > 1 && (arguments[0] is "help" || arguments.Any(word => word is "--help" or "-h")) && CtlLine.UsageOf(arguments[arguments[0] is "help" or "--help" or "-h" ? 1 : 0]) is { } about)
        {
            output.WriteLine(about);
            return CtlExit.Done;
        }

        if (CtlLine.TryParse(arguments, out string? misunderstood) is not { } line)
        {
            error.WriteLine(Table.Plain(misunderstood!));
            error.WriteLine("'./blackwall ctl --help' lists the verbs, './blackwall ctl VERB --help' the options of one.");
            return CtlExit.BadUsage;
        }

        try
        {
            using ApplianceClient api = CtlClient.Open(line);
            await DoAsync(line, api, output, error, input, cancellation);
            return CtlExit.Done;
        }
        catch (CtlException failure)
        {
            error.WriteLine(Table.Plain(failure.Message));
            return failure.ExitCode;
        }
    }

    private static async Task DoAsync(CtlLine line, ApplianceClient api, TextWriter output, TextWriter error, TextReader? input, CancellationToken cancellation)
    {
        switch (line.Verb)
        {
            case "status":
                await StatusAsync(line, api, output, cancellation);
                break;
            case "why":
                await ShowAsync(line, output, api.Sources.GetAsync(line.Subject, cancellation), source => CtlViews.Why(output, source));
                break;
            case "enforce" or "observe" or "propose" or "changes" or "apply" or "confirm" or "revert":
            case "block" or "allow" when line.TrialSeconds is not null:
                await new ChangeVerbs(line, api, output, input).DoAsync(RuleOf, cancellation);
                break;
            case "block" or "allow":
                await ShowAsync(line, output, api.Decisions.AddRuleAsync(RuleOf(line), cancellation), rule => CtlViews.Decided(output, rule));
                break;
            case "lift":
                await api.Decisions.LiftAsync(line.Number, cancellation).Must();
                if (!line.Json)
                {
                    output.WriteLine($"Lifted decision {line.Subject}.");
                }

                break;
            case "rules":
                await ShowAsync(line, output, api.Decisions.ListRulesAsync(Query(line), cancellation), page => CtlViews.Decisions(output, error, page));
                break;
            case "decisions":
                await ShowAsync(line, output, api.Decisions.ListAsync(Query(line), cancellation), page => CtlViews.Decisions(output, error, page));
                break;
            case "audit":
                await ShowAsync(line, output, api.Audit.ListAsync(Query(line), cancellation), page => AuditViews.Entries(output, error, page));
                break;
            case "verify":
                AuditProof proof = await ShowAsync(line, output, api.Audit.VerifyAsync(cancellation), found => AuditViews.Proof(output, found));
                if (!proof.Intact)
                {
                    throw new CtlException(CtlExit.Refused, "The audit log is not as it was written.");
                }

                break;
            case "keys":
                await ShowAsync(line, output, api.Audit.KeysAsync(cancellation), keys => AuditViews.Keys(output, keys));
                break;
            case "captures":
                await ShowAsync(line, output, api.Captures.ListAsync(Query(line), cancellation), page => CaptureVerbs.List(output, error, page));
                break;
            case "capture":
                await ShowAsync(line, output, api.Captures.StartAsync(new CaptureDraft(line.Subject, line.CaptureSeconds), cancellation), started => CaptureVerbs.Started(output, started));
                break;
            case "capture-file":
                await CaptureVerbs.CopyAsync(line, api, output, cancellation);
                break;
            case "sessions":
                await ShowAsync(line, output, api.Sessions.ListAsync(Query(line), cancellation), page => SessionVerbs.List(output, error, page));
                break;
            case "session" when line.Options.ContainsKey("--follow"):
                await SessionVerbs.FollowAsync(line, api, output, cancellation);
                break;
            case "session":
                await ShowAsync(line, output, api.Sessions.EventsAsync(line.Subject, Query(line), cancellation), page => SessionVerbs.Transcript(output, error, page));
                break;
            case "session-terminal":
                await SessionVerbs.CopyAsync(line, api, output, cancellation);
                break;
            case "events":
                await EventVerb.FollowAsync(line, api, output, cancellation);
                break;
            default:
                await ShowAsync(line, output, api.Status.StatsAsync(cancellation), stats => CtlViews.Stats(output, stats));
                break;
        }
    }

    private static async Task StatusAsync(CtlLine line, ApplianceClient api, TextWriter output, CancellationToken cancellation)
    {
        Answer<Client.Status.Health> health = await api.Status.HealthAsync(cancellation).Must();
        Answer<Stats> stats = await api.Status.StatsAsync(cancellation).Must();
        Answer<Change> trial = await ChangeVerbs.OnTrialAsync(api, cancellation);
        if (!line.Json)
        {
            CtlViews.Status(output, health.Value!, stats.Value!, trial.Value);
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
        output.WriteLine(all.ToJsonString());
    }

    private static RuleDraft RuleOf(CtlLine line) => new(
        line.Subject,
        line.Verb is "allow" ? "pass" : "drop",
        line.TtlSeconds,
        line.Options.GetValueOrDefault("--reason"),
        line.Options.GetValueOrDefault("--comment"),
        line.Options.ContainsKey("--force") ? true : null);

    private static string Query(CtlLine line) => string.Join('&', line.Options
        .Where(option => option.Key is not ("--api" or "--key-file" or "--socket"))
        .Select(option => string.Create(CultureInfo.InvariantCulture, $"{option.Key[2..]}={Uri.EscapeDataString(option.Value)}")));

    // Scripts get the appliance's answer byte for byte.
    private static async Task<T> ShowAsync<T>(CtlLine line, TextWriter output, Task<Answer<T>> asked, Action<T> table)
        where T : class
    {
        Answer<T> answer = await asked.Must();
        if (line.Json)
        {
            output.WriteLine(Encoding.UTF8.GetString(answer.Json.Span));
        }
        else
        {
            table(answer.Value!);
        }

        return answer.Value!;
    }
}
