using Blackwall.Decisions;
using Blackwall.Events;
using Microsoft.Extensions.Options;

namespace Blackwall.Logging;

/// <summary>Writes an entry for each decision and for its end.</summary>
internal sealed class DecisionLog(IOptions<LogOptions> options, ILoggerFactory logs) : IEventReader
{
    // People look for decisions, whoever writes them down.
    private readonly ILogger _log = logs.CreateLogger(typeof(DecisionEvents).FullName!);

    public string Name => "decision-log";

    public bool IsResumed => false;

    public Task ReadAsync(EventPage page, CancellationToken cancellation)
    {
        foreach (ApplianceEvent happened in page.Events)
        {
            if (DecisionEvents.Decided.Read(happened) is { } decided)
            {
                Write(decided);
            }
            else if (DecisionEvents.Lifted.Read(happened) is { } ended)
            {
                Write(ended);
            }
        }

        if (page.Missed > 0)
        {
            LogLines.Missed(_log, page.Missed);
        }

        return Task.CompletedTask;
    }

    private void Write(DecisionEventBody change)
    {
        if (!options.Value.Decisions)
        {
            return;
        }

        DecisionLine line = DecisionLine.From(change);
        if (line.IsEnd)
        {
            LogLines.Ended(_log, line.Change, line.Verdict, line.Scope, line.Reason, line.Id, line.Origin, change.By, line.Others);
        }
        else
        {
            LogLines.Decided(_log, line.Change, line.Verdict, line.Scope, line.End, line.Reason, line.Evidence, line.Id, line.Origin, change.By, line.Others);
        }
    }
}
