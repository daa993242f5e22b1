using System.Threading.Channels;

namespace Blackwall.Notifications;

/// <summary>Notifications on their way by one notifier: a bounded queue of its own, so that one that hangs holds up no other. Thread-safe.</summary>
internal sealed class NotificationChannel(INotifier notifier, TimeProvider time, ILogger log)
{
    /// <summary>Notifications that wait; what comes beyond is counted as given up.</summary>
    public const int Capacity = 256;

    private static readonly TimeSpan[] s_pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25)];

    private readonly Channel<Notification> _waiting = Channel.CreateBounded<Notification>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private long _sent;
    private long _failed;
    private string? _fault;

    public INotifier Notifier => notifier;

    public string? Fault => notifier.IsUsed ? Volatile.Read(ref _fault) : null;

    public long Sent => Interlocked.Read(ref _sent);

    public long Failed => Interlocked.Read(ref _failed);

    public void Add(Notification notification)
    {
        if (notifier.IsUsed && !_waiting.Writer.TryWrite(notification))
        {
            Interlocked.Increment(ref _failed);
        }
    }

    /// <summary>Sends one at once, beside the queue. Null: it was taken; else why not.</summary>
    public async Task<string?> TryAsync(Notification notification, CancellationToken cancellation)
    {
        try
        {
            await notifier.SendAsync(notification, cancellation);
            Interlocked.Increment(ref _sent);
            Volatile.Write(ref _fault, null);
            return null;
        }
        catch (NotifyException failure)
        {
            Volatile.Write(ref _fault, failure.Message);
            return failure.Message;
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (Notification next in _waiting.Reader.ReadAllAsync(cancellation))
        {
            string? why = await TryAsync(next, cancellation);
            foreach (TimeSpan pause in s_pauses)
            {
                if (why is null)
                {
                    break;
                }

                await Task.Delay(pause, time, cancellation);
                why = await TryAsync(next, cancellation);
            }

            if (why is not null)
            {
                Interlocked.Increment(ref _failed);
                NotifyLog.GivenUp(log, notifier.Name, why);
            }
        }
    }
}
