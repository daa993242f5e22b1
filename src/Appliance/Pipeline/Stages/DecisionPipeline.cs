using System.Collections.Concurrent;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Pipeline.Stages;

/// <summary>
/// Runs each event through the stages in order. <see cref="Observe(in PacketEvent)"/> and its sibling belong to the one thread that
/// drains the rings; everything else is thread-safe. An ordinary event allocates nothing.
/// </summary>
public sealed class DecisionPipeline
{
    private const int FeedbackCapacity = 4096;

    private readonly IStage[] _stages;
    private readonly PublishQueue _queue;
    private readonly StageFindings _findings;
    private readonly ConcurrentQueue<Feedback> _feedback = new();
    private int _feedbackCount;
    private long _feedbackDropped;
    private long _events;
    private long _samples;

    public DecisionPipeline(IEnumerable<IStage> stages, PublishQueue queue)
    {
        ArgumentNullException.ThrowIfNull(stages);
        ArgumentNullException.ThrowIfNull(queue);
        _stages = [.. stages];
        _queue = queue;
        _findings = new StageFindings(_stages, queue);
    }

    public PipelineStats Stats => new(
        Volatile.Read(ref _events),
        Volatile.Read(ref _samples),
        _queue.Requested,
        _queue.Published,
        _queue.Refused,
        _queue.Dropped,
        Interlocked.Read(ref _feedbackDropped));

    /// <summary>One record of EVENTS or EGRESS_EVENTS.</summary>
    public void Observe(in PacketEvent packet)
    {
        Volatile.Write(ref _events, _events + 1);
        HearFeedback();
        foreach (IStage stage in _stages)
        {
            stage.Observe(in packet, _findings);
        }
    }

    /// <summary>One record of TLS_EVENTS, DPI_EVENTS or SYN_EVENTS with the bytes that follow it.</summary>
    public void Observe(in SampleHeader header, ReadOnlySpan<byte> data)
    {
        Volatile.Write(ref _samples, _samples + 1);
        HearFeedback();
        foreach (IStage stage in _stages)
        {
            stage.Observe(in header, data, _findings);
        }
    }

    /// <summary>Tells the stages that a decision over this scope was lifted. Takes effect before the next event.</summary>
    public void Forget(Prefix scope) => Enqueue(new Feedback(scope, Lifted: true));

    /// <summary>Tells the stages that a decision about this scope was refused. Takes effect before the next event.</summary>
    public void Exempt(Prefix scope) => Enqueue(new Feedback(scope, Lifted: false));

    private void Enqueue(Feedback feedback)
    {
        if (Interlocked.Increment(ref _feedbackCount) > FeedbackCapacity)
        {
            Interlocked.Decrement(ref _feedbackCount);
            Interlocked.Increment(ref _feedbackDropped);
            return;
        }

        _feedback.Enqueue(feedback);
    }

    private void HearFeedback()
    {
        if (Volatile.Read(ref _feedbackCount) == 0)
        {
            return;
        }

        while (_feedback.TryDequeue(out Feedback feedback))
        {
            Interlocked.Decrement(ref _feedbackCount);
            foreach (IStage stage in _stages)
            {
                if (feedback.Lifted)
                {
                    stage.Forget(feedback.Scope);
                }
                else
                {
                    stage.Exempt(feedback.Scope);
                }
            }
        }
    }

    private readonly record struct Feedback(Prefix Scope, bool Lifted);

    private sealed class StageFindings(IStage[] stages, PublishQueue queue) : IFindings
    {
        public void Decide(DecisionRequest request) => queue.Decide(request);

        public void Record(Evidence evidence) => queue.Record(evidence);

        public void Publish(in Sign sign)
        {
            foreach (IStage stage in stages)
            {
                stage.OnSign(in sign, this);
            }
        }
    }
}
