using System.Collections.Concurrent;

namespace Blackwall.Events;

/// <summary>Counts events by kind, as a reader of the log.</summary>
internal sealed class EventCounts : IEventReader
{
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public string Name => "metrics";

    public bool IsResumed => false;

    /// <summary>Kinds with how many events of them were told since the start.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    public Task ReadAsync(EventPage page, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(page);
        foreach (ApplianceEvent happened in page.Events)
        {
            _counts.AddOrUpdate(happened.Kind, 1, static (_, count) => count + 1);
        }

        return Task.CompletedTask;
    }
}
