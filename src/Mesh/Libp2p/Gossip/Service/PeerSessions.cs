using System.Net;

namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <summary>The peers that we speak gossip with. Its state is guarded by the router's lock.</summary>
internal sealed class PeerSessions(Lock gate, GossipRouter router, SessionOutput output, IMeshHost host, GossipOptions options, Func<long> now, TimeProvider time, CancellationToken stop)
{
    private readonly Dictionary<PeerId, PeerSession> _sessions = [];

    /// <summary>Under the lock.</summary>
    public PeerSession? Find(PeerId peer) => _sessions.GetValueOrDefault(peer);

    /// <summary>RPC parts that were dropped because connected peers took too little.</summary>
    public long Dropped
    {
        get
        {
            lock (gate)
            {
                return _sessions.Values.Sum(session => session.Queue.Dropped);
            }
        }
    }

    /// <summary>Ends all of them.</summary>
    public async Task EndAsync()
    {
        PeerSession[] sessions;
        lock (gate)
        {
            sessions = [.. _sessions.Values];
            _sessions.Clear();
        }

        foreach (PeerSession session in sessions)
        {
            session.End();
        }

        await Task.WhenAll(sessions.Select(session => session.WhenEnded())).ConfigureAwait(false);
        foreach (PeerSession session in sessions)
        {
            session.Dispose();
        }
    }

    public void OnIdentified(PeerInfo info)
    {
        if (info.Protocols.Any(protocol => protocol is GossipService.Protocol12 or GossipService.Protocol11 or GossipService.Protocol10))
        {
            Session(info.Id, VersionOf(info.Protocols));
        }
    }

    public void OnDisconnected(IMeshConnection connection, string reason)
    {
        if (!IsConnected(connection.Remote))
        {
            EndSession(connection.Remote);
        }
    }

    /// <summary>The session of a connected peer, made where there is none; null: the connection ended meanwhile.</summary>
    public PeerSession? Session(PeerId id, GossipVersion version)
    {
        if (Connection(id) is not { } connection || stop.IsCancellationRequested)
        {
            return null;
        }

        PeerSession? session;
        lock (gate)
        {
            if (!_sessions.TryGetValue(id, out session))
            {
                session = new PeerSession(id, host, options, time, stop);
                IPAddress? address = connection.RemoteAddress.Ip;
                session.Peer = router.AddPeer(id, version, connection.Outbound, address, session);
                _sessions.Add(id, session);
            }

            session.EnsureSending(OnOpened);
        }

        // The end of the connection may have been told of before the session was there to be ended.
        if (!IsConnected(id))
        {
            EndSession(id);
            return null;
        }

        return session;
    }

    private void EndSession(PeerId id)
    {
        PeerSession? session;
        lock (gate)
        {
            if (!_sessions.Remove(id, out session))
            {
                return;
            }

            router.RemovePeer(session.Peer, now());
        }

        session.Dispose();
    }

    private bool IsConnected(PeerId id) => Connection(id) is not null;

    private IMeshConnection? Connection(PeerId id) => host.Connections.FirstOrDefault(connection => connection.Remote == id);

    private void OnOpened(PeerSession session, string protocol, bool again)
    {
        lock (gate)
        {
            session.Peer.Version = VersionOf([protocol]);
            if (again && session.Peer.Connected)
            {
                router.Announce(session.Peer);
            }
        }
    }

    public static GossipVersion VersionOf(IReadOnlyList<string> protocols) =>
        protocols.Contains(GossipService.Protocol12, StringComparer.Ordinal) ? GossipVersion.V12
        : protocols.Contains(GossipService.Protocol11, StringComparer.Ordinal) ? GossipVersion.V11
        : GossipVersion.V10;

    /// <summary>Whoever holds most of unfinished RPCs goes, not whoever comes last: many that begin long ones would keep everybody else out.</summary>
    public void ResetFullest()
    {
        lock (gate)
        {
            if (_sessions.Values.MaxBy(session => session.Reader?.Held ?? 0) is { Reader.Held: > 0 } fullest)
            {
                router.Counters.UnfinishedRpcs++;
                fullest.Inbound?.Reset();
            }
        }
    }

    /// <summary>Ends the streams on which an RPC is unfinished for too long.</summary>
    public void ResetLate()
    {
        lock (gate)
        {
            foreach (PeerSession session in _sessions.Values)
            {
                if (session.Reader is { } reader && reader.Waiting > options.FrameTime)
                {
                    router.Counters.UnfinishedRpcs++;
                    session.Inbound?.Reset();
                    session.Reader = null;
                }
            }
        }
    }

    /// <summary>Disconnects peers that take nothing.</summary>
    public async Task DisconnectStuckAsync()
    {
        PeerSession[] stuck;
        lock (gate)
        {
            stuck = [.. output.Stuck.Distinct()];
            output.Stuck.Clear();
        }

        foreach (PeerSession session in stuck)
        {
            await host.DisconnectAsync(session.Id).ConfigureAwait(false);
        }
    }
}
