using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Events;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Decisions;

/// <summary>"decisions": everything decided, by whomever.</summary>
internal sealed class DecisionsVerb : ApiVerb
{
    private readonly ListOptions _list;
    private readonly Option<bool> _follow = Opt.Flag("--follow", "go on with what is decided and lifted, as it happens, until Ctrl-C");

    public DecisionsVerb(Shell shell)
        : base(shell, "decisions", "everything decided, newest first", VerbGroup.Look)
    {
        Options.Add(_follow);
        _list = new ListOptions(
            this,
            Opt.Word("--verdict", "V", "with this verdict", ApiWords.Verdicts),
            Opt.Word("--origin", "O", "of this origin", ApiWords.Origins),
            Opt.Text("--scope", "S", "over exactly this address or prefix"),
            Opt.Text("--contains", "S", "whose scope contains this address or prefix"),
            Opt.Text("--within", "S", "whose scope lies in this prefix"),
            Opt.Text("--reason", "WORD", "with this reason"),
            Opt.Text("--owner", "OWNER", "of this owner"),
            Opt.Text("--since", "T", "in force since this time (RFC 3339) or later"),
            Opt.Word("--active", "BOOL", "false: those that have ended", "true", "false"));
    }

    protected override async Task RunAsync(ApiCall call)
    {
        await call.ShowAsync(call.Api.Decisions.ListAsync(_list.Query(call.Line), call.Cancellation), page => call.Page(DecisionViews.Table(page.Items, call.Now), page.NextCursor));
        if (call.Line.GetValue(_follow))
        {
            await EventFollower.FollowAsync(call, item => item.Kind is "decision" or "lifted" or "gap", count: null);
        }
    }
}
