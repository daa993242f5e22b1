using Blackwall.Decisions;
using Blackwall.Events;
using Blackwall.Pipeline.Model;
using Microsoft.Extensions.Options;

namespace Blackwall.Classification;

/// <summary>Follows the event log: whoever new evidence speaks of may be worth a question. A gap loses nothing that does not show again.</summary>
internal sealed class CaseReader(CaseQueue queue, IOptions<AiOptions> options) : IEventReader
{
    public string Name => "classification";

    public bool IsResumed => false;

    public Task ReadAsync(EventPage page, CancellationToken cancellation)
    {
        if (options.Value.Mode == AiMode.Off)
        {
            return Task.CompletedTask;
        }

        foreach (ApplianceEvent happened in page.Events.Where(e => string.Equals(e.Kind, DecisionEvents.Seen.Name, StringComparison.Ordinal)))
        {
            if (DecisionEvents.Seen.Read(happened) is { } evidence
                && !string.Equals(evidence.Kind, OpinionActs.EvidenceKind, StringComparison.Ordinal)
                && Address.TryParse(evidence.Source, out Address source))
            {
                queue.Add(source);
            }
        }

        return Task.CompletedTask;
    }
}
