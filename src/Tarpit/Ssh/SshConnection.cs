using System.Net.Sockets;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>One client of the SSH server, from its identification to its end.</summary>
internal sealed partial class SshConnection : IDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly SshServer _server;
    private readonly Peer _peer;
    private readonly ISessionLog _log;
    private readonly SshTransport _transport;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenSource _grace;
    private readonly ITimer _idle;
    private bool _userAuthAccepted;
    private IHost? _host;
    private bool _resets;

    public SshConnection(SshServer server, Peer peer, ISessionLog log, CancellationToken cancellation)
    {
        (_server, _peer, _log) = (server, peer, log);
        _grace = new CancellationTokenSource(server.Settings.LoginGrace, server.Time);
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _grace.Token);
        _transport = new SshTransport(peer, server.Persona, server.HostKeys, _end.Token);
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
            await EndChannelsAsync();
            await _transport.EndAsync(Farewell, _server.Time);
            await _end.CancelAsync();
            if (_resets)
            {
                _peer.Reset();
            }
            else
            {
                await _peer.EndAsync(Farewell, _server.Time);
            }
        }
    }

    public void Dispose()
    {
        _idle.Dispose();
        _transport.Dispose();
        _end.Dispose();
        _grace.Dispose();
    }

    private async Task ServeAsync()
    {
        bool offerTold = false;
        while (true)
        {
            ReadOnlyMemory<byte> payload = await _transport.ReadAsync();
            if (!offerTold && _transport.ClientOffer is { } offer)
            {
                offerTold = true;
                TellOffer(offer);
            }

            if (_host is not null)
            {
                _idle.Change(_server.Settings.Idle, Timeout.InfiniteTimeSpan);
            }

            SshMessage message = (SshMessage)payload.Span[0];
            switch (message)
            {
                case SshMessage.ServiceRequest when _host is null:
                    await AcceptServiceAsync(payload);
                    break;
                case SshMessage.UserAuthRequest when _userAuthAccepted && _host is null:
                    await AuthenticateAsync(payload);
                    break;
                case SshMessage.UserAuthInfoResponse when _asked is not null:
                    await TakeResponseAsync(payload);
                    break;
                case SshMessage.UserAuthRequest when _host is not null:
                    // RFC 4252 §5.1: what comes after the success is ignored.
                    break;
                case >= SshMessage.GlobalRequest and <= SshMessage.ChannelFailure when _host is not null:
                    await ConverseAsync(message, payload);
                    break;
                default:
                    _transport.Unimplemented(_transport.LastSequence);
                    break;
            }
        }
    }

    private void TellOffer(KexInit offer)
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
        if (reader.Failed || service is not "ssh-userauth" || _userAuthAccepted)
        {
            await _transport.DisconnectAsync($"bad service request {service}");
        }

        _userAuthAccepted = true;
        _transport.Send(new SshWriter(SshMessage.ServiceAccept).Text(service));
    }

    private void LetIn(string user)
    {
        _host = _server.Login(_peer.Remote, _peer.Destination, user);
        _grace.CancelAfter(_server.Settings.Longest);
        _idle.Change(_server.Settings.Idle, Timeout.InfiniteTimeSpan);
        _transport.Send([(byte)SshMessage.UserAuthSuccess]);
        _transport.Authenticated();

        // OpenSSH tells its keys as soon as somebody is in, so that clients learn of new ones.
        SshWriter keys = new SshWriter(SshMessage.GlobalRequest, 1024).Text("hostkeys-00@openssh.com").Boolean(false)
            .Bytes(_server.HostKeys.Rsa).Bytes(_server.HostKeys.Ecdsa).Bytes(_server.HostKeys.Ed25519);
        _transport.Send(keys);
    }
}
