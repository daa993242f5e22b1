using System.Threading.Channels;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Pipeline.Board;

/// <summary>Hands findings from the packet path to one publisher, since publishing may wait for a lock. Bounded: the newest is dropped and counted.</summary>
public sealed class PublishQueue : IFindings
{
    private readonly Channel<Finding> _channel;
    private long _requested;
    private long _published;
    private long _refused;
    private long _dropped;

    public PublishQueue(int capacity = 8192)
    {
        _channel = Channel.CreateBounded<Finding>(new BoundedChannelOptions(capacity)
        {
            SingleReader = true,
            FullMode = BoundedChannelFullMode.Wait, // TryWrite then answers false, which is counted.
        });
    }

    public long Requested => Interlocked.Read(ref _requested);

    public long Published => Interlocked.Read(ref _published);

    public long Refused => Interlocked.Read(ref _refused);

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Decide(DecisionRequest request)
    {
        Interlocked.Increment(ref _requested);
        Write(new Finding(request, null));
    }

    public void Record(Evidence evidence) => Write(new Finding(null, evidence));

    public void Publish(in Sign sign)
    {
        // Signs are for the stages; nothing of them is published.
    }

    /// <summary>Publishes until cancelled. One caller.</summary>
    /// <param name="decisions">The board.</param>
    /// <param name="journals">Who keeps evidence without a decision.</param>
    /// <param name="refused">Called with each refusal.</param>
    /// <param name="failed">Called when a sink throws; the finding is lost, the loop goes on.</param>
    /// <param name="cancellation">Ends the loop.</param>
    public async Task RunAsync(
        IDecisionSink decisions,
        IReadOnlyList<IEvidenceSink> journals,
        Action<DecisionRequest, string> refused,
        Action<Exception> failed,
        CancellationToken cancellation)
    {
        await foreach (Finding finding in _channel.Reader.ReadAllAsync(cancellation))
        {
            try
            {
                Deliver(finding, decisions, journals, refused);
            }
            catch (Exception exception)
            {
                Interlocked.Increment(ref _dropped);
                failed(exception);
            }
        }
    }

    /// <summary>Publishes what waits now and returns how many findings that were. For replays, instead of <see cref="RunAsync"/>.</summary>
    public int PublishWaiting(IDecisionSink decisions, IReadOnlyList<IEvidenceSink> journals, Action<DecisionRequest, string> refused)
    {
        int count = 0;
        for (; _channel.Reader.TryRead(out Finding finding); count++)
        {
            Deliver(finding, decisions, journals, refused);
        }

        return count;
    }

    private void Deliver(Finding finding, IDecisionSink decisions, IReadOnlyList<IEvidenceSink> journals, Action<DecisionRequest, string> refused)
    {
        if (finding.Request is { } request)
        {
            PublishResult result = decisions.Publish(request);
            if (result.Refusal is { } sentence)
            {
                Interlocked.Increment(ref _refused);
                refused(request, sentence);
            }
            else
            {
                Interlocked.Increment(ref _published);
            }
        }
        else if (finding.Evidence is { } found)
        {
            Evidence evidence = decisions.Witness(found);
            foreach (IEvidenceSink journal in journals)
            {
                journal.Record(evidence);
            }
        }
    }

    private void Write(Finding finding)
    {
        if (!_channel.Writer.TryWrite(finding))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    private readonly record struct Finding(DecisionRequest? Request, Evidence? Evidence);
}
