using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Blackwall.Ctl;

/// <summary>The verbs about changes: propose, try, confirm, take back.</summary>
internal sealed class ChangeVerbs(CtlLine line, ApiClient api, TextWriter output, TextReader? input)
{
    private const long DefaultTrialSeconds = 60;
    private const long LargestFile = 48 * 1024 * 1024;

    /// <param name="ruleOf">The rule that "block" and "allow" ask for.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task DoAsync(Func<CtlLine, JsonObject> ruleOf, CancellationToken cancellation)
    {
        switch (line.Verb)
        {
            case "changes":
                JsonNode all = await SendAsync(HttpMethod.Get, "changes", null, cancellation);
                Show(all, () => List(all["items"]!.AsArray()));
                break;
            case "propose":
                JsonNode proposed = await SendAsync(HttpMethod.Post, "changes", ReadFile(), cancellation);
                Show(proposed, () => Told(proposed, $"It decides nothing yet. '{line.Again("changes")}' counts what it would do; '{line.Again("apply")} {proposed["id"]}' tries it."));
                break;
            case "confirm":
                JsonNode confirmed = await SendAsync(HttpMethod.Post, $"changes/{line.Subject}/confirm", null, cancellation);
                Show(confirmed, () => Told(confirmed, null));
                break;
            case "revert":
                JsonNode reverted = await SendAsync(HttpMethod.Delete, $"changes/{line.Subject}", null, cancellation);
                Show(reverted, () => Told(reverted, null));
                break;
            case "apply":
                await TryAsync(line.Subject, cancellation);
                break;
            default:
                JsonObject change = line.Verb is "enforce" or "observe" ? new() { ["mode"] = line.Verb } : new() { ["rules"] = new JsonArray(ruleOf(line)) };
                if (line.Options.TryGetValue("--comment", out string? comment))
                {
                    change["comment"] = comment;
                }

                JsonNode made = await SendAsync(HttpMethod.Post, "changes", change, cancellation);
                await TryAsync($"{made["id"]}", cancellation);
                break;
        }
    }

    /// <summary>The change that is on trial; null: none, or the key may not read changes.</summary>
    public static async Task<JsonNode?> OnTrialAsync(ApiClient api, CancellationToken cancellation)
    {
        try
        {
            JsonNode? all = await api.SendAsync(HttpMethod.Get, "changes", null, cancellation);
            return all?["items"]!.AsArray().FirstOrDefault(change => (string?)change!["state"] is "trial");
        }
        catch (CtlException refused) when (refused.ExitCode is not CtlExit.Unreachable)
        {
            return null;
        }
    }

    private async Task TryAsync(string id, CancellationToken cancellation)
    {
        long seconds = line.TrialSeconds ?? DefaultTrialSeconds;
        JsonNode tried = await SendAsync(HttpMethod.Post, $"changes/{id}/apply", new JsonObject { ["confirmWithinSeconds"] = seconds }, cancellation);
        if (input is null || line.Json)
        {
            Show(tried, () => Told(tried, $"Confirm with '{line.Again("confirm")} {id}', or it goes back by itself."));
            return;
        }

        // The answer comes over the operator's own connection: whoever is locked out cannot give it.
        Told(tried, null);
        output.Write(string.Create(CultureInfo.InvariantCulture, $"Is all as it should be? Type yes within {seconds} s to keep it: "));
        await output.FlushAsync(cancellation);
        if (!string.Equals((await input.ReadLineAsync(cancellation))?.Trim(), "yes", StringComparison.OrdinalIgnoreCase))
        {
            Told(await SendAsync(HttpMethod.Delete, $"changes/{id}", null, cancellation), null);
            return;
        }

        Told(await SendAsync(HttpMethod.Post, $"changes/{id}/confirm", null, cancellation), null);
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body, CancellationToken cancellation) =>
        await api.SendAsync(method, path, body, cancellation) ?? throw new CtlException(CtlExit.Refused, "The appliance gave an empty answer.");

    private JsonObject ReadFile()
    {
        try
        {
            if (line.Subject is not "-" && new FileInfo(line.Subject).Length > LargestFile)
            {
                throw new CtlException(CtlExit.BadUsage, $"{line.Subject} is larger than 48 MiB; make several changes of it.");
            }

            return JsonNode.Parse(line.Subject is "-" ? Console.In.ReadToEnd() : File.ReadAllText(line.Subject)) as JsonObject
                ?? throw new CtlException(CtlExit.BadUsage, $"{line.Subject} holds no change: write {{\"rules\": [{{\"scope\": \"203.0.113.0/24\", \"verdict\": \"drop\"}}]}}.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CtlException(CtlExit.BadUsage, $"{line.Subject} cannot be read: {failure.Message}");
        }
    }

    private void Show(JsonNode json, Action text)
    {
        if (line.Json)
        {
            output.WriteLine(json.ToJsonString());
        }
        else
        {
            text();
        }
    }

    private void Told(JsonNode change, string? next)
    {
        output.WriteLine(Table.Plain(Sentence(change)));
        foreach (string? more in new[] { (string?)change["note"], next })
        {
            if (more is not null)
            {
                output.WriteLine(Table.Plain(more));
            }
        }
    }

    private void List(JsonArray changes)
    {
        foreach (JsonNode? change in changes)
        {
            output.WriteLine(Table.Plain(Sentence(change!)));
            if ((string?)change!["state"] is not "shadow")
            {
                continue;
            }

            foreach (JsonNode? rule in change["rules"]!.AsArray().Take(10))
            {
                output.WriteLine(Table.Plain($"    {rule!["verdict"]} {rule["scope"]}: {rule["met"] ?? "0"} packets so far"));
            }

            foreach (JsonNode? source in change["sources"]!.AsArray().Take(10))
            {
                output.WriteLine(Table.Plain($"    from {source!["address"]} ({source["verdict"]} by {source["scope"]})"));
            }
        }

        if (changes.Count == 0)
        {
            output.WriteLine("No changes.");
        }
    }

    /// <summary>What a change does and how it stands.</summary>
    public static string Sentence(JsonNode change)
    {
        List<string> parts = [];
        if ((string?)change["mode"] is { } mode)
        {
            parts.Add($"mode {mode}");
        }

        if ((int)change["ruleCount"]! is > 0 and int made)
        {
            JsonNode first = change["rules"]![0]!;
            parts.Add(made == 1 ? $"{first["verdict"]} {first["scope"]}" : string.Create(CultureInfo.InvariantCulture, $"{made} rules"));
        }

        if ((int)change["removeCount"]! is > 0 and int gone)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{gone} rules removed"));
        }

        string state = (string?)change["state"] switch
        {
            "shadow" => $"is counted, decides nothing{(change["wouldDrop"] is { } met ? $"; would have dropped {met} packets" : "")}",
            "trial" => $"on trial; it reverts at {CtlViews.Time(change["deadline"], "-")} unless confirmed",
            "confirmed" => "is confirmed and stays",
            { } other => $"is {other}. {change["outcome"]}",
            null => "is unknown",
        };
        return $"Change {change["id"]} ({string.Join(", ", parts)}): {state}";
    }
}
