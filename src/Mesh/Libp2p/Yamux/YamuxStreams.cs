using System.Threading.Channels;
using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Mesh.Libp2p.Yamux;

/// <summary>The streams of a connection: opened by us or by the other side, counted, and forgotten when both ways are closed. Thread-safe.</summary>
internal sealed class YamuxStreams(YamuxConnection connection, SendQueue queue, YamuxOptions options, MeshCounters counters)
{
    private readonly Dictionary<uint, YamuxStream> _streams = [];
    private readonly Channel<IByteStream> _accepted = Channel.CreateUnbounded<IByteStream>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private uint _nextId = connection.Outbound ? 1u : 2u;
    private int _inbound;
    private int _unacknowledged;
    private int _abandoned;
    private bool _refusing;
    private volatile bool _remoteRefuses;
    private bool _over;

    /// <summary>Guards the state of the streams.</summary>
    public Lock Sync { get; } = new();

    public int Count
    {
        get
        {
            lock (Sync)
            {
                return _streams.Count;
            }
        }
    }

    /// <summary>Whether a stream is done with on our side and open on the other.</summary>
    public bool HasAbandoned => Volatile.Read(ref _abandoned) > 0;

    /// <exception cref="IOException">The connection takes no more streams.</exception>
    public YamuxStream Open()
    {
        lock (Sync)
        {
            if (_over || _refusing || _remoteRefuses)
            {
                throw new IOException(_remoteRefuses ? "The other side takes no more streams." : "The connection ended.");
            }

            if (_unacknowledged >= options.MaxUnacknowledged)
            {
                throw new IOException($"The other side left {_unacknowledged} streams unacknowledged.");
            }

            if (_nextId > uint.MaxValue - 2)
            {
                throw new IOException("The connection used up its stream numbers.");
            }

            var stream = new YamuxStream(connection, _nextId, outbound: true);
            _streams.Add(_nextId, stream);
            _nextId += 2;
            _unacknowledged++;
            return stream;
        }
    }

    /// <summary>The next stream that the other side opens; null: the connection ended.</summary>
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

    /// <summary>We open none and take none any more.</summary>
    public void Refuse()
    {
        lock (Sync)
        {
            _refusing = true;
        }
    }

    /// <summary>The other side said that it takes no more.</summary>
    public void RemoteRefuses() => _remoteRefuses = true;

    /// <summary>We are done with a stream whose other way is open.</summary>
    public void Abandon() => Interlocked.Increment(ref _abandoned);

    /// <summary>Takes a frame of data or of a window.</summary>
    /// <param name="header">The frame's.</param>
    /// <param name="bodyOf">The stream that the frame's body is for; null: nobody's.</param>
    /// <param name="reset">A stream that the other side resets.</param>
    /// <returns>Null, or how the rules were broken.</returns>
    public string? Accept(YamuxHeader header, out YamuxStream? bodyOf, out YamuxStream? reset)
    {
        bodyOf = reset = null;
        YamuxStream? stream;
        bool opened = false;
        lock (Sync)
        {
            _streams.TryGetValue(header.Stream, out stream);
            if ((header.Flags & YamuxFlags.Syn) != YamuxFlags.None)
            {
                if (stream is not null || (header.Stream & 1) == (connection.Outbound ? 1u : 0u))
                {
                    return "an opening of a stream that is not its to open";
                }

                if ((header.Flags & YamuxFlags.Rst) != YamuxFlags.None)
                {
                    return null;
                }

                if (_refusing || _inbound >= options.MaxInboundStreams)
                {
                    counters.Count(MeshLoss.StreamRefused);
                    queue.SendControl(new YamuxHeader(YamuxType.WindowUpdate, YamuxFlags.Rst, header.Stream, 0));
                    return null;
                }

                stream = new YamuxStream(connection, header.Stream, outbound: false);
                _streams.Add(header.Stream, stream);
                _inbound++;
                opened = true;
            }

            if (stream is null)
            {
                // Of a stream that is over: what was on its way is let by.
                return null;
            }

            if (stream.Outbound && !stream.Acknowledged && (header.Flags & (YamuxFlags.Ack | YamuxFlags.Rst)) != YamuxFlags.None)
            {
                stream.Acknowledged = true;
                _unacknowledged--;
            }

            if (header.Type == YamuxType.WindowUpdate)
            {
                if (!stream.TryGrow(header.Length))
                {
                    return "a window of more than 32 bits";
                }
            }
            else if (header.Length > 0)
            {
                if (!stream.CanReceive)
                {
                    return "data after the end of its stream";
                }

                if (!stream.TryReserve(header.Length))
                {
                    return "data beyond the window";
                }

                bodyOf = stream;
            }
        }

        if (opened)
        {
            _accepted.Writer.TryWrite(stream);
        }

        if ((header.Flags & YamuxFlags.Rst) != YamuxFlags.None)
        {
            reset = stream;
        }
        else if ((header.Flags & YamuxFlags.Fin) != YamuxFlags.None && bodyOf is null)
        {
            CloseRemote(stream);
        }

        return null;
    }

    /// <summary>The other side sends nothing more on a stream.</summary>
    public void CloseRemote(YamuxStream stream)
    {
        lock (Sync)
        {
            stream.CloseRemote();
            if (stream.Finished)
            {
                Remove(stream);
            }
        }
    }

    public void ForgetIfFinished(YamuxStream stream)
    {
        lock (Sync)
        {
            if (stream.Finished)
            {
                Remove(stream);
            }
        }
    }

    /// <summary>Ends a stream.</summary>
    /// <returns>Bytes that nobody will read.</returns>
    public int Fail(YamuxStream stream, string reason)
    {
        lock (Sync)
        {
            int left = stream.Fail(reason);
            Remove(stream);
            return left;
        }
    }

    /// <summary>Ends all streams; none is opened after this.</summary>
    /// <returns>Bytes that nobody will read.</returns>
    public int FailAll(string reason)
    {
        int left = 0;
        lock (Sync)
        {
            _over = true;
            foreach (YamuxStream stream in _streams.Values)
            {
                left += stream.Fail(reason);
            }

            _streams.Clear();
        }

        _accepted.Writer.TryComplete();
        return left;
    }

    /// <summary>Streams that we are done with, and that the other side did not close in time.</summary>
    public YamuxStream[] Late(TimeProvider time)
    {
        lock (Sync)
        {
            return [.. _streams.Values.Where(stream => stream.AbandonedAt is { } since && time.GetElapsedTime(since) > options.Patience)];
        }
    }

    /// <summary>The stream that holds most that nobody read; null: there is none.</summary>
    public YamuxStream? Fullest()
    {
        lock (Sync)
        {
            return _streams.Values.MaxBy(stream => stream.Buffered);
        }
    }

    // Under the lock.
    private void Remove(YamuxStream stream)
    {
        if (!_streams.Remove(stream.Id))
        {
            return;
        }

        if (stream.AbandonedAt is not null)
        {
            Interlocked.Decrement(ref _abandoned);
        }

        if (!stream.Outbound)
        {
            _inbound--;
        }
        else if (!stream.Acknowledged)
        {
            stream.Acknowledged = true;
            _unacknowledged--;
        }
    }
}
