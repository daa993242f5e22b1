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
internal sealed class PeerPlaces(NetworkTable networks)
{
    private const int Capacity = 100_000;
    private readonly ConcurrentDictionary<PeerId, (IPAddress Address, NetworkPlace Place)> _places = new();

    public void Met(PeerId peer, IPAddress address)
    {
        if (_places.Count < Capacity || _places.ContainsKey(peer))
        {
            _places[peer] = (address, networks.PlaceOf(address));
        }
    }

    public NetworkPlace Of(PeerId peer) => _places.TryGetValue(peer, out (IPAddress Address, NetworkPlace Place) known) ? known.Place : default;

    public IPAddress? AddressOf(PeerId peer) => _places.TryGetValue(peer, out (IPAddress Address, NetworkPlace Place) known) ? known.Address : null;

    public bool IsPrivate(PeerId peer) => AddressOf(peer) is { } address && AddressClass.IsPrivate(address);

    public IReadOnlyDictionary<PeerId, string> All => _places.ToDictionary(pair => pair.Key, pair => pair.Value.Address.ToString());
}
