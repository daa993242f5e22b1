using System.Collections;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Blackwall.Service;

/// <summary>
/// Tells systemd how the service is, by the protocol of sd_notify(3): one datagram of NAME=value lines to the socket that it named. Elsewhere there is
/// none. What cannot be sent is dropped: the service does not depend on being heard.
/// </summary>
internal sealed class InitSystem : IDisposable
{
    // A status that is longer is cut; systemd reads at most 4,096 bytes of a datagram.
    private const int LongestStatus = 1_000;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly UnixDomainSocketEndPoint _address;

    private InitSystem(UnixDomainSocketEndPoint address, TimeSpan? watchdog) => (_address, Watchdog) = (address, watchdog);

    /// <summary>How often it wants a sign of life at least; null: it does not.</summary>
    public TimeSpan? Watchdog { get; }

    /// <summary>Null: this process is no service of systemd's, or it does not listen.</summary>
    /// <param name="environment">NOTIFY_SOCKET: a path, or "@" and an abstract name; WATCHDOG_USEC: microseconds.</param>
    public static InitSystem? Find(IDictionary environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (environment["NOTIFY_SOCKET"] is not string { Length: > 1 } name || name[0] is not ('/' or '@'))
        {
            return null;
        }

        TimeSpan? watchdog = long.TryParse(environment["WATCHDOG_USEC"] as string, NumberStyles.None, CultureInfo.InvariantCulture, out long microseconds) && microseconds > 0 ? TimeSpan.FromMicroseconds(microseconds) : null;
        try
        {
            return new InitSystem(new UnixDomainSocketEndPoint(name[0] is '@' ? '\0' + name[1..] : name), watchdog);
        }
        catch (ArgumentException)
        {
            return null; // Longer than a socket's address can be.
        }
    }

    /// <summary>Walls are attached and the API listens.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={Line(status)}");

    /// <summary>One sentence, which "systemctl status" shows.</summary>
    public void Status(string status) => Send($"STATUS={Line(status)}");

    /// <summary>What has to go round goes round.</summary>
    public void Alive() => Send("WATCHDOG=1");

    public void Stopping(string status) => Send($"STOPPING=1\nSTATUS={Line(status)}");

    public void Dispose() => _socket.Dispose();

    // A line end would begin another assignment.
    private static string Line(string status)
    {
        string line = string.Concat(status.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= LongestStatus ? line : line[..LongestStatus];
    }

    private void Send(string message)
    {
        try
        {
            _ = _socket.SendTo(Encoding.UTF8.GetBytes(message), _address);
        }
        catch (SocketException)
        {
            // It restarts itself, or its queue is full; the next message comes soon.
        }
    }
}
