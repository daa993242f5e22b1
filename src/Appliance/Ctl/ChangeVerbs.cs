using System.Globalization;
using System.Text.Json;
using Blackwall.Client;
using Blackwall.Client.Changes;
using Blackwall.Client.Decisions;

namespace Blackwall.Ctl;

/// <summary>The verbs about changes: propose, try, confirm, take back.</summary>
internal sealed class ChangeVerbs(CtlLine line, ApplianceClient api, TextWriter output, TextReader? input)
{
    private const long DefaultTrialSeconds = 60;
    private const long LargestFile = 48 * 1024 * 1024;

    /// <param name="ruleOf">The rule that "block" and "allow" ask for.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task DoAsync(Func<CtlLine, RuleDraft> ruleOf, CancellationToken cancellation)
    {
        switch (line.Verb)
        {
            case "changes":
                Answer<ChangeList> all = await api.Changes.ListAsync(cancellation).Must();
                Show(all, () => List(all.Value!.Items));
                break;
            case "propose":
                Answer<Change> proposed = await api.Changes.ProposeAsync(ReadFile(), cancellation).Must();
                Show(proposed, () => Told(proposed.Value!, $"It decides nothing yet. '{line.Again("changes")}' counts what it would do; '{line.Again("apply")} {proposed.Value!.Id}' tries it."));
                break;
            case "confirm":
                Answer<Change> confirmed = await api.Changes.ConfirmAsync(line.Number, cancellation).Must();
                Show(confirmed, () => Told(confirmed.Value!, null));
                break;
            case "revert":
                Answer<Change> reverted = await api.Changes.RevertAsync(line.Number, cancellation).Must();
                Show(reverted, () => Told(reverted.Value!, null));
                break;
            case "apply":
                await TryAsync(line.Number, cancellation);
                break;
            default:
                line.Options.TryGetValue("--comment", out string? comment);
                ChangeDraft draft = line.Verb is "enforce" or "observe" ? new(Mode: line.Verb, Comment: comment) : new(Rules: [ruleOf(line)], Comment: comment);
                Answer<Change> made = await api.Changes.ProposeAsync(draft, cancellation).Must();
                await TryAsync(made.Value!.Id ?? 0, cancellation);
                break;
        }
    }

    /// <summary>The change that is on trial; null: none, or the key may not read changes.</summary>
    /// <exception cref="CtlException">The appliance cannot be reached.</exception>
    public static async Task<Answer<Change>> OnTrialAsync(ApplianceClient api, CancellationToken cancellation)
    {
        Answer<ChangeList> all = await api.Changes.ListAsync(cancellation);
        return all.Failure is { Answered: false } failure
            ? throw CtlClient.Failed(failure)
            : new Answer<Change>(all.Value?.Items.FirstOrDefault(change => change.State is "trial"), null);
    }

    private async Task TryAsync(long id, CancellationToken cancellation)
    {
        long seconds = line.TrialSeconds ?? DefaultTrialSeconds;
        Answer<Change> tried = await api.Changes.TryAsync(id, seconds, cancellation).Must();
        if (input is null || line.Json)
        {
            Show(tried, () => Told(tried.Value!, string.Create(CultureInfo.InvariantCulture, $"Confirm with '{line.Again("confirm")} {id}', or it goes back by itself.")));
            return;
        }

        // The answer comes over the operator's own connection: whoever is locked out cannot give it.
        Told(tried.Value!, null);
        output.Write(string.Create(CultureInfo.InvariantCulture, $"Is all as it should be? Type yes within {seconds} s to keep it: "));
        await output.FlushAsync(cancellation);
        if (!string.Equals((await input.ReadLineAsync(cancellation))?.Trim(), "yes", StringComparison.OrdinalIgnoreCase))
        {
            Told((await api.Changes.RevertAsync(id, cancellation).Must()).Value!, null);
            return;
        }

        Told((await api.Changes.ConfirmAsync(id, cancellation).Must()).Value!, null);
    }

    private JsonElement ReadFile()
    {
        try
        {
            if (line.Subject is not "-" && new FileInfo(line.Subject).Length > LargestFile)
            {
                throw new CtlException(CtlExit.BadUsage, $"{line.Subject} is larger than 48 MiB; make several changes of it.");
            }

            using JsonDocument document = JsonDocument.Parse(line.Subject is "-" ? Console.In.ReadToEnd() : File.ReadAllText(line.Subject));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new CtlException(CtlExit.BadUsage, $"{line.Subject} holds no change: write {{\"rules\": [{{\"scope\": \"203.0.113.0/24\", \"verdict\": \"drop\"}}]}}.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CtlException(CtlExit.BadUsage, $"{line.Subject} cannot be read: {failure.Message}");
        }
    }

    private void Show<T>(Answer<T> answer, Action text)
        where T : class
    {
        if (line.Json)
        {
            output.WriteLine(System.Text.Encoding.UTF8.GetString(answer.Json.Span));
        }
        else
        {
            text();
        }
    }

    private void Told(Change change, string? next)
    {
        output.WriteLine(Table.Plain(Sentence(change)));
        foreach (string? more in new[] { change.Note, next })
        {
            if (more is not null)
            {
                output.WriteLine(Table.Plain(more));
            }
        }
    }

    private void List(IReadOnlyList<Change> changes)
    {
        foreach (Change change in changes)
        {
            output.WriteLine(Table.Plain(Sentence(change)));
            if (change.State is not "shadow")
            {
                continue;
            }

            foreach (ChangeRule rule in change.Rules.Take(10))
            {
                output.WriteLine(Table.Plain($"    {rule.Verdict} {rule.Scope}: {CtlViews.Text(rule.Met ?? 0)} packets so far"));
            }

            foreach (ChangeSource source in change.Sources.Take(10))
            {
                output.WriteLine(Table.Plain($"    from {source.Address} ({source.Verdict} by {source.Scope})"));
            }
        }

        if (changes.Count == 0)
        {
            output.WriteLine("No changes.");
        }
    }

    /// <summary>What a change does and how it stands.</summary>
    public static string Sentence(Change change)
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
            "shadow" => $"is counted, decides nothing{(change.WouldDrop is { } met ? $"; would have dropped {CtlViews.Text(met)} packets" : "")}",
            "trial" => $"on trial; it reverts at {CtlViews.Time(change.Deadline, "-")} unless confirmed",
            "confirmed" => "is confirmed and stays",
            { } other => $"is {other}. {change.Outcome}",
        };
        return string.Create(CultureInfo.InvariantCulture, $"Change {change.Id} ({string.Join(", ", parts)}): {state}");
    }
}
