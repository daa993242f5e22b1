using System.Threading.Channels;
using Blackwall.Pipeline;

namespace Blackwall.Storage;

/// <summary>
/// What the board tells the journal. Which decisions to store is not queued here (the board keeps that as a set, so nothing is lost when the disk is
/// full); only what passes by once: evidence and endings. Bounded; what finds no place is counted.
/// </summary>
public sealed class JournalInbox : IDecisionObserver, IEvidenceSink
{
    public const int Capacity = 65_536;

    private readonly Channel<DecisionChange> _changes = Channel.CreateBounded<DecisionChange>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Channel<Evidence> _witnessed = Channel.CreateBounded<Evidence>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });
    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    public int Waiting => _changes.Reader.Count + _witnessed.Reader.Count;

    public void OnChange(DecisionChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Decision.Origin == Origin.Guard)
        {
            return;
        }

        bool passing = change.Evidence.Count > 0 || change.Kind is DecisionChangeKind.Lifted or DecisionChangeKind.Expired;
        if (passing && !_changes.Writer.TryWrite(change))
        {
            Interlocked.Increment(ref _dropped);
        }

        Wake();
    }

    public void Record(Evidence evidence)
    {
        if (!_witnessed.Writer.TryWrite(evidence))
        {
            Interlocked.Increment(ref _dropped);
        }

        Wake();
    }

    internal bool TryTake(out Evidence? evidence) => _witnessed.Reader.TryRead(out evidence);

    internal void Wake() => _wake.Writer.TryWrite(true);

    internal ValueTask<bool> WaitAsync(CancellationToken cancellation) => _wake.Reader.ReadAsync(cancellation);

    internal bool TryTake(out DecisionChange? change) => _changes.Reader.TryRead(out change);
}
