using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Client.Changes;

namespace Blackwall.Cli.Changes;

/// <summary>"enforce" and "observe": what the wall does with its decisions, on trial.</summary>
internal sealed class ModeVerb : ApiVerb
{
    private readonly Option<long?> _within = Opt.Duration("--within", "confirm within this time, or it goes back (60s)");
    private readonly Option<string?> _comment = Opt.Text("--comment", "TEXT", "for people");

    private ModeVerb(Shell shell, string name, string description)
        : base(shell, name, description, VerbGroup.Try)
    {
        Options.Add(_within);
        Options.Add(_comment);
    }

    public static ModeVerb Enforce(Shell shell) => new(shell, "enforce", "let the wall act, on trial: confirm in time or it goes back");

    public static ModeVerb Observe(Shell shell) => new(shell, "observe", "let the wall only count, at once and whatever else is on trial; with --within on trial too");

    protected override async Task RunAsync(ApiCall call)
    {
        ChangeDraft draft = new(Mode: Name, Comment: call.Line.GetValue(_comment));
        ChangeTrialRun run = new(call);
        if (!call.Json && string.Equals((await call.Api.Status.StatsAsync(call.Cancellation).Must()).Value!.Wall.Mode, Name, StringComparison.Ordinal) && (await ChangeTrialRun.OnTrialAsync(call)).Value is null)
        {
            call.Say($"The mode is {Name} already; nothing was changed.");
            return;
        }

        if (Name is not "observe" || call.Line.GetValue(_within) is not null)
        {
            await run.ProposeAndTryAsync(draft, call.Line.GetValue(_within) ?? ChangeTrialRun.DefaultSeconds);
            return;
        }

        // It can lock nobody out, and whoever types it in a hurry has no minute to answer.
        await run.EndOpenAsync();
        await run.ProposeAndKeepAsync(draft);
    }
}
