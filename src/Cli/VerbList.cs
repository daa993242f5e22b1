using Blackwall.Cli.Auditing;
using Blackwall.Cli.Captures;
using Blackwall.Cli.Changes;
using Blackwall.Cli.Classification;
using Blackwall.Cli.Decisions;
using Blackwall.Cli.Events;
using Blackwall.Cli.Feeds;
using Blackwall.Cli.Import;
using Blackwall.Cli.Keys;
using Blackwall.Cli.Mesh;
using Blackwall.Cli.Notifications;
using Blackwall.Cli.Sessions;
using Blackwall.Cli.Settings;
using Blackwall.Cli.Sinks;
using Blackwall.Cli.Sources;
using Blackwall.Cli.Status;

namespace Blackwall.Cli;

/// <summary>Every verb that speaks to an appliance, one line each; "ctl VERB" is the same.</summary>
internal static class VerbList
{
    public static IEnumerable<Verb> Client(Shell shell) =>
    [
        new StatusVerb(shell),
        new HealthVerb(shell),
        new WhyVerb(shell),
        new SourcesVerb(shell),
        new ModelVerb(shell),
        new DecisionsVerb(shell),
        new RulesVerb(shell),
        new EventsVerb(shell),
        new StatsVerb(shell),
        RuleVerb.Block(shell),
        RuleVerb.Allow(shell),
        RuleVerb.Limit(shell),
        RuleVerb.Redirect(shell),
        new UnblockVerb(shell),
        new LiftVerb(shell),
        new ImportVerb(shell),
        ModeVerb.Enforce(shell),
        ModeVerb.Observe(shell),
        new ProposeVerb(shell),
        new ChangesVerb(shell),
        new ApplyVerb(shell),
        EndTrialVerb.Confirm(shell),
        EndTrialVerb.Revert(shell),
        new ReloadVerb(shell),
        new NotificationsVerb(shell),
        new SinksVerb(shell),
        new FeedsVerb(shell),
        new AuditVerb(shell),
        new VerifyVerb(shell),
        new KeysVerb(shell),
        new MeshVerb(shell),
        new CapturesVerb(shell),
        new CaptureVerb(shell),
        new CaptureFileVerb(shell),
        new SessionsVerb(shell),
        new SessionVerb(shell),
        new SessionTerminalVerb(shell),
        new SessionFileVerb(shell),
        new SessionDeleteVerb(shell),
    ];
}
