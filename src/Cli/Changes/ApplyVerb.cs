using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Changes;

/// <summary>"apply": brings a proposed change into force on trial.</summary>
internal sealed class ApplyVerb : ApiVerb
{
    private readonly Argument<long> _id = Arg.Id("ID", "of the change");
    private readonly Option<long?> _within = Opt.Duration("--within", "confirm within this time, or it goes back (60s)");

    public ApplyVerb(Shell shell)
        : base(shell, "apply", "bring a proposed change into force on trial", VerbGroup.Try)
    {
        Arguments.Add(_id);
        Options.Add(_within);
    }

    protected override Task RunAsync(ApiCall call) => new ChangeTrialRun(call).TryAsync(call.Line.GetRequiredValue(_id), call.Line.GetValue(_within) ?? ChangeTrialRun.DefaultSeconds);
}
