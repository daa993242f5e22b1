using System.Threading.Channels;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Storage;

/// <summary>
/// What the board tells the store. Which decisions to store is not queued here (the board keeps that as a set, so nothing is lost when the disk is
/// full); only what passes by once: evidence and endings. Bounded; what finds no place is counted.
/// </summary>
public sealed class JournalInbox(StoreQueue queue, TimeProvider? time = null) : IDecisionObserver, IEvidenceSink
{
    public const int Capacity = 65_536;

    private readonly Channel<DecisionChange> _changes = Channel.CreateBounded<DecisionChange>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Channel<Evidence> _witnessed = Channel.CreateBounded<Evidence>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly ForgeableShare _forgeable = new(time ?? TimeProvider.System);
    private long _dropped;
    private long _written;

    /// <summary>Pieces of forgeable evidence and limits that were only added up.</summary>
    public long Condensed => _forgeable.Condensed;

    public long Dropped => Interlocked.Read(ref _dropped);

    public int Waiting => _changes.Reader.Count + _witnessed.Reader.Count;

    /// <summary>Decisions that were brought up to date in the store.</summary>
    public long Written => Interlocked.Read(ref _written);

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

        queue.Wake();
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

        queue.Wake();
    }

    internal bool TryTake(out Evidence? evidence) => _witnessed.Reader.TryRead(out evidence);

    /// <summary>What was added up lately; without ids.</summary>
    internal IReadOnlyList<Evidence> TakeSummaries() => _forgeable.TakeSummaries();

    internal bool TryTake(out DecisionChange? change) => _changes.Reader.TryRead(out change);

    internal void CountWritten(int decisions) => Interlocked.Add(ref _written, decisions);
}
