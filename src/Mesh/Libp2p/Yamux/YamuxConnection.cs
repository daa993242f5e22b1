using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Noise;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Mesh.Libp2p.Yamux;

/// <summary>
/// Many streams over one encrypted connection (Yamux, revision 0). What the other side may make us hold is bounded by the windows, by the count of
/// streams and by the connection's buffer; a breach of the rules ends the connection with a go-away.
/// </summary>
internal sealed class YamuxConnection : ITransportConnection, ITicking
{
    public const string Protocol = "/yamux/1.0.0";

    private const string ClosedByUs = "closed by us";

    // How long the other side may take to read our last frames, and then to close as well.
    private static readonly TimeSpan LastPatience = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan EndPatience = TimeSpan.FromMilliseconds(250);

    private readonly NoiseChannel _channel;
    private readonly YamuxOptions _options;
    private readonly MemoryBudget _budget;
    private readonly MeshCounters _counters;
    private readonly TimeProvider _time;
    private readonly SendQueue _queue;
    private readonly YamuxReader _reader = new();
    private readonly YamuxStreams _streams;
    private readonly KeepAlive _life;
    private readonly ControlBudget _control;
    private readonly AsyncSignal _drained = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private YamuxStream? _bodyOf;
    private int _buffered;
    private long _pausedSince;
    private volatile bool _closing;

    public YamuxConnection(NoiseChannel channel, ConnectionEnds ends, YamuxOptions options, MemoryBudget budget, MeshCounters counters, TimeProvider time)
    {
        _channel = channel;
        _options = options;
        _budget = budget;
        _counters = counters;
        _time = time;
        (RemoteKey, RemoteAddress, LocalAddress, Outbound) = ends;
        _life = new KeepAlive(options, time);
        _control = new ControlBudget(options.ControlFramesPerSecond, time);
        _queue = new SendQueue(channel, options, time, End);
        _streams = new YamuxStreams(this, _queue, options, counters);
        _running = RunAsync();
    }

    public PublicKey RemoteKey { get; }

    public Multiaddr RemoteAddress { get; }

    public Multiaddr LocalAddress { get; }

    public bool Outbound { get; }

    public Task<string> Ended => _ended.Task;

    /// <summary>Guards the state of the connection's streams.</summary>
    public Lock Sync => _streams.Sync;

    /// <summary>Bytes received and not read yet.</summary>
    public int Buffered => Volatile.Read(ref _buffered);

    public int StreamCount => _streams.Count;

    public ValueTask<IByteStream> OpenAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return new ValueTask<IByteStream>(_streams.Open());
    }

    public ValueTask<IByteStream?> AcceptAsync(CancellationToken cancellation) => _streams.AcceptAsync(cancellation);

    public async ValueTask CloseAsync()
    {
        _streams.Refuse();

        if (await SendLastAsync(code: 0) && !_ended.Task.IsCompleted)
        {
            // An end and no reset, which a socket with unread bytes would send: the other side is to see that this was meant. What it still
            // sends is thrown away until it has read our end and closes too.
            _closing = true;
            _queue.End();
            _drained.Set();
            _channel.EndSending();
            await _running.WaitAsync(EndPatience, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        End(ClosedByUs);
        await _running;
    }

    public ValueTask DisposeAsync() => CloseAsync();

    /// <summary>Looks after time: life signs, sending that stands still, streams that nobody reads.</summary>
    public void Tick()
    {
        if (_ended.Task.IsCompleted)
        {
            return;
        }

        if (_queue.StalledFor > _options.Patience)
        {
            _counters.Count(MeshLoss.ConnectionStalled);
            End("the other side takes no data");
            return;
        }

        if (_streams.HasAbandoned)
        {
            ResetAbandoned();
        }

        if (Interlocked.Read(ref _pausedSince) is > 0 and var paused)
        {
            if (_time.GetElapsedTime(paused) > _options.ReadPatience)
            {
                ResetFullest();
            }

            return;
        }

        if (_life.IsGone)
        {
            _counters.Count(MeshLoss.ConnectionStalled);
            End("the other side gives no sign of life");
        }
        else if (_life.NextPing() is { } value)
        {
            _queue.SendControl(new YamuxHeader(YamuxType.Ping, YamuxFlags.Syn, 0, value));
        }
    }

    public ValueTask SendDataAsync(uint stream, YamuxFlags flags, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        _queue.SendAsync(new YamuxHeader(YamuxType.Data, flags, stream, (uint)bytes.Length), bytes, cancellation);

    public void SendWindow(YamuxStream stream, uint growth)
    {
        YamuxFlags flags;
        lock (Sync)
        {
            flags = stream.TakeOpeningFlags();
        }

        _queue.SendControl(new YamuxHeader(YamuxType.WindowUpdate, flags, stream.Id, growth));
    }

    public long Now => _time.GetTimestamp();

    public void Consumed(int bytes)
    {
        _budget.Add(-bytes);
        if (Interlocked.Add(ref _buffered, -bytes) <= _options.MaxBuffered && Interlocked.Read(ref _pausedSince) > 0)
        {
            _drained.Set();
        }
    }

    public void ForgetIfFinished(YamuxStream stream) => _streams.ForgetIfFinished(stream);

    /// <summary>Ends a stream, and tells the other side.</summary>
    public void Drop(YamuxStream stream, string reason, bool tell)
    {
        Consumed(_streams.Fail(stream, reason));
        if (tell)
        {
            _queue.SendControl(new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.Rst, stream.Id, 0));
        }
    }

    private async Task RunAsync()
    {
        // Nothing of the caller's is held while this runs.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        string reason = "closed by the other side";
        try
        {
            while (await _channel.ReadFrameAsync(CancellationToken.None) is { Length: > 0 } bytes)
            {
                if (_closing)
                {
                    continue;
                }

                if (Process(bytes.Span) is { } breach)
                {
                    _counters.Count(MeshLoss.ProtocolBreach);
                    reason = $"the other side sent {breach}";
                    await SendLastAsync(code: 1);
                    break;
                }

                await PauseAsync();
            }
        }
        catch (InvalidDataException exception)
        {
            _counters.Count(MeshLoss.ProtocolBreach);
            reason = exception.Message;
        }
        catch (Exception exception)
        {
            reason = exception is EndOfStreamException ? exception.Message : "the connection broke";
        }

        End(_closing ? ClosedByUs : reason);
        _channel.ReleaseReader();
    }

    // False: the other side did not take it.
    private async Task<bool> SendLastAsync(uint code)
    {
        _queue.SendControl(new YamuxHeader(YamuxType.GoAway, YamuxFlags.None, 0, code));
        try
        {
            await _queue.DrainAsync().WaitAsync(LastPatience, _time);
            return true;
        }
        catch (TimeoutException)
        {
            // Who does not take a go-away gets none.
            return false;
        }
    }

    // Not read: TCP's own window then tells the other side to wait.
    private async ValueTask PauseAsync()
    {
        if (_buffered <= _options.MaxBuffered && !_budget.Exhausted)
        {
            return;
        }

        Interlocked.Exchange(ref _pausedSince, Math.Max(1, _time.GetTimestamp()));
        while (_buffered > 0 && (_buffered > _options.MaxBuffered || _budget.Exhausted) && !_closing && !_ended.Task.IsCompleted)
        {
            await _drained.WaitAsync(CancellationToken.None);
        }

        Interlocked.Exchange(ref _pausedSince, 0);
        _life.FrameCame();
    }

    /// <summary>We are done with a stream whose other way is open: what still comes is thrown away, and after a while the stream is reset.</summary>
    public void Abandon() => _streams.Abandon();

    private void ResetAbandoned()
    {
        foreach (YamuxStream stream in _streams.Late(_time))
        {
            Drop(stream, "The other side did not close the stream.", tell: true);
        }
    }

    private void ResetFullest()
    {
        if (_streams.Fullest() is { } fullest)
        {
            _counters.Count(MeshLoss.StreamOverflow);
            Drop(fullest, "The stream was reset: nobody read what it held.", tell: true);
        }

        _drained.Set();
    }

    private void End(string reason)
    {
        if (!_ended.TrySetResult(reason))
        {
            return;
        }

        _queue.End();
        _channel.Dispose();
        Consumed(_streams.FailAll($"The connection ended: {reason}."));
        _drained.Set();
    }

    // Null, or how the rules were broken.
    private string? Process(ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            switch (_reader.Next(ref bytes, out ReadOnlySpan<byte> body))
            {
                case YamuxPiece.None:
                    if (_reader.AtFrameEnd)
                    {
                        _life.FrameCame();
                    }

                    return null;
                case YamuxPiece.Invalid:
                    return _reader.Error;
                case YamuxPiece.Header when TakeHeader(_reader.Header) is { } breach:
                    return breach;
                case YamuxPiece.Body when _bodyOf is { } stream:
                    Deliver(stream, body);
                    break;
                default:
                    break;
            }
        }
    }

    private void Deliver(YamuxStream stream, ReadOnlySpan<byte> body)
    {
        lock (Sync)
        {
            if (stream.TryDeliver(body))
            {
                Interlocked.Add(ref _buffered, body.Length);
                _budget.Add(body.Length);
            }
        }

        if (_reader.AtFrameEnd && (_reader.Header.Flags & YamuxFlags.Fin) != YamuxFlags.None)
        {
            _streams.CloseRemote(stream);
        }
    }

    private string? TakeHeader(YamuxHeader header)
    {
        _bodyOf = null;
        if ((header.Type != YamuxType.Data || header.Length == 0 || (header.Flags & YamuxFlags.Syn) != YamuxFlags.None) && !_control.TryTake())
        {
            return "too many frames without data";
        }

        switch (header.Type)
        {
            case YamuxType.Ping:
                return TakePing(header);
            case YamuxType.GoAway:
                _streams.RemoteRefuses();
                return null;
            default:
                string? breach = _streams.Accept(header, out _bodyOf, out YamuxStream? reset);
                if (reset is not null)
                {
                    Drop(reset, "The stream was reset by the other side.", tell: false);
                }

                return breach;
        }
    }

    private string? TakePing(YamuxHeader header)
    {
        if (header.Flags is not (YamuxFlags.Syn or YamuxFlags.Ack))
        {
            return "a ping that is neither a question nor an answer";
        }

        if (header.Flags == YamuxFlags.Syn)
        {
            if (!_queue.TryAnswerPing(header.Length))
            {
                _counters.Count(MeshLoss.PingDropped);
            }

            return null;
        }

        return _life.TryAnswer(header.Length) ? null : "a ping answer that nobody asked for";
    }
}
