using System.Security.Cryptography;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Kad;
using Blackwall.Mesh.Libp2p.Kad.Routing;

namespace Blackwall.Mesh.Sharing;

/// <summary>
/// Dials peers of our own choice, so that those who dial us cannot surround us: first those that we stayed connected with before (anchors), then such as a search for a
/// random key finds, each in another /16 and no more than two of one operator. Peers nearby are dialled when they are found, at private addresses alone.
/// </summary>
internal sealed class PeerFinder(MeshHost host, KadService kad, SharingOptions options, TimeProvider time)
{
    private const int MaxNearby = 64;
    private const int PerOperator = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);
    private int _dialling;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await DialAsync(host.Peers.Peers, stop).ConfigureAwait(false);
            if (Missing > 0 && kad.Known > 0)
            {
                try
                {
                    await DialAsync(await kad.ClosestAsync(RandomNumberGenerator.GetBytes(32), stop).ConfigureAwait(false), stop).ConfigureAwait(false);
                }
                catch (MeshException)
                {
                    // The next look searches elsewhere.
                }
            }

            await Task.Delay(LookEvery, time, stop).ConfigureAwait(false);
        }
    }

    /// <summary>A peer was found on the local network.</summary>
    public void FoundNearby(PeerAddresses peer)
    {
        if (Interlocked.Increment(ref _dialling) > MaxNearby || IsConnected(peer.Id))
        {
            Interlocked.Decrement(ref _dialling);
            return;
        }

        _ = NearbyAsync(peer);
    }

    private int Missing => options.OutboundPeers - host.Connections.Count(connection => connection.Outbound);

    private async Task NearbyAsync(PeerAddresses peer)
    {
        try
        {
            await TryAsync(peer, peer.Addresses.Where(address => address.Ip is { } ip && AddressClass.IsPrivate(ip)), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _dialling);
        }
    }

    private async Task DialAsync(IReadOnlyList<PeerAddresses> peers, CancellationToken stop)
    {
        foreach (PeerAddresses peer in peers)
        {
            if (Missing <= 0)
            {
                return;
            }

            if (peer.Id != host.Id && !IsConnected(peer.Id) && peer.Addresses.Where(IsElsewhere).ToArray() is { Length: > 0 } addresses)
            {
                await TryAsync(peer, addresses, stop).ConfigureAwait(false);
            }
        }
    }

    private async Task TryAsync(PeerAddresses peer, IEnumerable<Multiaddr> addresses, CancellationToken stop)
    {
        foreach (Multiaddr address in addresses)
        {
            try
            {
                using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
                late.CancelAfter(Patience);
                await host.DialAsync(address.WithoutPeer(), peer.Id, late.Token).ConfigureAwait(false);
                return;
            }
            catch (Exception exception) when (exception is MeshException or ObjectDisposedException || (exception is OperationCanceledException && !stop.IsCancellationRequested))
            {
                // The next address, the next peer.
            }
        }
    }

    // Private networks are one's own: their addresses say nothing of who is behind them.
    private bool IsElsewhere(Multiaddr address)
    {
        if (address.Ip is not { } ip)
        {
            return false;
        }

        if (AddressClass.IsPrivate(ip))
        {
            return true;
        }

        NetworkPlace place = options.Networks.PlaceOf(ip);
        NetworkPlace[] dialled = [.. host.Connections.Where(connection => connection.Outbound).Select(connection => connection.RemoteAddress.Ip).OfType<System.Net.IPAddress>().Select(options.Networks.PlaceOf)];
        return !Array.Exists(dialled, other => other.Wide == place.Wide) && dialled.Count(other => other.Operator == place.Operator) < PerOperator;
    }

    private bool IsConnected(PeerId peer) => host.Connections.Any(connection => connection.Remote == peer);
}
