using System.Net;
using System.Net.Sockets;

namespace Blackwall.Mesh.Libp2p.Hosting;

/// <summary>
/// Decides, before anything is read or computed, whether a connection may come in: by how many there are of its address and its network, and by how
/// often they come.
/// </summary>
internal sealed class ConnectionGate(MeshHostOptions options, MeshCounters counters, TimeProvider time)
{
    // Rates of this many addresses and networks are remembered; who comes from more of them has passed the limits in other ways.
    private const int MaxRates = 16_384;
    private const int Burst = 10;
    private readonly Lock _sync = new();
    private readonly Dictionary<(IPAddress Network, bool Subnet), int> _open = [];
    private readonly Dictionary<(IPAddress Network, bool Subnet), (double Tokens, long At)> _rates = [];
    private int _total;

    public int Open => Volatile.Read(ref _total);

    /// <summary>Null: refused and counted. Disposing gives the place back.</summary>
    public IDisposable? TryEnter(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        bool exempt = IPAddress.IsLoopback(address);
        (IPAddress, bool) own = (address, false);
        (IPAddress, bool) network = (Subnet(address), true);
        lock (_sync)
        {
            if (_total >= options.MaxConnections
                || (!exempt && (_open.GetValueOrDefault(own) >= options.MaxConnectionsPerAddress || _open.GetValueOrDefault(network) >= options.MaxConnectionsPerSubnet)))
            {
                counters.Count(MeshLoss.ConnectionRefused);
                return null;
            }

            if (!exempt && !(TryTake(own, options.ConnectionsPerSecondPerAddress) && TryTake(network, options.ConnectionsPerSecondPerSubnet)))
            {
                counters.Count(MeshLoss.ConnectionTooSoon);
                return null;
            }

            _total++;
            if (exempt)
            {
                return new Place(() => Leave(null, null));
            }

            _open[own] = _open.GetValueOrDefault(own) + 1;
            _open[network] = _open.GetValueOrDefault(network) + 1;
        }

        return new Place(() => Leave(own, network));
    }

    /// <summary>The IPv4 /24 or IPv6 /48 around an address.</summary>
    public static IPAddress Subnet(IPAddress address)
    {
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(address.AddressFamily == AddressFamily.InterNetwork ? 3 : 6).Clear();
        return new IPAddress(bytes);
    }

    private void Leave((IPAddress, bool)? own, (IPAddress, bool)? network)
    {
        lock (_sync)
        {
            _total--;
            Lower(own);
            Lower(network);
        }
    }

    private void Lower((IPAddress, bool)? key)
    {
        if (key is { } known && _open.TryGetValue(known, out int count))
        {
            if (count > 1)
            {
                _open[known] = count - 1;
            }
            else
            {
                _open.Remove(known);
            }
        }
    }

    private bool TryTake((IPAddress, bool) key, double perSecond)
    {
        long now = time.GetTimestamp();
        double tokens = Burst * perSecond;
        if (_rates.TryGetValue(key, out (double Tokens, long At) known))
        {
            tokens = Math.Min(tokens, known.Tokens + (time.GetElapsedTime(known.At, now).TotalSeconds * perSecond));
        }
        else if (_rates.Count >= MaxRates)
        {
            ForgetRested(now);
        }

        bool good = tokens >= 1;
        _rates[key] = (good ? tokens - 1 : tokens, now);
        return good;
    }

    // Who did not come for ten seconds has all its tokens again: nothing is lost by forgetting it. If all came lately, all are forgotten.
    private void ForgetRested(long now)
    {
        foreach ((IPAddress, bool) key in _rates.Where(rate => time.GetElapsedTime(rate.Value.At, now).TotalSeconds > Burst).Select(rate => rate.Key).ToArray())
        {
            _rates.Remove(key);
        }

        if (_rates.Count >= MaxRates)
        {
            _rates.Clear();
        }
    }

    private sealed class Place(Action leave) : IDisposable
    {
        private Action? _leave = leave;

        public void Dispose() => Interlocked.Exchange(ref _leave, null)?.Invoke();
    }
}
