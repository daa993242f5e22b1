using System.Net;
using Blackwall.Mesh.Libp2p.Gossip.Signing;
using Blackwall.Mesh.Libp2p.Gossip.Wire;

namespace Blackwall.Mesh.Libp2p.Gossip.Service;

/// <content>Peers that come and go, and what they send.</content>
public sealed partial class GossipService
{
    private readonly TimeSpan _validatorTime;

    private void OnIdentified(PeerInfo info)
    {
        if (info.Protocols.Any(protocol => protocol is Protocol12 or Protocol11 or Protocol10))
        {
            Session(info.Id, VersionOf(info.Protocols));
        }
    }

    private void OnDisconnected(IMeshConnection connection, string reason)
    {
        if (!IsConnected(connection.Remote))
        {
            EndSession(connection.Remote);
        }
    }

    private void EndSession(PeerId id)
    {
        PeerSession? session;
        lock (_gate)
        {
            if (!_sessions.Remove(id, out session))
            {
                return;
            }

            _router.RemovePeer(session.Peer, Now);
        }

        session.Dispose();
    }

    private bool IsConnected(PeerId id) => Connection(id) is not null;

    private IMeshConnection? Connection(PeerId id) => _host.Connections.FirstOrDefault(connection => connection.Remote == id);

    // Null: the connection ended meanwhile.
    private PeerSession? Session(PeerId id, GossipVersion version)
    {
        if (Connection(id) is not { } connection || _stop.IsCancellationRequested)
        {
            return null;
        }

        PeerSession? session;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(id, out session))
            {
                session = new PeerSession(id, _host, _options, _time, _stop.Token);
                IPAddress? address = connection.RemoteAddress.Ip;
                session.Peer = _router.AddPeer(id, version, connection.Outbound, address, session);
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

    private void OnOpened(PeerSession session, string protocol, bool again)
    {
        lock (_gate)
        {
            session.Peer.Version = VersionOf([protocol]);
            if (again && session.Peer.Connected)
            {
                _router.Announce(session.Peer);
            }
        }
    }

    private static GossipVersion VersionOf(IReadOnlyList<string> protocols) =>
        protocols.Contains(Protocol12, StringComparer.Ordinal) ? GossipVersion.V12
        : protocols.Contains(Protocol11, StringComparer.Ordinal) ? GossipVersion.V11
        : GossipVersion.V10;

    private async Task ReadAsync(IMeshStream stream, CancellationToken cancellation)
    {
        if (Session(stream.Remote, VersionOf([stream.Protocol])) is not { } session)
        {
            stream.Reset();
            return;
        }

        // A peer has one stream to us: a second one takes the place of the first.
        using var reader = new FrameReader(stream, _options.MaxRpc, _frames, _time);
        IMeshStream? before;
        lock (_gate)
        {
            before = session.Inbound;
            session.Inbound = stream;
            session.Reader = reader;
        }

        before?.Reset();
        var intake = new RpcIntake(_router, _options, _topics, _authors);
        do
        {
            while (reader.TryTake(out ReadOnlyMemory<byte> frame))
            {
                if (!TryTake(session, intake, frame.Span))
                {
                    stream.Reset();
                    return;
                }

                await VerifyAsync(intake, cancellation).ConfigureAwait(false);
            }

            if (reader.Broken)
            {
                lock (_gate)
                {
                    _router.Misbehaved(session.Peer);
                }

                stream.Reset();
                return;
            }

            if (_frames.Exhausted)
            {
                ResetFullest();
            }
        }
        while (await reader.FillAsync(cancellation).ConfigureAwait(false));
    }

    // Whoever holds most goes, not whoever comes last: many that begin long RPCs would keep everybody else out.
    private void ResetFullest()
    {
        lock (_gate)
        {
            if (_sessions.Values.MaxBy(session => session.Reader?.Held ?? 0) is { Reader.Held: > 0 } fullest)
            {
                _router.Counters.UnfinishedRpcs++;
                fullest.Inbound?.Reset();
            }
        }
    }

    private void ResetLate()
    {
        lock (_gate)
        {
            foreach (PeerSession session in _sessions.Values)
            {
                if (session.Reader is { } reader && reader.Waiting > _options.FrameTime)
                {
                    _router.Counters.UnfinishedRpcs++;
                    session.Inbound?.Reset();
                    session.Reader = null;
                }
            }
        }
    }

    private bool TryTake(PeerSession session, RpcIntake intake, ReadOnlySpan<byte> rpc)
    {
        lock (_gate)
        {
            return session.Peer.Connected && intake.Take(session.Peer, rpc, Now) is RpcFault.None;
        }
    }

    private async ValueTask VerifyAsync(RpcIntake intake, CancellationToken cancellation)
    {
        foreach ((PeerId peer, byte[] record) in intake.Offers)
        {
            Call(() => PeerOffered?.Invoke(peer, record));
        }

        intake.Offers.Clear();
        int next = 0;
        try
        {
            for (; next < intake.ToVerify.Count; next++)
            {
                (PendingMessage pending, Author author) = intake.ToVerify[next];
                await VerifyAsync(pending, author, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            // What was not reached must not stay as "being verified": it would keep true copies out.
            lock (_gate)
            {
                for (; next < intake.ToVerify.Count; next++)
                {
                    _router.Abandon(intake.ToVerify[next].Pending);
                }
            }

            intake.ToVerify.Clear();
        }
    }

    private async ValueTask VerifyAsync(PendingMessage pending, Author author, CancellationToken cancellation)
    {
        if (!_verifying.Wait(0, CancellationToken.None))
        {
            await _verifying.WaitAsync(cancellation).ConfigureAwait(false);
        }

        bool holds;
        try
        {
            holds = MessageView.TryRead(pending.Message.Raw.Span, out MessageView view) && MessageSignature.Holds(in view, author);
        }
        finally
        {
            _verifying.Release();
        }

        TopicOptions? topic;
        lock (_gate)
        {
            if (!holds)
            {
                _router.SignatureFailed(pending);
                return;
            }

            if (!_router.SignatureHeld(pending, Now))
            {
                return;
            }

            topic = _topics.Find(pending.Message.Topic);
            if (topic is { Validator: null })
            {
                Complete(pending, Validation.Accept);
            }
        }

        GossipMessage message = pending.Message;
        TopicMessage told = new(message.Topic, message.From, message.Seqno, message.Data, message.Id.ToArray(), pending.Via.Id);
        bool accepted = true;
        if (topic is null or { Validator: not null })
        {
            Validation validation = topic is null ? Validation.Ignore : await ValidateAsync(topic.Validator!, told).ConfigureAwait(false);
            accepted = validation is Validation.Accept;
            lock (_gate)
            {
                Complete(pending, validation);
            }
        }

        if (accepted && topic?.Received is { } received)
        {
            Call(() => received(told));
        }
    }

    private void Complete(PendingMessage pending, Validation validation)
    {
        // The author of what comes back to us is ourselves: it was published before, or by an earlier run of us.
        _router.Complete(pending, pending.Message.From == _host.Id ? Validation.Ignore : validation, Now);
        _output.Deliveries.Clear();
    }

    private async ValueTask<Validation> ValidateAsync(Func<TopicMessage, ValueTask<Validation>> validator, TopicMessage message)
    {
        try
        {
            ValueTask<Validation> running = validator(message);
            return running.IsCompletedSuccessfully
                ? running.Result
                : await running.AsTask().WaitAsync(_validatorTime, _time, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // A validator that fails is our fault: nobody else is blamed.
            Failed?.Invoke(exception);
            return Validation.Ignore;
        }
    }

    private async Task DisconnectStuckAsync()
    {
        PeerSession[] stuck;
        lock (_gate)
        {
            stuck = [.. _output.Stuck.Distinct()];
            _output.Stuck.Clear();
        }

        foreach (PeerSession session in stuck)
        {
            await _host.DisconnectAsync(session.Id).ConfigureAwait(false);
        }
    }
}
