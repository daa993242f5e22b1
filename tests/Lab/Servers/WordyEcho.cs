using System.Net;
using System.Net.Sockets;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Servers;

/// <summary>
/// The far end of a tunnel in ICMPv6: it answers each ping with more than it was asked (RFC 4443 §4.2 wants the same bytes). The tunnels that
/// Debian has speak IPv4 only.
/// </summary>
public sealed class WordyEcho : IDisposable
{
    private const byte EchoReply = 129;
    private const byte EchoRequest = 128;
    private const int LargestMessage = 2048;
    private const int Said = 300;

    private readonly Socket _socket;
    private readonly Random _words = new(13);

    private WordyEcho(Socket socket)
    {
        _socket = socket;
        _ = Task.Run(AnswerAsync);
    }

    /// <summary>The host's own stack stops answering pings.</summary>
    public static WordyEcho Start(LabHost host)
    {
        host.Network.Set("ipv6/icmp/echo_ignore_all", 1);
        var socket = host.Network.OpenSocket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6);
        socket.Bind(new IPEndPoint(host.Addresses6[0], 0));
        return new WordyEcho(socket);
    }

    public void Dispose() => _socket.Dispose();

    private async Task AnswerAsync()
    {
        var buffer = new byte[LargestMessage + Said];
        try
        {
            while (true)
            {
                // A raw ICMPv6 socket sees the message without its IP header, and has its checksum computed (RFC 3542 §3.1).
                var received = await _socket.ReceiveFromAsync(buffer.AsMemory(0, LargestMessage), SocketFlags.None, new IPEndPoint(IPAddress.IPv6Any, 0));
                if (received.ReceivedBytes < 8 || buffer[0] != EchoRequest)
                {
                    continue;
                }

                var extra = _words.Next(Said);
                _words.NextBytes(buffer.AsSpan(received.ReceivedBytes, extra));
                buffer[0] = EchoReply;
                await _socket.SendToAsync(buffer.AsMemory(0, received.ReceivedBytes + extra), SocketFlags.None, received.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed: the act is over.
        }
    }
}
