using System.Net.Sockets;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>One client of the SSH server, from its identification to its end.</summary>
internal sealed class SshConnection : IDisposable
{
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(2);

    private readonly SshServer _server;
    private readonly Peer _peer;
    private readonly ISessionLog _log;
    private readonly SshTransport _transport;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenSource _limit;
    private readonly ITimer _idle;
    private SshAuthentication? _authentication;
    private SshChannels? _channels;
    private bool _resets;

    public SshConnection(SshServer server, Peer peer, ISessionLog log, CancellationToken cancellation)
    {
        (_server, _peer, _log) = (server, peer, log);
        _limit = new CancellationTokenSource(server.Settings.LoginGrace, server.Time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _limit.Token);
        _transport = new SshTransport(peer, server.Persona, server.HostKeys, RecordOffer, _end.Token);
        _idle = server.Time.CreateTimer(static state => ((SshConnection)state!)._peer.Abort(), this, server.Settings.LoginGrace, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Serves until one side ends it. Never throws for what the peer does.</summary>
    public async Task RunAsync()
    {
        try
        {
            _transport.SendRaw(System.Text.Encoding.ASCII.GetBytes(_server.Persona.Version + "\r\n"));
            ClientVersion version = await _transport.ReadVersionAsync();
            _log.Record(new Observation(ObservationKinds.ClientVersion) { Text = version.Line });
            if (version.Refusal is { } refusal)
            {
                // sshd reads a byte at a time here, so that what a client sent behind it is left unread and the close becomes a reset.
                _resets = _transport.HasUnread;
                _transport.SendRaw(System.Text.Encoding.ASCII.GetBytes(_resets ? refusal : refusal + "\r\n"));
                await _transport.FlushAsync();
                throw new SshEndException(refusal);
            }

            if (version.IsProbe)
            {
                throw new SshEndException("a probe");
            }

            _transport.Begin(version.Line);
            await ServeAsync();
        }
        catch (Exception e) when (e is SshEndException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Ended by the peer, by a limit, or by the protocol.
        }
        finally
        {
            await (_channels?.EndAsync() ?? Task.CompletedTask);
            await _transport.EndAsync(s_farewell, _server.Time);
            await _end.CancelAsync();
            if (_resets)
            {
                _peer.Reset();
            }
            else
            {
                await _peer.EndAsync(s_farewell, _server.Time);
            }
        }
    }

    public void Dispose()
    {
        _idle.Dispose();
        _transport.Dispose();
        _end.Dispose();
        _limit.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            ReadOnlyMemory<byte> payload = await _transport.ReadAsync();
            SshMessage message = (SshMessage)payload.Span[0];
            if (_channels is not null)
            {
                _idle.Change(_server.Settings.Idle, Timeout.InfiniteTimeSpan);
                await ConverseAsync(_channels, message, payload);
                continue;
            }

            switch (message)
            {
                case SshMessage.ServiceRequest:
                    await AcceptServiceAsync(payload);
                    break;
                case SshMessage.UserAuthRequest when _authentication is not null:
                    await StartSessionAsync(await _authentication.HandleRequestAsync(payload), _authentication.Key);
                    break;
                case SshMessage.UserAuthInfoResponse when _authentication is { AwaitsResponse: true }:
                    await StartSessionAsync(await _authentication.HandleResponseAsync(payload), key: null);
                    break;
                default:
                    _transport.SendUnimplemented(_transport.LastSequence);
                    break;
            }
        }
    }

    // After the login.
    private async ValueTask ConverseAsync(SshChannels channels, SshMessage message, ReadOnlyMemory<byte> payload)
    {
        switch (message)
        {
            case SshMessage.UserAuthRequest:
                // RFC 4252 §5.1: what comes after the success is ignored.
                break;
            case >= SshMessage.GlobalRequest and <= SshMessage.ChannelFailure:
                await channels.HandleAsync(message, payload);
                break;
            default:
                _transport.SendUnimplemented(_transport.LastSequence);
                break;
        }
    }

    private void RecordOffer(KexInit offer)
    {
        string algorithms = Hassh.AlgorithmsOfClient(offer);
        _log.Record(new Observation(ObservationKinds.ClientKex)
        {
            Text = Hassh.Compute(algorithms),
            Name = algorithms,
            Value = string.Join(',', offer.HostKeys),
        });
    }

    private async Task AcceptServiceAsync(ReadOnlyMemory<byte> payload)
    {
        SshReader reader = new(payload.Span[1..]);
        string service = reader.Text();
        if (reader.Failed || service is not "ssh-userauth" || _authentication is not null)
        {
            await _transport.DisconnectAsync($"bad service request {service}");
        }

        _authentication = new SshAuthentication(_server, _peer.Remote.Address, _log, _transport, _end.Token);
        _transport.Send(new SshWriter(SshMessage.ServiceAccept).Text(service));
    }

    private async Task StartSessionAsync(string? user, byte[]? key)
    {
        if (user is null)
        {
            return;
        }

        SshSession session = new(_server, _transport, _log, await _server.Logins.LogInAsync(_peer.Remote, _peer.Destination, user, key is null ? default(ReadOnlyMemory<byte>?) : new ReadOnlyMemory<byte>(key), _end.Token), _end.Token);
        _authentication = null;
        _channels = new SshChannels(session);
        _limit.CancelAfter(_server.Settings.Longest);
        _idle.Change(_server.Settings.Idle, Timeout.InfiniteTimeSpan);
        _transport.Send([(byte)SshMessage.UserAuthSuccess]);
        _transport.Authenticated();

        // OpenSSH announces its keys as soon as somebody is in, so that clients learn of new ones.
        SshWriter keys = new SshWriter(SshMessage.GlobalRequest, 1024).Text("hostkeys-00@openssh.com").Boolean(false)
            .Bytes(_server.HostKeys.Rsa).Bytes(_server.HostKeys.Ecdsa).Bytes(_server.HostKeys.Ed25519);
        _transport.Send(keys);
    }
}
