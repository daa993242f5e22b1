using System.CommandLine;
using Blackwall.Cli.Changes;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;
using Blackwall.Client.Decisions;

namespace Blackwall.Cli.Decisions;

/// <summary>"block", "allow", "limit" and "redirect": a rule of the operator over each scope.</summary>
internal sealed class RuleVerb : ApiVerb
{
    private readonly string _verdict;
    private readonly Argument<string[]> _scopes = Arg.Texts("SCOPE", "address or prefix: 203.0.113.7, 203.0.113.0/24, 2001:db8::/48");
    private readonly Option<long?> _ttl = Opt.DurationOrNever("--ttl", "how long it stands; without it, or with never, until it is lifted");
    private readonly Option<string?> _reason = Opt.Text("--reason", "WORD", "machine word that lists can be filtered by");
    private readonly Option<string?> _comment = Opt.Text("--comment", "TEXT", "for people");
    private readonly Option<long?> _trial = Opt.Duration("--trial", "take it back after this time unless it is confirmed");
    private readonly Option<bool> _force = Opt.Flag("--force", "also more than a /8 of IPv4 or a /19 of IPv6");

    private RuleVerb(Shell shell, string name, string verdict, string description)
        : base(shell, name, description, VerbGroup.Decide)
    {
        _verdict = verdict;
        Arguments.Add(_scopes);
        foreach (Option option in new Option[] { _ttl, _reason, _comment, _trial })
        {
            Options.Add(option);
        }

        if (verdict is "pass")
        {
            Options.Add(_force);
        }
    }

    public override IReadOnlyList<(string Line, string What)> Examples => _verdict is "drop"
        ?
        [
            ("block 203.0.113.0/24 --ttl 1h30m --comment \"scans us\"", "drop a network for an hour and a half"),
            ("block 203.0.113.7 198.51.100.9 --trial 60s", "both, taken back after a minute unless confirmed"),
        ]
        : [];

    public static RuleVerb Block(Shell shell) => new(shell, "block", "drop", "drop addresses or prefixes");

    public static RuleVerb Allow(Shell shell) => new(shell, "allow", "pass", "let addresses or prefixes in, whatever else is decided");

    public static RuleVerb Limit(Shell shell) => new(shell, "limit", "rate-limit", "hold addresses or prefixes to the strict rate limits");

    public static RuleVerb Redirect(Shell shell) => new(shell, "redirect", "redirect", "send new connections of addresses or prefixes to the tarpit");

    protected override async Task RunAsync(ApiCall call)
    {
        RuleDraft[] rules = [.. call.Line.GetRequiredValue(_scopes).Select(scope => RuleOf(scope, call.Line))];
        if (call.Line.GetValue(_trial) is { } seconds)
        {
            await new ChangeTrialRun(call).ProposeAndTryAsync(new(Rules: rules, Comment: call.Line.GetValue(_comment)), seconds);
            return;
        }

        await EachScope.DoAsync(call, rules, async rule =>
        {
            await call.ShowAsync(call.Api.Decisions.AddRuleAsync(rule, call.Cancellation), made => call.Say(DecisionViews.Sentence(made)));
        });
    }

    private RuleDraft RuleOf(string scope, ParseResult line) => new(
        scope,
        _verdict,
        line.GetValue(_ttl) is > 0 and { } seconds ? seconds : null,
        line.GetValue(_reason),
        line.GetValue(_comment),
        _verdict is "pass" && line.GetValue(_force) ? true : null);
}
