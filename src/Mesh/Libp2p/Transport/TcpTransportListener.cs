using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Blackwall.Mesh.Libp2p.Hosting;

namespace Blackwall.Mesh.Libp2p.Transport;

/// <summary>Accepts TCP connections and takes them through the handshake, side by side and within limits.</summary>
internal sealed class TcpTransportListener : ITransportListener
{
    private readonly Socket _socket;
    private readonly ConnectionUpgrader _upgrader;
    private readonly ConnectionGate _gate;
    private readonly MeshHostOptions _options;
    private readonly MeshCounters _counters;
    private readonly TimeProvider _time;
    private readonly Channel<ITransportConnection> _ready = Channel.CreateUnbounded<ITransportConnection>();
    private readonly Lock _sync = new();
    private readonly LinkedList<CancellationTokenSource> _pending = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    public TcpTransportListener(Socket socket, ConnectionUpgrader upgrader, ConnectionGate gate, MeshHostOptions options, MeshCounters counters, TimeProvider time)
    {
        (_socket, _upgrader, _gate, _options, _counters, _time) = (socket, upgrader, gate, options, counters, time);
        Address = Multiaddr.OfTcp((IPEndPoint)socket.LocalEndPoint!);
        _accepting = AcceptSocketsAsync();
    }

    public Multiaddr Address { get; }

    public async Task<ITransportConnection?> AcceptAsync(CancellationToken cancellation)
    {
        while (await _ready.Reader.WaitToReadAsync(cancellation))
        {
            if (_ready.Reader.TryRead(out ITransportConnection? connection))
            {
                return connection;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _socket.Dispose();
        await _accepting;
        _ready.Writer.TryComplete();
        while (_ready.Reader.TryRead(out ITransportConnection? connection))
        {
            await connection.DisposeAsync();
        }
    }

    private async Task AcceptSocketsAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Socket socket = await _socket.AcceptAsync(_stopping.Token);
                Accept(socket);
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Gone before it was accepted, or no more file descriptors: neither ends the listening.
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time).WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Accept(Socket socket)
    {
        IDisposable? place = null;
        try
        {
            socket.NoDelay = true;
            place = _gate.TryEnter(((IPEndPoint)socket.RemoteEndPoint!).Address);
        }
        catch (SocketException)
        {
            // Gone already.
        }

        if (place is null)
        {
            socket.Dispose();
            return;
        }

        _ = UpgradeAsync(socket, place);
    }

    private async Task UpgradeAsync(Socket socket, IDisposable place)
    {
        using var late = new CancellationTokenSource(_options.UpgradeTimeout, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stopping.Token);
        LinkedListNode<CancellationTokenSource> pending = Enter(stop);
        bool entered = false;
        try
        {
            Yamux.YamuxConnection connection = await _upgrader.UpgradeAsync(socket, outbound: false, expected: null, stop.Token);
            entered = true;
            _ = LeaveAtEndAsync(connection, place);
            if (!_ready.Writer.TryWrite(connection))
            {
                await connection.DisposeAsync();
            }
        }
        catch (Exception)
        {
            // Whatever it was, the other side brought it about: it costs its connection and a count.
            _counters.Count(MeshLoss.HandshakeFailed);
        }
        finally
        {
            lock (_sync)
            {
                if (pending.List is not null)
                {
                    _pending.Remove(pending);
                }
            }

            if (!entered)
            {
                place.Dispose();
            }
        }
    }

    // When all places are taken the oldest goes: silent sockets then hold up nobody who shakes hands.
    private LinkedListNode<CancellationTokenSource> Enter(CancellationTokenSource stop)
    {
        CancellationTokenSource? oldest = null;
        LinkedListNode<CancellationTokenSource> node;
        lock (_sync)
        {
            if (_pending.Count >= _options.MaxPendingHandshakes)
            {
                oldest = _pending.First!.Value;
                _pending.RemoveFirst();
            }

            node = _pending.AddLast(stop);
        }

        if (oldest is not null)
        {
            _counters.Count(MeshLoss.HandshakeDisplaced);
            try
            {
                oldest.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It ended by itself just now.
            }
        }

        return node;
    }

    private static async Task LeaveAtEndAsync(Yamux.YamuxConnection connection, IDisposable place)
    {
        await connection.Ended;
        place.Dispose();
    }
}
