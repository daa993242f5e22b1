using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Servers;

/// <summary>
/// Stands where the tarpit will: takes TCP and UDP on the edge, greets with one banner, answers what it gets, and
/// remembers who came.
/// </summary>
public sealed class TarpitStandIn : IDisposable
{
    public const int Port = 2300;
    public const string Banner = "SSH-2.0-OpenSSH_9.2p1 Debian-2 stand-in";
    private const int RememberedSessions = 10_000;
    private const int LargestAnswer = 16 * 1024;

    private readonly ConcurrentQueue<TarpitSession> _sessions = new();
    private readonly List<Socket> _sockets = [];

    private TarpitStandIn()
    {
    }

    public IReadOnlyList<TarpitSession> Sessions => [.. _sessions];

    public static TarpitStandIn Start(NetNamespace edge)
    {
        var standIn = new TarpitStandIn();
        foreach (var address in new[] { LabNetwork.EdgeWan4, LabNetwork.EdgeWan6 })
        {
            standIn.Listen(edge, new IPEndPoint(address, Port));
        }

        return standIn;
    }

    /// <summary>What a UDP peer gets back for what it sent.</summary>
    public static string Answer(string question) => $"{Banner} heard {question}";

    public void Dispose()
    {
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    private void Listen(NetNamespace edge, IPEndPoint endPoint)
    {
        var stream = edge.OpenSocket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        stream.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
        stream.Bind(endPoint);
        stream.Listen();
        var datagrams = edge.OpenSocket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        datagrams.Bind(endPoint);
        _sockets.AddRange([stream, datagrams]);
        _ = Task.Run(() => AcceptAsync(stream));
        _ = Task.Run(() => ReceiveAsync(datagrams));
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                var peer = await listener.AcceptAsync();
                _ = Task.Run(() => GreetAsync(peer));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: the lab is being taken down.
        }
    }

    private async Task GreetAsync(Socket peer)
    {
        using var _ = peer;
        try
        {
            await peer.SendAsync(Encoding.ASCII.GetBytes(Banner + "\r\n"));
            var buffer = new byte[LargestAnswer];
            var first = true;
            int length;
            while ((length = await peer.ReceiveAsync(buffer)) > 0)
            {
                if (first)
                {
                    Remember(ProtocolType.Tcp, (IPEndPoint)peer.RemoteEndPoint!, buffer.AsSpan(0, length));
                    first = false;
                }

                await peer.SendAsync(buffer.AsMemory(0, length));
            }
        }
        catch (SocketException)
        {
            // The peer reset; a tarpit expects no manners.
        }
    }

    private async Task ReceiveAsync(Socket socket)
    {
        var buffer = new byte[LargestAnswer];
        try
        {
            while (true)
            {
                var got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(socket.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
                var question = Encoding.ASCII.GetString(buffer, 0, got.ReceivedBytes);
                Remember(ProtocolType.Udp, (IPEndPoint)got.RemoteEndPoint, buffer.AsSpan(0, got.ReceivedBytes));
                await socket.SendToAsync(Encoding.ASCII.GetBytes(Answer(question)), got.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: the lab is being taken down.
        }
    }

    private void Remember(ProtocolType protocol, IPEndPoint peer, ReadOnlySpan<byte> received)
    {
        if (_sessions.Count < RememberedSessions)
        {
            _sessions.Enqueue(new TarpitSession(protocol, peer, Encoding.ASCII.GetString(received)));
        }
    }
}
