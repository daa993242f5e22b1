using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Kad.Routing;

namespace Blackwall.Mesh.Sharing;

/// <summary>
/// Who may ask what we know, so that silent or greedy strangers keep nobody else from it: places for strangers by network and always some for members, one whole answer in
/// ten minutes, and as many bytes a second as are taken of a peer. Thread-safe.
/// </summary>
internal sealed class SyncGate(SharingOptions options, PeerPlaces places)
{
    /// <summary>Strangers that are answered at a time.</summary>
    public const int Strangers = 16;

    /// <summary>Of one IPv4 /24 or IPv6 /48.</summary>
    public const int PerNetwork = 2;

    private const int MaxPeers = 16_384;
    private const int Burst = 256 * 1024;

    private static readonly TimeSpan WholeEvery = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, int> _open = [];
    private readonly Dictionary<PeerId, DateTimeOffset> _answered = [];
    private readonly Dictionary<PeerId, (double Left, DateTimeOffset At)> _bytes = [];
    private int _strangers;

    public bool TryEnter(PeerId peer)
    {
        if (options.Members.Contains(peer))
        {
            return true;
        }

        lock (_gate)
        {
            ulong network = places.Of(peer).Near;
            int open = _open.GetValueOrDefault(network);
            if (_strangers >= Strangers || (open >= PerNetwork && places.AddressOf(peer) is { } address && !AddressClass.IsPrivate(address)))
            {
                return false;
            }

            _open[network] = open + 1;
            _strangers++;
            return true;
        }
    }

    public void Leave(PeerId peer)
    {
        if (options.Members.Contains(peer))
        {
            return;
        }

        lock (_gate)
        {
            ulong network = places.Of(peer).Near;
            int open = _open.GetValueOrDefault(network) - 1;
            _strangers--;
            if (open > 0)
            {
                _open[network] = open;
            }
            else
            {
                _open.Remove(network);
            }
        }
    }

    /// <summary>From when on a peer is told what it asks for: what it was told within ten minutes it has.</summary>
    public DateTimeOffset Since(PeerId peer, DateTimeOffset asked, DateTimeOffset now)
    {
        if (options.Members.Contains(peer))
        {
            return asked;
        }

        lock (_gate)
        {
            if (_answered.TryGetValue(peer, out DateTimeOffset at) && (now - at).Duration() < WholeEvery)
            {
                DateTimeOffset known = at - PeerSync.LookBack;
                return asked > known ? asked : known;
            }

            Bound(_answered);
            _answered[peer] = now;
            return asked;
        }
    }

    /// <summary>Takes bytes that a peer is given; tells how long to wait before they are sent.</summary>
    public TimeSpan Pace(PeerId peer, int bytes, DateTimeOffset now)
    {
        int rate = Math.Max(1, options.BytesPerSecond);
        lock (_gate)
        {
            (double left, DateTimeOffset at) = _bytes.GetValueOrDefault(peer, (Burst, now));
            left = Math.Min(Burst, left + (Math.Max(0, (now - at).TotalSeconds) * rate)) - bytes;
            Bound(_bytes);
            _bytes[peer] = (left, now);
            return left >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-left / rate);
        }
    }

    /// <summary>Forgets whom we answered long ago.</summary>
    public void Trim(DateTimeOffset now)
    {
        lock (_gate)
        {
            foreach (PeerId past in _answered.Where(pair => (now - pair.Value).Duration() >= WholeEvery).Select(pair => pair.Key).ToArray())
            {
                _answered.Remove(past);
            }

            foreach (PeerId past in _bytes.Where(pair => (now - pair.Value.At).Duration() >= WholeEvery).Select(pair => pair.Key).ToArray())
            {
                _bytes.Remove(past);
            }
        }
    }

    private static void Bound<T>(Dictionary<PeerId, T> peers)
    {
        if (peers.Count >= MaxPeers)
        {
            peers.Remove(peers.Keys.First());
        }
    }
}
