using System.Threading.Channels;

namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>What happens with peers, told in order and one at a time; bounded, and what was lost is told too.</summary>
internal sealed class GossipEvents(GossipOptions options, TimeProvider time)
{
    private const int Waiting = 4096;

    // Anybody can change his subscriptions as often as he likes: that must not push out what happens in our meshes.
    private const int SubscriptionsWaiting = Waiting / 2;

    private readonly Channel<GossipEvent?> _events = Channel.CreateBounded<GossipEvent?>(new BoundedChannelOptions(Waiting) { SingleReader = true });
    private long _dropped;
    private long _told;

    public event Action<GossipEvent>? Happened;

    /// <summary>So many were dropped since this was last called.</summary>
    public event Action<long>? Lost;

    /// <summary>What a callback threw.</summary>
    public event Action<Exception>? Failed;

    /// <summary>Events that were dropped because nobody took them in time, or because one peer made too many.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Under the lock of the router, as all that it tells.</summary>
    /// <param name="happened">What.</param>
    /// <param name="session">Of the peer; null: it has none.</param>
    public void Raise(GossipEvent happened, PeerSession? session)
    {
        bool subscription = happened.Kind is GossipEventKind.Subscribed or GossipEventKind.Unsubscribed;
        if ((subscription && (_events.Reader.Count >= SubscriptionsWaiting || !MayTell(session))) || !_events.Writer.TryWrite(happened))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Wakes the teller where events were lost and none follows that would.</summary>
    public void Nudge()
    {
        if (Dropped > Interlocked.Read(ref _told))
        {
            _events.Writer.TryWrite(null);
        }
    }

    /// <summary>Tells until it is stopped.</summary>
    public async Task TellAsync(CancellationToken stop)
    {
        try
        {
            await foreach (GossipEvent? happened in _events.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                if (happened is not null)
                {
                    Call(() => Happened?.Invoke(happened));
                }

                // Once for all that were lost together.
                if (!_events.Reader.TryPeek(out _))
                {
                    TellLost();
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Neither the heartbeat nor a reader must end because something above it threw.</summary>
    public void Call(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception)
        {
            Fail(exception);
        }
    }

    public void Fail(Exception exception) => Failed?.Invoke(exception);

    private bool MayTell(PeerSession? session)
    {
        if (session is null)
        {
            return true;
        }

        long now = time.GetTimestamp();
        int most = options.TopicsPerPeer + options.SubscriptionEvents;
        (double left, long at) = session.SubscriptionEvents;
        left = at == 0 ? most : Math.Min(most, left + (time.GetElapsedTime(at, now).TotalSeconds * options.SubscriptionEvents));
        session.SubscriptionEvents = (Math.Max(0, left - 1), Math.Max(1, now));
        return left >= 1;
    }

    private void TellLost()
    {
        long dropped = Dropped;
        long lost = dropped - Interlocked.Read(ref _told);
        if (lost > 0)
        {
            Interlocked.Exchange(ref _told, dropped);
            Call(() => Lost?.Invoke(lost));
        }
    }
}
