using System.Runtime.InteropServices;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip.Cache;

/// <summary>Messages that peers told of and that we asked them for: one a request, so that it costs little and still shows who lies.</summary>
internal sealed class PendingWants(TimeSpan followUp, int perPeer)
{
    private readonly Dictionary<MessageId, List<(GossipPeer Peer, long Due)>> _open = [];
    private readonly long _followUp = (long)followUp.TotalMilliseconds;

    public void Add(GossipPeer peer, in MessageId id, long now)
    {
        if (peer.OpenPromises >= perPeer)
        {
            return;
        }

        ref List<(GossipPeer Peer, long Due)>? peers = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, id, out _);
        peers ??= [];
        if (!peers.Exists(promise => ReferenceEquals(promise.Peer, peer)))
        {
            peers.Add((peer, now + _followUp));
            peer.OpenPromises++;
        }
    }

    /// <summary>The message is here, whoever sent it.</summary>
    public void Kept(in MessageId id)
    {
        if (_open.Count > 0 && _open.Remove(id, out List<(GossipPeer Peer, long Due)>? peers))
        {
            foreach ((GossipPeer peer, _) in peers)
            {
                peer.OpenPromises--;
            }
        }
    }

    /// <summary>Calls back for each promise that is overdue, and forgets it.</summary>
    public void TakeBroken(long now, Action<GossipPeer> broken)
    {
        foreach ((MessageId id, List<(GossipPeer Peer, long Due)> peers) in _open)
        {
            for (int i = peers.Count - 1; i >= 0; i--)
            {
                (GossipPeer peer, long due) = peers[i];
                if (due <= now || !peer.Connected)
                {
                    peers.RemoveAt(i);
                    peer.OpenPromises--;
                    if (peer.Connected)
                    {
                        broken(peer);
                    }
                }
            }

            if (peers.Count == 0)
            {
                _open.Remove(id);
            }
        }
    }
}
