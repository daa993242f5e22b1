using System.CommandLine;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Parsing;

namespace Blackwall.Cli.Events;

/// <summary>"events": what happens, as it happens.</summary>
internal sealed class EventsVerb : ApiVerb
{
    private readonly Option<int?> _count = Opt.Number("--count", "N", "end after so many");

    public EventsVerb(Shell shell)
        : base(shell, "events", "what happens, as it happens, until Ctrl-C", VerbGroup.Look) => Options.Add(_count);

    protected override Task RunAsync(ApiCall call) => EventFollower.FollowAsync(call, _ => true, call.Line.GetValue(_count));
}
