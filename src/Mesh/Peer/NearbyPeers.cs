using System.Threading.Channels;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Kad.Routing;

namespace Blackwall.Mesh.Peer;

/// <summary>
/// Connects with peers that were found on the local network, one after the other. Only addresses of local networks are dialled: anybody nearby could
/// make us call on strangers otherwise.
/// </summary>
internal sealed class NearbyPeers(IMeshHost host)
{
    private const int MaxWaiting = 256;

    private readonly Channel<PeerAddresses> _waiting = Channel.CreateBounded<PeerAddresses>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Queues a peer; beyond 256 that wait, none.</summary>
    public void Add(PeerAddresses peer) => _waiting.Writer.TryWrite(peer);

    /// <summary>Runs until it is stopped.</summary>
    public async Task ConnectAsync(CancellationToken stopping)
    {
        await foreach (PeerAddresses peer in _waiting.Reader.ReadAllAsync(stopping))
        {
            foreach (Multiaddr address in peer.Addresses.Where(address => address.Ip is { } ip && AddressClass.IsPrivate(ip)))
            {
                if (host.Connections.Any(connection => connection.Remote == peer.Id) || await TryDialAsync(address, peer.Id, stopping))
                {
                    break;
                }
            }
        }
    }

    private async Task<bool> TryDialAsync(Multiaddr address, PeerId peer, CancellationToken stopping)
    {
        try
        {
            await host.DialAsync(address, peer, stopping);
            return true;
        }
        catch (MeshException)
        {
            return false;
        }
    }
}
