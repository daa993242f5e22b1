using Blackwall.Pipeline.Ports;
using Blackwall.Storage;
using Microsoft.Extensions.Options;

namespace Blackwall.Events;

/// <summary>Stores what the stream tells, in batches. What finds no place while the disk refuses is counted: the stream matters more than its history.</summary>
internal sealed class EventHistory(EventHub hub, EventStore store, IOptions<StorageOptions> options, TimeProvider time) : BackgroundService, IStatsSource
{
    private const int BatchSize = 4096;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private readonly List<(string Id, StreamEvent Event)> _batch = [];
    private readonly Lock _writing = new();
    private long _written;
    private long _failures;

    public string Name => "history";

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["written"] = Interlocked.Read(ref _written),
        ["waiting"] = hub.Kept.Count,
        ["dropped"] = hub.Unkept,
        ["failures"] = Interlocked.Read(ref _failures),
    };

    /// <summary>Stores what was told so far; false: the disk refuses.</summary>
    public bool Flush()
    {
        lock (_writing)
        {
            do
            {
                while (_batch.Count < BatchSize && hub.Kept.TryRead(out StreamEvent? happened))
                {
                    _batch.Add((hub.IdOf(happened), happened));
                }

                if (_batch.Count > 0 && !Write())
                {
                    return false;
                }
            }
            while (hub.Kept.Count > 0);
            return true;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Flush();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await hub.Kept.WaitToReadAsync(stoppingToken))
        {
            await Task.Delay(Flush() ? Pause : Retry, time, stoppingToken);
        }
    }

    private bool Write()
    {
        try
        {
            store.Append(_batch, time.GetUtcNow().AddDays(-options.Value.RetentionDays).ToUnixTimeMilliseconds(), options.Value.EventRows);
            Interlocked.Add(ref _written, _batch.Count);
            _batch.Clear();
            return true;
        }
        catch (StoreException)
        {
            // The journal writes to the same file and says why in /health/ready.
            Interlocked.Increment(ref _failures);
            return false;
        }
    }
}
