using Blackwall.Guard;
using Blackwall.Kernel;
using Blackwall.Pipeline.Model;
using Microsoft.Extensions.Options;

namespace Blackwall.Bridges.Tarpit;

/// <summary>
/// Who is connected to the tarpit, by the kernel's word. The tarpit's process talks to attackers and may be in the hands of one: an address that it names
/// is believed only while that address has a connection to a listener of the tarpit. Thread-safe.
/// </summary>
internal sealed class TarpitConnections(IOptions<KernelOptions> kernel, IOptions<TarpitOptions> options, TimeProvider time)
{
    private static readonly string[] Tables = ["/proc/self/net/tcp", "/proc/self/net/tcp6"];
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LeastBetween = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private HashSet<Address> _remotes = [];
    private long _read;

    /// <summary>Whether this address has a connection to the tarpit now, or a proxy has whose word for it is believed.</summary>
    public bool Has(Address source) => Find(source, isFresh: false) || Find(source, isFresh: true);

    private bool Find(Address source, bool isFresh)
    {
        HashSet<Address> remotes = Read(isFresh);
        return remotes.Contains(source) || options.Value.ProxySources.Any(proxy => Address.TryParse(proxy, out Address address) && remotes.Contains(address));
    }

    // A table that is young enough may lack the newest connection, so a miss reads it again; but not for each message of a process that names many.
    private HashSet<Address> Read(bool isFresh)
    {
        lock (_lock)
        {
            if (_read == 0 || time.GetElapsedTime(_read) > (isFresh ? LeastBetween : Fresh))
            {
                HashSet<ushort> ports = [kernel.Value.TarpitPort4, kernel.Value.TarpitPort6, .. options.Value.ListenPoints.Select(point => (ushort)point.Port)];
                HashSet<Address> remotes = [];
                foreach (string table in Tables)
                {
                    try
                    {
                        TcpTable.ReadRemotes(File.ReadAllText(table), ports, remotes);
                    }
                    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                    {
                        // Without IPv6 there is one table. What cannot be read proves nothing.
                    }
                }

                (_remotes, _read) = (remotes, time.GetTimestamp());
            }

            return _remotes;
        }
    }
}
