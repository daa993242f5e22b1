using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;

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

    public static ModeVerb Observe(Shell shell) => new(shell, "observe", "let the wall only count, on trial in the same way");

    protected override Task RunAsync(ApiCall call) => new ChangeTrialRun(call)
        .ProposeAndTryAsync(new(Mode: Name, Comment: call.Line.GetValue(_comment)), call.Line.GetValue(_within) ?? ChangeTrialRun.DefaultSeconds);
}
