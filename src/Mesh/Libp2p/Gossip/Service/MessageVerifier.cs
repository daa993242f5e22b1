using Blackwall.Mesh.Libp2p.Gossip.Signing;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>Verifies signatures beside the router's lock, as many at once as there are processors, and asks the application's validators.</summary>
internal sealed class MessageVerifier(
    Lock gate,
    GossipRouter router,
    TopicBook topics,
    SessionOutput output,
    GossipEvents events,
    PeerId self,
    Func<long> now,
    Action<PeerId, ReadOnlyMemory<byte>> offered,
    TimeSpan validatorTime,
    TimeProvider time,
    CancellationToken stop) : IDisposable
{
    private readonly SemaphoreSlim _verifying = new(Environment.ProcessorCount, Environment.ProcessorCount);

    public void Dispose() => _verifying.Dispose();

    /// <summary>Verifies what one RPC brought, one message after the other.</summary>
    public async ValueTask VerifyAsync(RpcIntake intake, CancellationToken cancellation)
    {
        foreach ((PeerId peer, byte[] record) in intake.Offers)
        {
            events.Call(() => offered(peer, record));
        }

        intake.Offers.Clear();
        int next = 0;
        try
        {
            for (; next < intake.ToVerify.Count; next++)
            {
                (PendingMessage pending, Author author) = intake.ToVerify[next];
                await VerifyAsync(pending, author, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            // What was not reached must not stay as "being verified": it would keep true copies out.
            lock (gate)
            {
                for (; next < intake.ToVerify.Count; next++)
                {
                    router.Abandon(intake.ToVerify[next].Pending);
                }
            }

            intake.ToVerify.Clear();
        }
    }

    private async ValueTask VerifyAsync(PendingMessage pending, Author author, CancellationToken cancellation)
    {
        if (!_verifying.Wait(0, CancellationToken.None))
        {
            await _verifying.WaitAsync(cancellation).ConfigureAwait(false);
        }

        bool holds;
        try
        {
            holds = MessageView.TryRead(pending.Message.Raw.Span, out MessageView view) && MessageSignature.Holds(in view, author);
        }
        finally
        {
            _verifying.Release();
        }

        TopicOptions? topic;
        lock (gate)
        {
            if (!holds)
            {
                router.SignatureFailed(pending);
                return;
            }

            if (!router.SignatureHeld(pending, now()))
            {
                return;
            }

            topic = topics.Find(pending.Message.Topic);
            if (topic is { Validator: null })
            {
                Complete(pending, Validation.Accept);
            }
        }

        GossipMessage message = pending.Message;
        TopicMessage told = new(message.Topic, message.From, message.Seqno, message.Data, message.Id.ToArray(), pending.Via.Id);
        bool accepted = true;
        if (topic is null or { Validator: not null })
        {
            Validation validation = topic is null ? Validation.Ignore : await ValidateAsync(topic.Validator!, told).ConfigureAwait(false);
            accepted = validation is Validation.Accept;
            lock (gate)
            {
                Complete(pending, validation);
            }
        }

        if (accepted && topic?.Received is { } received)
        {
            events.Call(() => received(told));
        }
    }

    private void Complete(PendingMessage pending, Validation validation)
    {
        // The author of what comes back to us is ourselves: it was published before, or by an earlier run of us.
        router.Complete(pending, pending.Message.From == self ? Validation.Ignore : validation, now());
        output.Deliveries.Clear();
    }

    private async ValueTask<Validation> ValidateAsync(Func<TopicMessage, ValueTask<Validation>> validator, TopicMessage message)
    {
        try
        {
            ValueTask<Validation> running = validator(message);
            return running.IsCompletedSuccessfully
                ? running.Result
                : await running.AsTask().WaitAsync(validatorTime, time, stop).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A validator that fails is our fault: nobody else is blamed.
            events.Fail(exception);
            return Validation.Ignore;
        }
    }
}
