using System.Net.Sockets;

namespace Blackwall.Logging;

/// <summary>
/// Writes entries to the journal of systemd. An entry that the journal does not take at once is dropped and counted: a log must not hold up the
/// appliance. The next entry that is taken says how many were.
/// </summary>
internal sealed class JournalProvider : ILoggerProvider
{
    public const string DefaultPath = "/run/systemd/journal/socket";

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
    private long _dropped;

    private JournalProvider(string path) => _socket.Connect(new UnixDomainSocketEndPoint(path));

    /// <summary>Null: there is no journal at this path.</summary>
    public static JournalProvider? TryOpen(string path = DefaultPath)
    {
        try
        {
            return new JournalProvider(path);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public ILogger CreateLogger(string categoryName) => new JournalLogger(this, categoryName);

    public void Dispose() => _socket.Dispose();

    internal void Send(JournalMessage message)
    {
        long dropped = Interlocked.Exchange(ref _dropped, 0);
        if (dropped > 0)
        {
            message.Add("BLACKWALL_DROPPED_ENTRIES", $"{dropped}");
        }

        try
        {
            _socket.Send(message.ToBytes().Span);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            Interlocked.Add(ref _dropped, dropped + 1);
        }
    }
}
