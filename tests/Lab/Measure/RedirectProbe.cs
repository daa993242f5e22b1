using System.Net;
using System.Net.Sockets;
using System.Text;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Measure;

/// <summary>
/// Talks to an address as an attacker does, and notes who answers. Sockets are connected, so the kernel itself throws
/// away answers that do not come from the address and port that was asked: translation back is verified by that.
/// </summary>
public static class RedirectProbe
{
    /// <summary>Several segments of any MTU, so that more than the first packet is translated.</summary>
    private const int EchoBytes = 8000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    public static async Task<RedirectView> TcpAsync(LabHost from, IPAddress source, IPEndPoint target, CancellationToken cancellation)
    {
        using var socket = await from.ConnectAsync(target, source, s_patience, cancellation);
        if (socket is null)
        {
            return new RedirectView(RedirectView.NoAnswer, EchoIntact: false, SourcePort: 0);
        }

        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        var greeting = await ReadLineAsync(socket, cancellation);
        return new RedirectView(greeting, await EchoesAsync(socket, cancellation), port);
    }

    public static async Task<RedirectView> UdpAsync(LabHost from, IPAddress source, IPEndPoint target, string question, CancellationToken cancellation)
    {
        using var socket = from.OpenUdp(source);
        var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        await socket.ConnectAsync(target, cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes(question), cancellation);
        var buffer = new byte[2048];
        var length = await ReceiveAsync(socket, buffer, cancellation);
        var answer = length == 0 ? RedirectView.NoAnswer : Encoding.ASCII.GetString(buffer, 0, length);
        return new RedirectView(answer, string.Equals(answer, TarpitStandIn.Answer(question), StringComparison.Ordinal), port);
    }

    /// <summary>The first line that a TCP peer says of itself, without its end.</summary>
    public static async Task<string> ReadLineAsync(Socket socket, CancellationToken cancellation)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (line.Length < 256 && await ReceiveAsync(socket, one, cancellation) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.Length == 0 ? RedirectView.NoAnswer : line.ToString().TrimEnd('\r');
    }

    /// <summary>Sends a pattern to a peer that echoes and compares what comes back.</summary>
    public static async Task<bool> EchoesAsync(Socket socket, CancellationToken cancellation)
    {
        var pattern = Enumerable.Range(0, EchoBytes).Select(i => (byte)('a' + (i % 26))).ToArray();
        var back = new byte[EchoBytes];
        var received = 0;
        try
        {
            await socket.SendAsync(pattern, cancellation);
        }
        catch (SocketException)
        {
            return false;
        }

        while (received < EchoBytes)
        {
            var length = await ReceiveAsync(socket, back.AsMemory(received), cancellation);
            if (length == 0)
            {
                return false;
            }

            received += length;
        }

        return back.AsSpan().SequenceEqual(pattern);
    }

    /// <returns>0 at the end, after an error, or when nothing comes in time.</returns>
    private static async Task<int> ReceiveAsync(Socket socket, Memory<byte> into, CancellationToken cancellation)
    {
        using var timer = new CancellationTokenSource(s_patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            return await socket.ReceiveAsync(into, either.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return 0;
        }
    }
}
