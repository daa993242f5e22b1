using System.CommandLine;
using System.Globalization;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Cli.Words;
using Blackwall.Client;
using Blackwall.Client.Decisions;

namespace Blackwall.Cli.Decisions;

/// <summary>"lift": takes decisions away, by id or by what they have in common.</summary>
internal sealed class LiftVerb : ApiVerb
{
    private readonly Argument<long[]> _ids = Arg.OptionalIds("ID", "decisions, as 'decisions' lists them");
    private readonly Option<string?> _reason = Opt.Text("--reason", "WORD", "all with this reason");
    private readonly Option<string?> _origin = Opt.Word("--origin", "O", "all of this origin", [.. ApiWords.Origins.Except(["guard"], StringComparer.Ordinal)]);
    private readonly Option<string?> _before = Opt.Text("--before", "T", "all that came into force before this: a time (2026-11-30T12:00:00Z), or how long ago (2h)");
    private readonly Option<bool> _yes = Opt.Flag("--yes", "do not ask");

    public LiftVerb(Shell shell)
        : base(shell, "lift", "take decisions away", VerbGroup.Decide)
    {
        Arguments.Add(_ids);
        foreach (Option option in new Option[] { _reason, _origin, _before, _yes })
        {
            Options.Add(option);
        }
    }

    public override IReadOnlyList<string> More => ["With --reason, --origin or --before, which may be combined, it lists what it would lift and asks first."];

    public override IReadOnlyList<(string Line, string What)> Examples => [("lift --origin local --reason port-scan --before 1h", "what port scans brought about more than an hour ago")];

    protected override Task RunAsync(ApiCall call)
    {
        long[] ids = call.Line.GetRequiredValue(_ids);
        bool common = call.Line.GetValue(_reason) is not null || call.Line.GetValue(_origin) is not null || call.Line.GetValue(_before) is not null;
        return (ids.Length, common) switch
        {
            (0, false) => throw new CliException(CliExit.BadUsage, "'lift' needs an ID, or one of --reason, --origin, --before."),
            (0, true) => LiftAllAsync(call),
            (_, true) => throw new CliException(CliExit.BadUsage, "'lift' takes ids, or --reason, --origin and --before, but not both."),
            _ => EachScope.DoAsync(call, ids, async id =>
            {
                await call.Api.Decisions.LiftAsync(id, call.Cancellation).Must();
                if (!call.Json)
                {
                    call.Say($"Lifted decision {ApiCall.Number(id)}.");
                }
            }),
        };
    }

    private async Task LiftAllAsync(ApiCall call)
    {
        DateTimeOffset? before = Before(call);
        string query = string.Join('&', new[] { ("reason", call.Line.GetValue(_reason)), ("origin", call.Line.GetValue(_origin)) }
            .Where(parameter => parameter.Item2 is not null)
            .Select(parameter => $"{parameter.Item1}={Uri.EscapeDataString(parameter.Item2!)}"));
        List<Decision> found = await AllDecisions.ListAsync(call, query);
        found.RemoveAll(decision => decision.Origin is "guard" || (before is { } time && decision.Start >= time));
        if (found.Count == 0)
        {
            call.Say("No decision is like that.");
            return;
        }

        call.Print(DecisionViews.Table(found, call.Now));
        string many = found.Count == 1 ? "this decision" : $"these {ApiCall.Number(found.Count)} decisions";
        if (!call.Line.GetValue(_yes) && !await call.ConfirmedAsync($"Lift {many}? Type y: "))
        {
            throw new CliException(CliExit.Refused, call.Shell.Input is null ? $"Nothing was lifted: nobody can be asked here; --yes lifts {many}." : "Nothing was lifted.");
        }

        int lifted = 0;
        foreach (Decision decision in found)
        {
            Answer<Nothing> answer = await call.Api.Decisions.LiftAsync(decision.Id, call.Cancellation);
            if (answer.Failure is null)
            {
                lifted++;
            }
            else if (answer.Failure is { Kind: FailureKind.Refused } refused)
            {
                call.Shell.Error.WriteLine(PlainText.Clean($"{decision.Scope} stands: {refused.Sentence}"));
            }
            else if (answer.Failure is { Kind: not FailureKind.NotFound } failure)
            {
                throw ApiAnswers.Failed(failure);
            }
        }

        call.Say($"Lifted {ApiCall.Number(lifted)} of {ApiCall.Number(found.Count)}.");
    }

    private DateTimeOffset? Before(ApiCall call)
    {
        string? text = call.Line.GetValue(_before);
        return text is null ? null
            : Duration.TryParse(text, out long ago) ? call.Now.AddSeconds(-ago)
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time
            : throw new CliException(CliExit.BadUsage, $"--before {text}: write a time such as 2026-11-30T12:00:00Z, or how long ago: 90s, 15m, 1h30m or 7d.");
    }
}
