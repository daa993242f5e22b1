using System.Security.Cryptography;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>Authentication (RFC 4252, RFC 4256) as sshd with PAM does it.</summary>
internal sealed partial class SshConnection
{
    private const int MostSecret = 1024;

    private string? _user;
    private string? _service;
    private string? _asked;
    private int _attempts;
    private int _failures;

    private string Methods => _server.Settings.KeyboardInteractive ? "publickey,password,keyboard-interactive" : "publickey,password";

    private async Task AuthenticateAsync(ReadOnlyMemory<byte> payload)
    {
        (string user, string service, string method, bool failed) = Head(payload.Span);
        if (failed)
        {
            throw new SshEndException("incomplete authentication request");
        }

        _asked = null;
        if (_attempts++ == 0)
        {
            (_user, _service) = (user, service);
            if (_transport.ExtInfoInAuth)
            {
                _transport.SendSignatureAlgorithms();
            }
        }
        else if (!string.Equals(user, _user, StringComparison.Ordinal) || !string.Equals(service, _service, StringComparison.Ordinal))
        {
            await _transport.DisconnectAsync($"Change of username or service not allowed: ({_user},{_service}) -> ({user},{service})");
        }

        switch (method)
        {
            case "password":
                await TakePasswordAsync(payload);
                break;
            case "publickey":
                TakePublicKey(payload.Span);
                await RefuseAsync(throughPam: false);
                break;
            case "keyboard-interactive" when _server.Settings.KeyboardInteractive:
                _asked = "password";
                _transport.Send(new SshWriter(SshMessage.UserAuthMethod).Text("").Text("").Text("").UInt32(1).Text("Password: ").Boolean(false));
                break;
            case "none" when _attempts == 1:
                _transport.Send(new SshWriter(SshMessage.UserAuthFailure).Text(Methods).Boolean(false));
                break;
            default:
                await RefuseAsync(throughPam: false);
                break;
        }
    }

    private async Task TakePasswordAsync(ReadOnlyMemory<byte> payload)
    {
        string? password = Password(payload.Span);
        if (password is null)
        {
            throw new SshEndException("incomplete password request");
        }

        await JudgeAsync(password, "password");
    }

    private async Task TakeResponseAsync(ReadOnlyMemory<byte> payload)
    {
        _asked = null;
        string? password = Response(payload.Span);
        if (password is null)
        {
            throw new SshEndException("wrong number of responses");
        }

        await JudgeAsync(password, "keyboard-interactive");
    }

    private async Task JudgeAsync(string password, string method)
    {
        bool accepted = password.Length <= MostSecret && _server.Policy.Accepts(_peer.Remote.Address, _user!, password);
        _log.Record(new Observation(ObservationKinds.Login) { User = _user, Secret = password, Method = method, Success = accepted });
        if (!accepted)
        {
            await RefuseAsync(throughPam: true);
            return;
        }

        await Task.Delay(_server.Delay.OfAcceptance(), _server.Time, _end.Token);
        LetIn(_user!);
    }

    private async Task RefuseAsync(bool throughPam)
    {
        if (++_failures >= _server.Settings.MaxAuthTries)
        {
            await Task.Delay(_server.Delay.OfRefusal(_user!, throughPam), _server.Time, _end.Token);
            await _transport.DisconnectAsync("Too many authentication failures");
        }

        await Task.Delay(_server.Delay.OfRefusal(_user!, throughPam), _server.Time, _end.Token);
        _transport.Send(new SshWriter(SshMessage.UserAuthFailure).Text(Methods).Boolean(false));
    }

    private void TakePublicKey(ReadOnlySpan<byte> payload)
    {
        SshReader reader = AfterHead(payload);
        bool isSigned = reader.Boolean();
        string algorithm = reader.Text();
        ReadOnlySpan<byte> key = reader.Bytes();
        if (reader.Failed)
        {
            throw new SshEndException("incomplete public key request");
        }

        // Once a key; some clients offer it first and sign then.
        if (!isSigned)
        {
            _log.Record(new Observation(ObservationKinds.PublicKey)
            {
                User = _user,
                Method = "publickey",
                Name = algorithm,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(key)),
                Value = key.Length <= 4096 ? Convert.ToBase64String(key) : null,
                Size = key.Length,
                Success = false,
            });
        }
    }

    private static (string User, string Service, string Method, bool Failed) Head(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload[1..]);
        string user = reader.Text(), service = reader.Text(), method = reader.Text();
        return (user, service, method, reader.Failed);
    }

    private static SshReader AfterHead(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload[1..]);
        reader.Bytes();
        reader.Bytes();
        reader.Bytes();
        return reader;
    }

    private static string? Password(ReadOnlySpan<byte> payload)
    {
        SshReader reader = AfterHead(payload);
        reader.Boolean();
        string password = reader.Text();
        return reader.Failed ? null : password;
    }

    private static string? Response(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload[1..]);
        uint count = reader.UInt32();
        string response = reader.Text();
        return reader.Failed || count != 1 ? null : response;
    }
}
