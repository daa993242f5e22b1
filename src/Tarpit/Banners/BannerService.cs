using System.Net.Sockets;
using System.Text;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Banners;

/// <summary>What the small protocols share: an idle limit, and an end that the peer still reads.</summary>
internal abstract class BannerService(TimeProvider time, TimeSpan idle) : IService
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    public abstract string Protocol { get; }

    protected TimeProvider Time => time;

    public async Task ServeAsync(Peer peer, ISessionLog log, CancellationToken cancellation)
    {
        using ITimer timer = time.CreateTimer(static state => ((Peer)state!).Abort(), peer, idle, Timeout.InfiniteTimeSpan);
        try
        {
            await RunAsync(peer, log, () => timer.Change(idle, Timeout.InfiniteTimeSpan), cancellation);
            await peer.EndAsync(s_farewell, time);
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer went, or was silent too long.
        }
    }

    /// <param name="alive">Called for each thing that the peer says: its idle time begins again.</param>
    protected abstract Task RunAsync(Peer peer, ISessionLog log, Action alive, CancellationToken cancellation);

    protected static ValueTask WriteAsync(Peer peer, string text, CancellationToken cancellation) => peer.WriteAsync(Encoding.Latin1.GetBytes(text), cancellation);

    /// <summary>What the peer sent, as text to record.</summary>
    protected static string Readable(string latin) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(latin));
}
