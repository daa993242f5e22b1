using System.Net;
using System.Net.Sockets;
using Blackwall.Tarpit.HostChannel.Wire;

namespace Blackwall.Bridges.Tarpit;

/// <summary>
/// The UDP sockets of the tarpit. They stay in the appliance: a process that had one could send to anybody. What comes is handed over the channel, what is
/// answered goes to the asker alone, as the gate allows.
/// </summary>
internal sealed class TarpitDatagrams : IDisposable
{
    private readonly List<Socket> _sockets = [];
    private readonly DatagramGate _gate;
    private readonly CancellationTokenSource _end = new();
    private Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? _send;

    /// <exception cref="SocketException">An address is taken, or not there.</exception>
    public TarpitDatagrams(IReadOnlyList<IPEndPoint> points, TimeProvider time)
    {
        _gate = new DatagramGate(time);
        try
        {
            foreach (IPEndPoint point in points)
            {
                Socket socket = new(point.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                _sockets.Add(socket);
                socket.Bind(point);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        for (int i = 0; i < _sockets.Count; i++)
        {
            int index = i;
            _ = Task.Run(() => ReceiveAsync(index), CancellationToken.None);
        }
    }

    public long Dropped => _gate.Dropped;

    public long Shortened => _gate.Shortened;

    /// <summary>Where datagrams go from now on; null: nowhere.</summary>
    public void Attach(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? send) => _send = send;

    /// <summary>An answer of the tarpit. False: nobody waits for it.</summary>
    public bool Answer(ReadOnlySpan<byte> payload)
    {
        if (!Datagram.TryRead(payload, out Datagram datagram) || !_gate.TryTake(datagram.Number, datagram.Payload, out IPEndPoint? asker, out int socket, out byte[] sent))
        {
            return false;
        }

        try
        {
            _sockets[socket].SendTo(sent, asker!);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has no way back, or the appliance stops.
        }

        return true;
    }

    public void Dispose()
    {
        _end.Cancel();
        _sockets.ForEach(socket => socket.Dispose());
        _end.Dispose();
    }

    private async Task ReceiveAsync(int index)
    {
        Socket socket = _sockets[index];
        byte[] buffer = new byte[Datagram.LargestPayload];
        IPEndPoint any = new(socket.AddressFamily is AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        CancellationToken end = _end.Token;
        while (!end.IsCancellationRequested)
        {
            try
            {
                SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, SocketFlags.None, any, end);
                IPEndPoint asker = (IPEndPoint)received.RemoteEndPoint;
                if (_send is { } send && _gate.TryAdmit(asker, index, buffer.AsSpan(0, received.ReceivedBytes), out uint number))
                {
                    byte[] payload = new Datagram(number, asker, (IPEndPoint)socket.LocalEndPoint!, buffer.AsSpan(0, received.ReceivedBytes)).ToArray();
                    await send(new Frame(FrameKind.DatagramReceived, 0, payload).ToArray(), end);
                }
            }
            catch (SocketException)
            {
                // Too long, or an error of an earlier answer: the next one may be better.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
