using System.Collections.Concurrent;
using System.Net;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Kad.Routing;
using Blackwall.Mesh.Sybil;

namespace Blackwall.Mesh.Sharing;

/// <summary>
/// From which networks reporters come: where a connection with them was made, for that is proven by its handshake. What a peer tells of itself counts for nothing. A
/// reporter that was never connected shares the one place "nowhere" with all others of its kind. Thread-safe.
/// </summary>
internal sealed class PeerPlaces(NetworkTable networks, int capacity = 100_000)
{
    private readonly ConcurrentDictionary<PeerId, (IPAddress Address, NetworkPlace Place)> _places = new();
    private readonly Lock _evicting = new();

    /// <summary>Whether a place is worth its room: its peer is connected, or has reported something. Others are forgotten first when the room is full.</summary>
    public Func<PeerId, bool> IsNeeded { get; set; } = _ => false;

    public void Met(PeerId peer, IPAddress address)
    {
        lock (_evicting)
        {
            if (_places.Count >= capacity && !_places.ContainsKey(peer))
            {
                MakeRoom();
            }
        }

        _places[peer] = (address, networks.PlaceOf(address));
    }

    public NetworkPlace Of(PeerId peer) => _places.TryGetValue(peer, out (IPAddress Address, NetworkPlace Place) known) ? known.Place : default;

    public IPAddress? AddressOf(PeerId peer) => _places.TryGetValue(peer, out (IPAddress Address, NetworkPlace Place) known) ? known.Address : null;

    public bool IsPrivate(PeerId peer) => AddressOf(peer) is { } address && AddressClass.IsPrivate(address);

    public IReadOnlyDictionary<PeerId, string> All => _places.ToDictionary(pair => pair.Key, pair => pair.Value.Address.ToString());

    // A sixteenth at once, so that a flood of ids does not look at all of them for each.
    private void MakeRoom()
    {
        int most = Math.Max(1, capacity / 16);
        PeerId[] spare = [.. _places.Keys.Where(peer => !IsNeeded(peer)).Take(most)];
        foreach (PeerId peer in spare.Length > 0 ? spare : [.. _places.Keys.Take(1)])
        {
            _places.TryRemove(peer, out _);
        }
    }
}
