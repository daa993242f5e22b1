using Blackwall.Cli.Connection;

namespace Blackwall.Cli.Changes;

/// <summary>"changes": changes and how they stand.</summary>
internal sealed class ChangesVerb(Shell shell) : ApiVerb(shell, "changes", "changes and how they stand", VerbGroup.Try)
{
    protected override Task RunAsync(ApiCall call) => call.ShowAsync(call.Api.Changes.ListAsync(call.Cancellation), all => ChangeViews.List(call, all.Items));
}
