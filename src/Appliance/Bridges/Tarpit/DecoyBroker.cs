using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Blackwall.Tarpit.HostChannel.Wire;

namespace Blackwall.Bridges.Tarpit;

/// <summary>
/// Makes connections to the operator's decoy for the tarpit, which cannot make any. The tarpit says that it wants one and what goes into it; it never
/// says to where. So many at once, so many bytes each way, so long without a byte.
/// </summary>
/// <param name="target">The decoy; null: there is none, and nothing is ever connected.</param>
/// <param name="send">Sends a frame to the tarpit.</param>
internal sealed class DecoyBroker(IPEndPoint? target, Func<byte[], CancellationToken, ValueTask> send) : IDisposable
{
    private const int MostOpen = 64;
    private const int MostWaiting = 256;
    private const long MostBytes = 64L << 20;
    private const long MostWaitingBytes = 32L << 20;
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(120);

    private readonly ConcurrentDictionary<uint, Channel<byte[]>> _open = new();
    private readonly CancellationTokenSource _end = new();
    private long _waiting;

    /// <summary>Connections at this moment.</summary>
    public int Open => _open.Count;

    /// <summary>A message of the tarpit; false: it is of no use.</summary>
    public bool Handle(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        if (target is null || !DecoyBytes.TryRead(payload, out DecoyBytes read))
        {
            return false;
        }

        switch (kind)
        {
            case FrameKind.DecoyOpen:
                return TryOpen(read.Number);
            case FrameKind.DecoySend when _open.TryGetValue(read.Number, out Channel<byte[]>? connection):
                if (Interlocked.Add(ref _waiting, read.Bytes.Length) > MostWaitingBytes || !connection.Writer.TryWrite(read.Bytes.ToArray()))
                {
                    // It sends faster than the decoy reads: that connection is over.
                    Interlocked.Add(ref _waiting, -read.Bytes.Length);
                    connection.Writer.TryComplete(new IOException("too much waits"));
                }

                return true;
            case FrameKind.DecoyClose when _open.TryGetValue(read.Number, out Channel<byte[]>? connection):
                connection.Writer.TryComplete();
                return true;
            default:
                return kind == FrameKind.DecoyClose;
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private bool TryOpen(uint number)
    {
        Channel<byte[]> connection = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
        if (_open.Count >= MostOpen || !_open.TryAdd(number, connection))
        {
            _ = SendAsync(FrameKind.DecoyEnded, number, default, _end.Token);
            return false;
        }

        _ = CarryAsync(number, connection, _end.Token);
        return true;
    }

    private async Task CarryAsync(uint number, Channel<byte[]> connection, CancellationToken end)
    {
        using Socket socket = new(target!.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using CancellationTokenSource idle = CancellationTokenSource.CreateLinkedTokenSource(end);
        try
        {
            idle.CancelAfter(ConnectLimit);
            await socket.ConnectAsync(target, idle.Token);
            idle.CancelAfter(IdleLimit);
            Task up = SendUpAsync(socket, connection.Reader, idle);
            await ReceiveAsync(number, socket, idle);
            connection.Writer.TryComplete();
            await up;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The decoy is not there, or one of both ended.
        }
        finally
        {
            connection.Writer.TryComplete();
            while (connection.Reader.TryRead(out byte[]? left))
            {
                Interlocked.Add(ref _waiting, -left.Length);
            }

            _open.TryRemove(number, out _);
            await SendAsync(FrameKind.DecoyEnded, number, default, CancellationToken.None);
        }
    }

    private async Task SendUpAsync(Socket socket, ChannelReader<byte[]> reader, CancellationTokenSource idle)
    {
        long total = 0;
        try
        {
            await foreach (byte[] bytes in reader.ReadAllAsync(idle.Token))
            {
                Interlocked.Add(ref _waiting, -bytes.Length);
                total += bytes.Length;
                if (total > MostBytes)
                {
                    break;
                }

                for (int sent = 0; sent < bytes.Length;)
                {
                    sent += await socket.SendAsync(bytes.AsMemory(sent), idle.Token);
                }

                idle.CancelAfter(IdleLimit);
            }
        }
        finally
        {
            // The tarpit wants no more of it.
            socket.Dispose();
        }
    }

    private async Task ReceiveAsync(uint number, Socket socket, CancellationTokenSource idle)
    {
        byte[] buffer = new byte[DecoyBytes.Largest];
        for (long total = 0; total < MostBytes;)
        {
            int got = await socket.ReceiveAsync(buffer, idle.Token);
            if (got == 0)
            {
                return;
            }

            total += got;
            await SendAsync(FrameKind.DecoyReceived, number, buffer.AsMemory(0, got), idle.Token);
            idle.CancelAfter(IdleLimit);
        }
    }

    private async Task SendAsync(FrameKind kind, uint number, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await send(new Frame(kind, 0, new DecoyBytes(number, bytes.Span).ToArray()).ToArray(), cancellation);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The tarpit is gone.
        }
    }
}
