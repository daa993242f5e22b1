using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Decisions;

/// <summary>"rules": the operator's own decisions.</summary>
internal sealed class RulesVerb : ApiVerb
{
    private readonly ListOptions _list;

    public RulesVerb(Shell shell)
        : base(shell, "rules", "the operator's own decisions, newest first", VerbGroup.Look) =>
        _list = new ListOptions(this, Opt.Word("--verdict", "V", "with this verdict", ApiWords.Verdicts));

    protected override Task RunAsync(ApiCall call) =>
        call.ShowAsync(call.Api.Decisions.ListRulesAsync(_list.Query(call.Line), call.Cancellation), page => call.Page(DecisionViews.Table(page.Items, call.Now), page.NextCursor));
}
