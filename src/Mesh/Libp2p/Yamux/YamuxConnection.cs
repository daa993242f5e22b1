using System.Security.Cryptography;
using System.Threading.Channels;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Libp2p.Noise;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Mesh.Libp2p.Yamux;

/// <summary>
/// Many streams over one encrypted connection (Yamux, revision 0). What the other side may make us hold is bounded by the windows, by the count of
/// streams and by the connection's buffer; a breach of the rules ends the connection with a go-away.
/// </summary>
internal sealed partial class YamuxConnection : ITransportConnection, ITicking
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
    private readonly Dictionary<uint, YamuxStream> _streams = [];
    private readonly Channel<IByteStream> _accepted = Channel.CreateUnbounded<IByteStream>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly AsyncSignal _drained = new();
    private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private YamuxStream? _bodyOf;
    private uint _nextId;
    private int _inbound;
    private int _unacknowledged;
    private int _buffered;
    private int _abandoned;
    private long _pausedSince;
    private double _controlTokens;
    private long _controlFilled;
    private long _lastFrame;
    private long _pingSent;
    private uint _pingValue;
    private bool _refusing;
    private volatile bool _closing;
    private bool _remoteRefuses;

    public YamuxConnection(NoiseChannel channel, ConnectionEnds ends, YamuxOptions options, MemoryBudget budget, MeshCounters counters, TimeProvider time)
    {
        _channel = channel;
        _options = options;
        _budget = budget;
        _counters = counters;
        _time = time;
        (RemoteKey, RemoteAddress, LocalAddress, Outbound) = ends;
        _nextId = Outbound ? 1u : 2u;
        _lastFrame = _controlFilled = time.GetTimestamp();
        _controlTokens = 10.0 * options.ControlFramesPerSecond;
        _queue = new SendQueue(channel, options, time, End);
        _running = RunAsync();
    }

    public PublicKey RemoteKey { get; }

    public Multiaddr RemoteAddress { get; }

    public Multiaddr LocalAddress { get; }

    public bool Outbound { get; }

    public Task<string> Ended => _ended.Task;

    /// <summary>Guards the state of the connection's streams.</summary>
    public Lock Sync { get; } = new();

    /// <summary>Bytes received and not read yet.</summary>
    public int Buffered => Volatile.Read(ref _buffered);

    public int StreamCount
    {
        get
        {
            lock (Sync)
            {
                return _streams.Count;
            }
        }
    }

    public ValueTask<IByteStream> OpenAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (Sync)
        {
            if (_ended.Task.IsCompleted || _refusing || _remoteRefuses)
            {
                throw new IOException(_remoteRefuses ? "The other side takes no more streams." : "The connection ended.");
            }

            if (_unacknowledged >= _options.MaxUnacknowledged)
            {
                throw new IOException($"The other side left {_unacknowledged} streams unacknowledged.");
            }

            if (_nextId > uint.MaxValue - 2)
            {
                throw new IOException("The connection used up its stream numbers.");
            }

            var stream = new YamuxStream(this, _nextId, outbound: true);
            _streams.Add(_nextId, stream);
            _nextId += 2;
            _unacknowledged++;
            return new ValueTask<IByteStream>(stream);
        }
    }

    public async ValueTask<IByteStream?> AcceptAsync(CancellationToken cancellation)
    {
        while (await _accepted.Reader.WaitToReadAsync(cancellation))
        {
            if (_accepted.Reader.TryRead(out IByteStream? stream))
            {
                return stream;
            }
        }

        return null;
    }

    public async ValueTask CloseAsync()
    {
        lock (Sync)
        {
            _refusing = true;
        }

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

        if (Volatile.Read(ref _abandoned) > 0)
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

        if (Interlocked.Read(ref _pingSent) is > 0 and var sent)
        {
            if (_time.GetElapsedTime(sent) > _options.Patience)
            {
                _counters.Count(MeshLoss.ConnectionStalled);
                End("the other side gives no sign of life");
            }
        }
        else if (_time.GetElapsedTime(Interlocked.Read(ref _lastFrame)) > _options.KeepAlive)
        {
            _pingValue = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
            Interlocked.Exchange(ref _pingSent, Math.Max(1, _time.GetTimestamp()));
            _queue.SendControl(new YamuxHeader(YamuxType.Ping, YamuxFlags.Syn, 0, _pingValue));
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

    public void ForgetIfFinished(YamuxStream stream)
    {
        lock (Sync)
        {
            if (stream.Finished)
            {
                Forget(stream);
            }
        }
    }

    /// <summary>Ends a stream, and tells the other side.</summary>
    public void Drop(YamuxStream stream, string reason, bool tell)
    {
        int left;
        lock (Sync)
        {
            left = stream.Fail(reason);
            Forget(stream);
        }

        Consumed(left);
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

                if (Take(bytes.Span) is { } breach)
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
        Interlocked.Exchange(ref _lastFrame, _time.GetTimestamp());
    }

    /// <summary>We are done with a stream whose other way is open: what still comes is thrown away, and after a while the stream is reset.</summary>
    public void Abandon() => Interlocked.Increment(ref _abandoned);

    private void ResetAbandoned()
    {
        YamuxStream[] late;
        lock (Sync)
        {
            late = [.. _streams.Values.Where(stream => stream.AbandonedAt is { } since && _time.GetElapsedTime(since) > _options.Patience)];
        }

        foreach (YamuxStream stream in late)
        {
            Drop(stream, "The other side did not close the stream.", tell: true);
        }
    }

    private void ResetFullest()
    {
        YamuxStream? fullest;
        lock (Sync)
        {
            fullest = _streams.Values.MaxBy(stream => stream.Buffered);
        }

        if (fullest is not null)
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
        int left = 0;
        lock (Sync)
        {
            foreach (YamuxStream stream in _streams.Values)
            {
                left += stream.Fail($"The connection ended: {reason}.");
            }

            _streams.Clear();
        }

        Consumed(left);
        _drained.Set();
        _accepted.Writer.TryComplete();
    }
}
