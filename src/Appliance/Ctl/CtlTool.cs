using System.Globalization;
using System.Text.Json.Nodes;

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
            using ApiClient api = ApiClient.Open(line);
            await DoAsync(line, api, output, error, input, cancellation);
            return CtlExit.Done;
        }
        catch (CtlException failure)
        {
            error.WriteLine(Table.Plain(failure.Message));
            return failure.ExitCode;
        }
    }

    private static async Task DoAsync(CtlLine line, ApiClient api, TextWriter output, TextWriter error, TextReader? input, CancellationToken cancellation)
    {
        switch (line.Verb)
        {
            case "status":
                JsonNode health = await ReadAsync(api, "health/ready", cancellation);
                JsonNode stats = await ReadAsync(api, "stats", cancellation);
                JsonNode? trial = await ChangeVerbs.OnTrialAsync(api, cancellation);
                Show(line, output, new JsonObject { ["health"] = health.DeepClone(), ["wall"] = stats["wall"]?.DeepClone(), ["trial"] = trial?.DeepClone() }, () => CtlViews.Status(output, health, stats, trial));
                break;
            case "why":
                JsonNode source = await ReadAsync(api, $"sources/{Uri.EscapeDataString(line.Subject)}", cancellation);
                Show(line, output, source, () => CtlViews.Why(output, source));
                break;
            case "enforce" or "observe" or "propose" or "changes" or "apply" or "confirm" or "revert":
            case "block" or "allow" when line.TrialSeconds is not null:
                await new ChangeVerbs(line, api, output, input).DoAsync(RuleOf, cancellation);
                break;
            case "block" or "allow":
                JsonNode rule = (await api.SendAsync(HttpMethod.Post, "rules", RuleOf(line), cancellation))!;
                Show(line, output, rule, () => CtlViews.Decided(output, rule));
                break;
            case "lift":
                await api.SendAsync(HttpMethod.Delete, $"decisions/{line.Subject}", null, cancellation);
                if (!line.Json)
                {
                    output.WriteLine($"Lifted decision {line.Subject}.");
                }

                break;
            case "rules" or "decisions":
                JsonNode page = await ReadAsync(api, $"{line.Verb}{Query(line)}", cancellation);
                Show(line, output, page, () => CtlViews.Decisions(output, error, page));
                break;
            case "audit":
                JsonNode entries = await ReadAsync(api, $"audit{Query(line)}", cancellation);
                Show(line, output, entries, () => AuditViews.Entries(output, error, entries));
                break;
            case "verify":
                JsonNode proof = await ReadAsync(api, "audit/verify", cancellation);
                Show(line, output, proof, () => AuditViews.Proof(output, proof));
                if ((bool?)proof["intact"] != true)
                {
                    throw new CtlException(CtlExit.Refused, "The audit log is not as it was written.");
                }

                break;
            case "keys":
                JsonNode keys = await ReadAsync(api, "keys", cancellation);
                Show(line, output, keys, () => AuditViews.Keys(output, keys));
                break;
            case "captures":
                JsonNode captures = await ReadAsync(api, $"captures{Query(line)}", cancellation);
                Show(line, output, captures, () => CaptureVerbs.List(output, error, captures));
                break;
            case "capture":
                JsonNode started = (await api.SendAsync(HttpMethod.Post, "captures", CaptureVerbs.Wanted(line), cancellation))!;
                Show(line, output, started, () => CaptureVerbs.Started(output, started));
                break;
            case "capture-file":
                await CaptureVerbs.CopyAsync(line, api, output, cancellation);
                break;
            case "events":
                await FollowAsync(line, api, output, cancellation);
                break;
            default:
                JsonNode all = await ReadAsync(api, "stats", cancellation);
                Show(line, output, all, () => CtlViews.Stats(output, all));
                break;
        }
    }

    private static async Task<JsonNode> ReadAsync(ApiClient api, string path, CancellationToken cancellation) =>
        await api.SendAsync(HttpMethod.Get, path, null, cancellation) ?? throw new CtlException(CtlExit.Refused, "The appliance gave an empty answer.");

    private static async Task FollowAsync(CtlLine line, ApiClient api, TextWriter output, CancellationToken cancellation)
    {
        int seen = 0;
        await api.FollowAsync(
            (id, kind, data) =>
            {
                Show(line, output, new JsonObject { ["id"] = id, ["event"] = kind, ["data"] = data.DeepClone() }, () => CtlViews.Happened(output, kind, data));
                output.Flush();
                return ++seen != line.Count;
            },
            cancellation);
    }

    private static JsonObject RuleOf(CtlLine line)
    {
        JsonObject rule = new()
        {
            ["scope"] = line.Subject,
            ["verdict"] = line.Verb is "allow" ? "pass" : "drop",
        };
        if (line.TtlSeconds is { } seconds)
        {
            rule["ttlSeconds"] = seconds;
        }

        if (line.Options.ContainsKey("--force"))
        {
            rule["force"] = true;
        }

        foreach (string name in new[] { "reason", "comment" })
        {
            if (line.Options.TryGetValue($"--{name}", out string? text))
            {
                rule[name] = text;
            }
        }

        return rule;
    }

    private static string Query(CtlLine line)
    {
        string query = string.Join('&', line.Options
            .Where(option => option.Key is not ("--api" or "--key-file" or "--socket"))
            .Select(option => string.Create(CultureInfo.InvariantCulture, $"{option.Key[2..]}={Uri.EscapeDataString(option.Value)}")));
        return query.Length == 0 ? "" : $"?{query}";
    }

    private static void Show(CtlLine line, TextWriter output, JsonNode json, Action table)
    {
        if (line.Json)
        {
            output.WriteLine(json.ToJsonString());
        }
        else
        {
            table();
        }
    }
}
