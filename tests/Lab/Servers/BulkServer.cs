using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Servers;

/// <summary>A small web server for any namespace: the answer to <c>GET /N</c> has N bytes. It takes data in a SYN (RFC 7413).</summary>
public sealed class BulkServer : IDisposable
{
    public const int Port = 8080;

    private const int LongestRequest = 16_384;
    private const int ChunkBytes = 65_536;
    private const int TcpFastOpen = 23; // TCP_FASTOPEN of linux/tcp.h

    private readonly Socket _listener;
    private readonly CancellationTokenSource _stop = new();

    private BulkServer(Socket listener) => _listener = listener;

    /// <summary>Of both address families.</summary>
    public static BulkServer Start(NetNamespace network)
    {
        var listener = network.OpenSocket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        listener.DualMode = true;
        listener.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpFastOpen, BitConverter.GetBytes(256));
        listener.Bind(new IPEndPoint(IPAddress.IPv6Any, Port));
        listener.Listen(256);
        BulkServer server = new(listener);
        _ = Task.Run(server.AcceptAsync);
        return server;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var socket = client;
        var buffer = new byte[LongestRequest];
        var length = 0;
        try
        {
            while (!buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(length), _stop.Token);
                if (read == 0)
                {
                    return;
                }

                length += read;
            }

            var path = Encoding.ASCII.GetString(buffer, 0, length).Split(' ')[1].TrimStart('/');
            _ = long.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out var left);
            await socket.SendAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Length: {left}\r\nConnection: close\r\n\r\n")), _stop.Token);
            var zeros = new byte[ChunkBytes];
            while (left > 0)
            {
                left -= await socket.SendAsync(zeros.AsMemory(0, (int)Math.Min(left, ChunkBytes)), _stop.Token);
            }

            socket.Shutdown(SocketShutdown.Send);
            await socket.ReceiveAsync(buffer, _stop.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The client is gone, or the server is.
        }
    }
}
