using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Blackwall.Lab.Measure;

/// <summary>Sends a datagram at an interval, and notes which are answered, and when those had been sent.</summary>
public sealed class EchoProbe : IDisposable
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private long _sent;
    private long _answered;
    private long _lastAnsweredSent;

    private EchoProbe(Socket socket) => _socket = socket;

    public long Sent => Interlocked.Read(ref _sent);

    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Timestamp (TimeProvider.System) at which the latest answered datagram had been sent.</summary>
    public long LastAnsweredSent => Interlocked.Read(ref _lastAnsweredSent);

    /// <param name="socket">A bound UDP socket; the probe takes it over.</param>
    public static EchoProbe Start(Socket socket, IPEndPoint target, TimeSpan interval)
    {
        var probe = new EchoProbe(socket);
        _ = Task.Run(() => probe.SendAsync(target, interval));
        _ = Task.Run(probe.ReceiveAsync);
        return probe;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _socket.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync(IPEndPoint target, TimeSpan interval)
    {
        using var timer = new PeriodicTimer(interval, TimeProvider.System);
        var payload = new byte[sizeof(long)];
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                BinaryPrimitives.WriteInt64LittleEndian(payload, TimeProvider.System.GetTimestamp());
                await TrySendAsync(payload, target);
                Interlocked.Increment(ref _sent);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task TrySendAsync(byte[] payload, IPEndPoint target)
    {
        try
        {
            await _socket.SendToAsync(payload, SocketFlags.None, target);
        }
        catch (SocketException)
        {
            // An ICMP error of an earlier datagram; the stream goes on.
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[sizeof(long)];
        var any = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                try
                {
                    await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any, _stop.Token);
                    Interlocked.Exchange(ref _lastAnsweredSent, BinaryPrimitives.ReadInt64LittleEndian(buffer));
                    Interlocked.Increment(ref _answered);
                }
                catch (SocketException)
                {
                    // As above.
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Disposed.
        }
    }
}
