using System.Net;
using System.Net.Sockets;

namespace Blackwall.Lab.Servers;

/// <summary>Answers every datagram with itself (RFC 862).</summary>
public sealed class UdpEcho : IDisposable
{
    private const int LargestDatagram = 65_535;

    private readonly Socket _socket;
    private long _answered;

    public UdpEcho(Socket socket)
    {
        _socket = socket;
        _ = Task.Run(AnswerAsync);
    }

    /// <summary>Datagrams that reached the service.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    public void Dispose() => _socket.Dispose();

    private async Task AnswerAsync()
    {
        var buffer = new byte[LargestDatagram];
        var sender = new SocketAddress(AddressFamily.InterNetworkV6);
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, sender);
                Interlocked.Increment(ref _answered);
                await _socket.SendToAsync(buffer.AsMemory(0, length), SocketFlags.None, sender);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: the lab is being taken down.
        }
    }
}
