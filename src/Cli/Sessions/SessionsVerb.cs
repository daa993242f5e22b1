using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Sessions;

/// <summary>"sessions": what was done in the tarpit.</summary>
internal sealed class SessionsVerb : ApiVerb
{
    private readonly ListOptions _list;

    public SessionsVerb(Shell shell)
        : base(shell, "sessions", "what was done in the tarpit, newest first", VerbGroup.Records) =>
        _list = new ListOptions(this, Opt.Text("--source", "A", "of this address"));

    protected override Task RunAsync(ApiCall call) =>
        call.ShowAsync(call.Api.Sessions.ListAsync(_list.Query(call.Line), call.Cancellation), page => call.Page(SessionViews.Table(page.Items), page.NextCursor));
}
