using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Client;
using Blackwall.Client.Changes;

namespace Blackwall.Cli.Changes;

/// <summary>"confirm" and "revert": how a change ends.</summary>
internal sealed class EndTrialVerb : ApiVerb
{
    private readonly Argument<long> _id = Arg.Id("ID", "of the change");
    private readonly Func<ApiCall, long, Task<Answer<Change>>> _end;

    private EndTrialVerb(Shell shell, string name, string description, Func<ApiCall, long, Task<Answer<Change>>> end)
        : base(shell, name, description, VerbGroup.Try)
    {
        _end = end;
        Arguments.Add(_id);
    }

    public static EndTrialVerb Confirm(Shell shell) =>
        new(shell, "confirm", "keep a change that is on trial", (call, id) => call.Api.Changes.ConfirmAsync(id, call.Cancellation));

    public static EndTrialVerb Revert(Shell shell) =>
        new(shell, "revert", "take a change back now", (call, id) => call.Api.Changes.RevertAsync(id, call.Cancellation));

    protected override Task RunAsync(ApiCall call) => call.ShowAsync(_end(call, call.Line.GetRequiredValue(_id)), change => new ChangeTrialRun(call).Tell(change, null));
}
