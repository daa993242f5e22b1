using System.Threading.Channels;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Kad.Routing;

namespace Blackwall.Mesh.Peer;

/// <summary>
/// Connects with peers that were found on the local network, several at once and each for a short time, so that those that do not answer do not keep the others
/// waiting. Only addresses of local networks are dialled: anybody nearby could make us call on strangers otherwise. Two peers that found and dialled
/// each other at the same time keep one connection, the one that the lower id dialled.
/// </summary>
internal sealed class NearbyPeers : IDisposable
{
    private const int MaxWaiting = 256;
    private const int AtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly IMeshHost _host;
    private readonly Lock _gate = new();
    private readonly HashSet<PeerId> _underWay = [];
    private readonly HashSet<long> _dialled = [];
    private readonly Channel<PeerAddresses> _waiting = Channel.CreateBounded<PeerAddresses>(MaxWaiting);

    public NearbyPeers(IMeshHost host)
    {
        _host = host;
        _host.Connected += OnConnected;
        _host.Disconnected += OnDisconnected;
    }

    /// <summary>Peers that were found while too many waited. They are dialled when they are found again.</summary>
    public long Dropped { get; private set; }

    /// <summary>Queues a peer, unless it is connected or waits already; beyond 256 that wait, none.</summary>
    public void Add(PeerAddresses peer)
    {
        lock (_gate)
        {
            if (IsConnected(peer.Id) || !_underWay.Add(peer.Id))
            {
                return;
            }

            if (!_waiting.Writer.TryWrite(peer))
            {
                _underWay.Remove(peer.Id);
                Dropped++;
            }
        }
    }

    /// <summary>Runs until it is stopped.</summary>
    public Task ConnectAsync(CancellationToken stopping) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => DialAsync(stopping)));

    public void Dispose()
    {
        _host.Connected -= OnConnected;
        _host.Disconnected -= OnDisconnected;
    }

    private async Task DialAsync(CancellationToken stopping)
    {
        await foreach (PeerAddresses peer in _waiting.Reader.ReadAllAsync(stopping))
        {
            try
            {
                using var late = CancellationTokenSource.CreateLinkedTokenSource(stopping);
                late.CancelAfter(Patience);
                await DialAsync(peer, late.Token);
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                // It does not answer.
            }
            finally
            {
                lock (_gate)
                {
                    _underWay.Remove(peer.Id);
                }
            }
        }
    }

    private async Task DialAsync(PeerAddresses peer, CancellationToken late)
    {
        foreach (Multiaddr address in peer.Addresses.Where(address => address.Ip is { } ip && AddressClass.IsPrivate(ip)))
        {
            if (IsConnected(peer.Id))
            {
                return;
            }

            try
            {
                IMeshConnection connection = await _host.DialAsync(address, peer.Id, late);
                lock (_gate)
                {
                    _dialled.Add(connection.Number);
                }

                // It may have ended, or the other side's dial may have come in, before it was noted.
                if (!_host.Connections.Contains(connection))
                {
                    OnDisconnected(connection, "");
                }

                KeepOne(peer.Id);
                return;
            }
            catch (MeshException)
            {
                // The next address.
            }
        }
    }

    private void OnConnected(IMeshConnection connection)
    {
        if (!connection.Outbound)
        {
            KeepOne(connection.Remote);
        }
    }

    private void OnDisconnected(IMeshConnection connection, string reason)
    {
        lock (_gate)
        {
            _dialled.Remove(connection.Number);
        }
    }

    // Both sides come to the same: only the one with the higher id lets its own dial go.
    private void KeepOne(PeerId peer)
    {
        IMeshConnection[] connections = [.. _host.Connections.Where(connection => connection.Remote == peer)];
        if (_host.Id.Bytes.SequenceCompareTo(peer.Bytes) < 0 || !Array.Exists(connections, connection => !connection.Outbound))
        {
            return;
        }

        foreach (IMeshConnection connection in connections.Where(connection => connection.Outbound))
        {
            bool ours;
            lock (_gate)
            {
                ours = _dialled.Contains(connection.Number);
            }

            if (ours)
            {
                _ = connection.CloseAsync().AsTask();
            }
        }
    }

    private bool IsConnected(PeerId peer) => _host.Connections.Any(connection => connection.Remote == peer);
}
