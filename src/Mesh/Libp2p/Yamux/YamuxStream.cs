using Blackwall.Mesh.Libp2p.Wire;

namespace Blackwall.Mesh.Libp2p.Yamux;

/// <summary>A stream of a Yamux connection. Its state is guarded by the connection's lock.</summary>
internal sealed class YamuxStream : IByteStream
{
    private const int MaxFrame = 32 * 1024;
    private readonly YamuxConnection _connection;
    private readonly AsyncSignal _readable = new();
    private readonly AsyncSignal _writable = new();
    private ReceiveBuffer _received;
    private YamuxFlags _openingFlags;
    private long _sendWindow = YamuxHeader.MaxData;
    private uint _receiveWindow = YamuxHeader.MaxData;
    private uint _consumed;
    private bool _remoteClosed;
    private bool _localClosed;
    private string? _fault;

    public YamuxStream(YamuxConnection connection, uint id, bool outbound)
    {
        _connection = connection;
        Id = id;
        Outbound = outbound;
        _openingFlags = outbound ? YamuxFlags.Syn : YamuxFlags.Ack;
    }

    public uint Id { get; }

    public bool Outbound { get; }

    /// <summary>The other side answered our SYN. Guarded by the connection's lock.</summary>
    public bool Acknowledged { get; set; }

    /// <summary>When we were done with it (timestamp), while the other side was not. Guarded by the connection's lock.</summary>
    public long? AbandonedAt { get; private set; }

    public int Buffered => _received.Length;

    public bool Finished => _fault is not null || (_remoteClosed && _localClosed);

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (true)
        {
            uint growth = 0;
            int read;
            lock (_connection.Sync)
            {
                read = _received.Read(buffer.Span);
                if (read == 0)
                {
                    if (_fault is not null)
                    {
                        throw new IOException(_fault);
                    }

                    if (_remoteClosed || buffer.IsEmpty)
                    {
                        return 0;
                    }
                }

                _consumed += (uint)read;
                if (_consumed >= YamuxHeader.MaxData / 2 && !_remoteClosed && _fault is null)
                {
                    growth = _consumed;
                    _consumed = 0;
                    _receiveWindow += growth;
                }
            }

            if (read > 0)
            {
                _connection.Consumed(read);
                if (growth > 0)
                {
                    _connection.SendWindow(this, growth);
                }

                return read;
            }

            if (_openingFlags != YamuxFlags.None)
            {
                _connection.SendWindow(this, 0);
            }

            await _readable.WaitAsync(cancellation);
        }
    }

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            int part;
            YamuxFlags flags;
            lock (_connection.Sync)
            {
                if (_fault is not null)
                {
                    throw new IOException(_fault);
                }

                if (_localClosed)
                {
                    throw new IOException("Our way of the stream is closed.");
                }

                part = (int)Math.Min(Math.Min(bytes.Length, MaxFrame), _sendWindow);
                _sendWindow -= part;
                flags = part > 0 ? TakeOpeningFlags() : YamuxFlags.None;
            }

            if (part == 0)
            {
                await _writable.WaitAsync(cancellation);
                continue;
            }

            await _connection.SendDataAsync(Id, flags, bytes[..part], cancellation);
            bytes = bytes[part..];
        }
    }

    public async ValueTask CloseWriteAsync(CancellationToken cancellation)
    {
        YamuxFlags flags;
        lock (_connection.Sync)
        {
            if (_localClosed || _fault is not null)
            {
                return;
            }

            _localClosed = true;
            flags = TakeOpeningFlags();
        }

        await _connection.SendDataAsync(Id, flags | YamuxFlags.Fin, default, cancellation);
        _connection.ForgetIfFinished(this);
    }

    public void Reset()
    {
        bool tell;
        lock (_connection.Sync)
        {
            tell = !Finished && _openingFlags != YamuxFlags.Syn;
        }

        _connection.Drop(this, "The stream was reset by us.", tell);
    }

    /// <summary>Closes our way. What the other side still sends is thrown away; it has some seconds to close its way.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await CloseWriteAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            // The connection ended: so did the stream.
        }

        int left = 0;
        lock (_connection.Sync)
        {
            if (!Finished && AbandonedAt is null)
            {
                AbandonedAt = _connection.Now;
                left = _received.Length;
                _received.Clear();
                _connection.Abandon();
            }
        }

        if (left > 0)
        {
            _connection.Consumed(left);
        }

        if (Finished)
        {
            _connection.Drop(this, "The stream was disposed.", tell: false);
        }
    }

    /// <summary>Takes the right to receive a frame of this many bytes. False: the other side has no such right. Under the connection's lock.</summary>
    public bool TryReserve(uint length)
    {
        if (length > _receiveWindow)
        {
            return false;
        }

        _receiveWindow -= length;
        return true;
    }

    /// <summary>Under the connection's lock. False: after the other side closed its way.</summary>
    public bool CanReceive => !_remoteClosed;

    /// <summary>Keeps received bytes. False: nobody will read them. Under the connection's lock.</summary>
    public bool TryDeliver(ReadOnlySpan<byte> bytes)
    {
        if (_fault is not null || AbandonedAt is not null)
        {
            return false;
        }

        _received.Append(bytes);
        _readable.Set();
        return true;
    }

    /// <summary>Under the connection's lock. False where the window would be larger than 32 bits.</summary>
    public bool TryGrow(uint delta)
    {
        if (_sendWindow + delta > uint.MaxValue)
        {
            return false;
        }

        _sendWindow += delta;
        _writable.Set();
        return true;
    }

    /// <summary>Under the connection's lock.</summary>
    public void CloseRemote()
    {
        _remoteClosed = true;
        _readable.Set();
    }

    /// <summary>Under the connection's lock. Returns how many received bytes nobody will read.</summary>
    public int Fail(string reason)
    {
        _fault ??= reason;
        int left = _received.Length;
        _received.Clear();
        _readable.Set();
        _writable.Set();
        return left;
    }

    /// <summary>What the first frame of a stream carries. Under the connection's lock.</summary>
    public YamuxFlags TakeOpeningFlags()
    {
        YamuxFlags flags = _openingFlags;
        _openingFlags = YamuxFlags.None;
        return flags;
    }
}
