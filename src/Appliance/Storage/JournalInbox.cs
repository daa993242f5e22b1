using System.Threading.Channels;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Storage;

/// <summary>
/// What the board tells the journal. Which decisions to store is not queued here (the board keeps that as a set, so nothing is lost when the disk is
/// full); only what passes by once: evidence and endings. Bounded; what finds no place is counted.
/// </summary>
public sealed class JournalInbox(TimeProvider? time = null) : IDecisionObserver, IEvidenceSink
{
    public const int Capacity = 65_536;

    private readonly Channel<DecisionChange> _changes = Channel.CreateBounded<DecisionChange>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Channel<Evidence> _witnessed = Channel.CreateBounded<Evidence>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private FlushRequest? _flush;
    private TaskCompletionSource _urgent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ForgeableShare _forgeable = new(time ?? TimeProvider.System);
    private long _dropped;

    /// <summary>Pieces of forgeable evidence and limits that were only added up.</summary>
    public long Condensed => _forgeable.Condensed;

    public long Dropped => Interlocked.Read(ref _dropped);

    public int Waiting => _changes.Reader.Count + _witnessed.Reader.Count;

    /// <summary>Completes when somebody waits for the store.</summary>
    internal Task Urgent
    {
        get
        {
            lock (_lock)
            {
                return _urgent.Task;
            }
        }
    }

    public void OnChange(DecisionChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Decision.Origin == Origin.Guard)
        {
            return;
        }

        bool passing = change.Evidence.Count > 0 || change.Kind is DecisionChangeKind.Lifted or DecisionChangeKind.Expired;
        if (passing && ForgeableShare.IsForgeable(change.Decision) && !_forgeable.TryTake(change.Evidence.Count > 0 ? change.Evidence[0].Kind : change.Decision.Reason))
        {
            return;
        }

        if (passing && !_changes.Writer.TryWrite(change))
        {
            Interlocked.Increment(ref _dropped);
        }

        Wake();
    }

    public void Record(Evidence evidence)
    {
        if (ForgeableShare.IsForgeable(evidence) && !_forgeable.TryTake(evidence.Kind))
        {
            return;
        }

        if (!_witnessed.Writer.TryWrite(evidence))
        {
            Interlocked.Increment(ref _dropped);
        }

        Wake();
    }

    /// <summary>
    /// Waits until everything published so far is stored; false: the store cannot take it, and goes on trying. Callers that come while one
    /// write is under way share the next.
    /// </summary>
    /// <param name="durable">Whether it has to survive a power cut as well as the death of the process.</param>
    /// <param name="cancellation">Ends the wait, not the write.</param>
    public Task<bool> FlushAsync(bool durable, CancellationToken cancellation)
    {
        Task<bool> flushed;
        lock (_lock)
        {
            _flush ??= new FlushRequest();
            _flush.Durable |= durable;
            flushed = _flush.Done.Task;
            _urgent.TrySetResult();
        }

        Wake();
        return flushed.WaitAsync(cancellation);
    }

    /// <summary>Who waits from before this moment; null: nobody.</summary>
    internal FlushRequest? TakeFlush()
    {
        lock (_lock)
        {
            FlushRequest? flush = _flush;
            _flush = null;
            if (_urgent.Task.IsCompleted)
            {
                _urgent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return flush;
        }
    }

    internal bool TryTake(out Evidence? evidence) => _witnessed.Reader.TryRead(out evidence);

    /// <summary>What was added up lately; without ids.</summary>
    internal IReadOnlyList<Evidence> TakeSummaries() => _forgeable.TakeSummaries();

    internal void Wake() => _wake.Writer.TryWrite(true);

    internal ValueTask<bool> WaitAsync(CancellationToken cancellation) => _wake.Reader.ReadAsync(cancellation);

    internal bool TryTake(out DecisionChange? change) => _changes.Reader.TryRead(out change);

    /// <summary>All who wait for the same write.</summary>
    internal sealed class FlushRequest
    {
        public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Durable { get; set; }
    }
}
