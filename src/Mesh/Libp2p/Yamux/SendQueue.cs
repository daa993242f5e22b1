using System.Buffers;
using Blackwall.Mesh.Libp2p.Noise;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Mesh.Libp2p.Yamux;

/// <summary>
/// Frames that wait for the socket. What gathers while one batch is sent goes out as the next: under load many frames share an encryption and a call.
/// </summary>
internal sealed class SendQueue(NoiseChannel channel, YamuxOptions options, TimeProvider time, Action<string> failed) : IThreadPoolWorkItem
{
    private const int First = 4096;
    private const int BatchesAtOnce = 8;

    // Beyond the limit of writers there is this much room for the session's own frames; who does not even take those is gone.
    private const int ControlRoom = 64 * 1024;
    private readonly Lock _sync = new();
    private byte[]? _pending;
    private int _length;
    private int _pingAnswers;
    private bool _sending;
    private bool _ended;
    private TaskCompletionSource? _room;
    private TaskCompletionSource? _drained;
    private long _batchStarted;

    /// <summary>Since when the socket takes nothing; null while it does.</summary>
    public TimeSpan? StalledFor => Interlocked.Read(ref _batchStarted) is > 0 and var started ? time.GetElapsedTime(started) : null;

    /// <summary>Queues a frame; waits while too much is queued.</summary>
    public ValueTask SendAsync(YamuxHeader header, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        bool first;
        lock (_sync)
        {
            if (_ended)
            {
                return ValueTask.FromException(new IOException("The connection ended."));
            }

            if (_length >= options.MaxPending)
            {
                return WaitAsync(header, body, cancellation);
            }

            first = Append(header, body.Span);
        }

        if (first)
        {
            // Here and now, up to the point where the socket takes no more: another thread would only come later.
            _ = SendPendingAsync();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Queues a frame of the session. Never waits.</summary>
    public void SendControl(YamuxHeader header)
    {
        bool flooded;
        bool first = false;
        lock (_sync)
        {
            if (_ended)
            {
                return;
            }

            flooded = _length > options.MaxPending + YamuxHeader.MaxData + ControlRoom;
            if (!flooded)
            {
                first = Append(header, []);
            }
        }

        Begin(first);
        if (flooded)
        {
            failed("the other side takes no data");
        }
    }

    /// <summary>False: too many answers wait already.</summary>
    public bool TryAnswerPing(uint value)
    {
        bool first;
        lock (_sync)
        {
            if (_ended || _pingAnswers >= options.MaxPingAnswers)
            {
                return _ended;
            }

            _pingAnswers++;
            first = Append(new YamuxHeader(YamuxType.Ping, YamuxFlags.Ack, 0, value), []);
        }

        Begin(first);
        return true;
    }

    /// <summary>Completes when all that is queued now was sent, or nothing more will be.</summary>
    public Task DrainAsync()
    {
        lock (_sync)
        {
            return _ended || !_sending ? Task.CompletedTask : (_drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Nothing more is sent; writers that wait fail.</summary>
    public void End()
    {
        TaskCompletionSource? room;
        TaskCompletionSource? drained;
        lock (_sync)
        {
            _ended = true;
            (room, _room) = (_room, null);
            (drained, _drained) = (_drained, null);
            if (_pending is { } pending)
            {
                _pending = null;
                _length = 0;
                ArrayPool<byte>.Shared.Return(pending);
            }
        }

        room?.TrySetResult();
        drained?.TrySetResult();
    }

    void IThreadPoolWorkItem.Execute() => _ = SendPendingAsync();

    private async ValueTask WaitAsync(YamuxHeader header, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        while (true)
        {
            Task room;
            lock (_sync)
            {
                if (_ended)
                {
                    throw new IOException("The connection ended.");
                }

                if (_length < options.MaxPending)
                {
                    Begin(Append(header, body.Span));
                    return;
                }

                room = (_room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await room.WaitAsync(cancellation);
        }
    }

    // The session's own frames come from the reader and under the connection's lock: neither is to send.
    private void Begin(bool first)
    {
        if (first)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    // True: nobody is sending, and whoever calls must see to it.
    private bool Append(YamuxHeader header, ReadOnlySpan<byte> body)
    {
        int needed = _length + YamuxHeader.Size + body.Length;
        if (_pending is null || _pending.Length < needed)
        {
            byte[] room = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(First, 2 * _length)));
            if (_pending is { } old)
            {
                old.AsSpan(0, _length).CopyTo(room);
                ArrayPool<byte>.Shared.Return(old);
            }

            _pending = room;
        }

        header.Write(_pending.AsSpan(_length));
        body.CopyTo(_pending.AsSpan(_length + YamuxHeader.Size));
        _length = needed;
        bool first = !_sending;
        _sending = true;
        return first;
    }

    private async Task SendPendingAsync()
    {
        try
        {
            for (int sent = 0; ; sent++)
            {
                if (sent == BatchesAtOnce)
                {
                    // A writer that began this is not to send for all others without end.
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                    return;
                }

                if (TakeBatch() is not { Array: { } batch, Count: var count })
                {
                    return;
                }

                Interlocked.Exchange(ref _batchStarted, Math.Max(1, time.GetTimestamp()));
                try
                {
                    await channel.SendAsync(batch.AsMemory(0, count), CancellationToken.None);
                }
                finally
                {
                    Interlocked.Exchange(ref _batchStarted, 0);
                    ArrayPool<byte>.Shared.Return(batch);
                }
            }
        }
        catch (Exception exception)
        {
            failed(exception is IOException ? "the connection broke while sending" : exception.Message);
        }
    }

    private ArraySegment<byte> TakeBatch()
    {
        TaskCompletionSource? room;
        TaskCompletionSource? drained = null;
        ArraySegment<byte> batch = default;
        lock (_sync)
        {
            (room, _room) = (_room, null);
            if (_ended || _length == 0)
            {
                _sending = false;
                (drained, _drained) = (_drained, null);
            }
            else
            {
                batch = new ArraySegment<byte>(_pending!, 0, _length);
                _pending = null;
                _length = 0;
                _pingAnswers = 0;
            }
        }

        room?.TrySetResult();
        drained?.TrySetResult();
        return batch;
    }
}
