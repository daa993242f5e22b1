using Blackwall.Cli.Connection;

namespace Blackwall.Cli.Status;

/// <summary>"stats": every counter.</summary>
internal sealed class StatsVerb(Shell shell) : ApiVerb(shell, "stats", "every counter", VerbGroup.Look)
{
    protected override Task RunAsync(ApiCall call) => call.ShowAsync(call.Api.Status.StatsAsync(call.Cancellation), stats => StatusViews.Stats(call, stats));
}
