using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Decisions;

/// <summary>"lift": takes decisions away.</summary>
internal sealed class LiftVerb : ApiVerb
{
    private readonly Argument<long[]> _ids = Arg.OptionalIds("ID", "decisions, as 'decisions' lists them");

    public LiftVerb(Shell shell)
        : base(shell, "lift", "take decisions away", VerbGroup.Decide) => Arguments.Add(_ids);

    protected override Task RunAsync(ApiCall call)
    {
        long[] ids = call.Line.GetRequiredValue(_ids);
        if (ids.Length == 0)
        {
            throw new CliException(CliExit.BadUsage, "'lift' needs an ID.");
        }

        return EachScope.DoAsync(call, ids, async id =>
        {
            await call.Api.Decisions.LiftAsync(id, call.Cancellation).Must();
            if (!call.Json)
            {
                call.Say($"Lifted decision {ApiCall.Number(id)}.");
            }
        });
    }
}
