using System.Text.Json;
using Blackwall.Behavior.Judgement;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Storage;

namespace Blackwall.Behavior;

/// <summary>What detection learned survives a restart: taken up at the start, written every five minutes and at the end; false positives at once.</summary>
internal sealed class BehaviorKeeper(
    BehaviorStage stage,
    FalsePositiveLedger ledger,
    SnapshotStore store,
    TimeProvider time,
    ILogger<BehaviorKeeper> log) : BackgroundService, IStatsSource, IHealthSource
{
    public const string StateFile = "behavior.state";
    public const string MarksFile = "false-positives.state";

    private const long MostStateBytes = 80 << 20;
    private const long MostMarksBytes = 64 << 20;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MarksRetry = TimeSpan.FromSeconds(5);

    private readonly Lock _writing = new();
    private long _restored;
    private long _written;
    private long _failures;
    private bool _stopped;

    public bool Ready => true;

    public string? Fault => ledger.Stored ? null : $"{MarksFile} cannot be stored; free space or make the state folder writable. Marks of false positives are kept in memory and tried again.";

    public string Name => "behaviorState";

    public IReadOnlyDictionary<string, long> Read() => new Dictionary<string, long>(StringComparer.Ordinal)
    {
        ["restored"] = Volatile.Read(ref _restored),
        ["bytes"] = Volatile.Read(ref _written),
        ["failures"] = Interlocked.Read(ref _failures),
    };

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        Restore();
        ledger.Changed = SaveMarks;
        return base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        lock (_writing)
        {
            // A host may be stopped by two callers at once; the second waits, and the folder is not written afterwards.
            if (!_stopped)
            {
                SaveState();
                _stopped = true;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        using PeriodicTimer retry = new(MarksRetry, time);
        try
        {
            Task<bool> due = timer.WaitForNextTickAsync(stoppingToken).AsTask();
            while (await retry.WaitForNextTickAsync(stoppingToken))
            {
                ledger.Stored = ledger.Stored || SaveMarks();
                if (due.IsCompleted)
                {
                    SaveState();
                    due = timer.WaitForNextTickAsync(stoppingToken).AsTask();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The end of the service.
        }
    }

    private void Restore()
    {
        if (store.Read(MarksFile, MostMarksBytes, out string? damage) is { } marks)
        {
            try
            {
                foreach (FalsePositiveRow row in JsonSerializer.Deserialize(marks, BehaviorJson.Default.IReadOnlyListFalsePositiveRow) ?? [])
                {
                    if (Address.TryParse(row.Source, out Address source))
                    {
                        ledger.Restore(new FalsePositive(source, row.Kinds, row.Marked, row.Expiry, row.Actor, row.Comment));
                    }
                }
            }
            catch (JsonException failure)
            {
                damage = failure.Message;
            }
        }

        LogLoad(damage);
        if (store.Read(StateFile, MostStateBytes, out damage) is { } state)
        {
            int rows = stage.Load(state, time.GetUtcNow());
            Volatile.Write(ref _restored, Math.Max(0, rows));
            if (rows < 0)
            {
                damage = "it is of another version";
            }
        }

        LogLoad(damage);
    }

    private void SaveState() => Save(StateFile, () => stage.Save());

    private bool SaveMarks() => Save(MarksFile, () => JsonSerializer.SerializeToUtf8Bytes(
        [.. ledger.All.Select(m => new FalsePositiveRow($"{m.Source}", m.Kinds, m.Marked, m.Expiry, m.Actor, m.Comment))],
        BehaviorJson.Default.IReadOnlyListFalsePositiveRow));

    /// <summary>False: the disk refused.</summary>
    private bool Save(string file, Func<ReadOnlyMemory<byte>> content)
    {
        lock (_writing)
        {
            if (_stopped)
            {
                return false;
            }

            try
            {
                ReadOnlyMemory<byte> bytes = content();
                store.Write(file, bytes.Span);
                Volatile.Write(ref _written, bytes.Length);
                return true;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                Interlocked.Increment(ref _failures);
                BehaviorLog.NotKept(log, file, failure.Message);
                return false;
            }
        }
    }

    private void LogLoad(string? damage)
    {
        if (damage is not null)
        {
            Interlocked.Increment(ref _failures);
            BehaviorLog.Damaged(log, damage);
        }
    }
}
