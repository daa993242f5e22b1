using System.Net;
using System.Security.Cryptography;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Ssh.Crypto;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Ssh;

/// <summary>User authentication (RFC 4252, RFC 4256) of one connection as sshd with PAM does it.</summary>
internal sealed class SshAuthentication(SshServer server, IPAddress source, ISessionLog log, SshTransport transport, CancellationToken cancellation)
{
    private const int LongestPassword = 1024;
    private const int LargestRecordedKey = 4096;

    private string? _user;
    private string? _service;
    private int _attempts;
    private int _failures;

    /// <summary>We asked for a password by keyboard-interactive and wait for the response.</summary>
    public bool AwaitsResponse { get; private set; }

    /// <summary>The key that let the user in; null: a password did.</summary>
    public byte[]? Key { get; private set; }

    private string Methods => server.Settings.KeyboardInteractive ? "publickey,password,keyboard-interactive" : "publickey,password";

    /// <summary>Answers a request.</summary>
    /// <returns>The user who is in from now on; null: nobody.</returns>
    public async Task<string?> HandleRequestAsync(ReadOnlyMemory<byte> payload)
    {
        if (AuthenticationRequest.TryReadHead(payload.Span) is not var (user, service, method))
        {
            throw new SshEndException("incomplete authentication request");
        }

        AwaitsResponse = false;
        if (_attempts++ == 0)
        {
            (_user, _service) = (user, service);
            if (transport.WantsExtInfoInAuth)
            {
                transport.SendSignatureAlgorithms();
            }
        }
        else if (!string.Equals(user, _user, StringComparison.Ordinal) || !string.Equals(service, _service, StringComparison.Ordinal))
        {
            await transport.DisconnectAsync($"Change of username or service not allowed: ({_user},{_service}) -> ({user},{service})");
        }

        switch (method)
        {
            case "password":
                return await CheckAsync(AuthenticationRequest.TryReadPassword(payload.Span) ?? throw new SshEndException("incomplete password request"), method);
            case "publickey" or AuthenticationRequest.HostBound:
                return await CheckKeyAsync(payload);
            case "keyboard-interactive" when server.Settings.KeyboardInteractive:
                AwaitsResponse = true;
                transport.Send(new SshWriter(SshMessage.UserAuthMethod).Text("").Text("").Text("").UInt32(1).Text("Password: ").Boolean(false));
                return null;
            case "none" when _attempts == 1:
                transport.Send(new SshWriter(SshMessage.UserAuthFailure).Text(Methods).Boolean(false));
                return null;
            default:
                await RefuseAsync(throughPam: false);
                return null;
        }
    }

    /// <summary>Answers the response that we waited for.</summary>
    /// <returns>The user who is in from now on; null: nobody.</returns>
    public Task<string?> HandleResponseAsync(ReadOnlyMemory<byte> payload)
    {
        AwaitsResponse = false;
        return CheckAsync(AuthenticationRequest.TryReadResponse(payload.Span) ?? throw new SshEndException("wrong number of responses"), "keyboard-interactive");
    }

    private async Task<string?> CheckAsync(string password, string method)
    {
        bool accepted = password.Length <= LongestPassword && await server.Logins.AcceptsAsync(source, _user!, password, cancellation);
        log.Record(new Observation(ObservationKinds.Login) { User = _user, Secret = password, Method = method, Success = accepted });
        if (!accepted)
        {
            await RefuseAsync(throughPam: true);
            return null;
        }

        await Task.Delay(server.Delay.ForAcceptance(), server.Time, cancellation);
        return _user;
    }

    // A key that lets in is told so when it is offered, and must sign then.
    private async Task<string?> CheckKeyAsync(ReadOnlyMemory<byte> payload)
    {
        bool isSigned = RecordPublicKey(payload.Span, out string algorithm, out byte[] key);
        if (!PublicKeySignature.IsKnown(algorithm) || !await server.Logins.AcceptsKeyAsync(source, _user!, key, cancellation))
        {
            await RefuseAsync(throughPam: false);
            return null;
        }

        if (!isSigned)
        {
            transport.Send(new SshWriter(SshMessage.UserAuthMethod).Text(algorithm).Bytes(key));
            return null;
        }

        if (!PublicKeySignature.Verify(algorithm, key, AuthenticationRequest.Signed(payload.Span, transport.SessionId, out byte[] signature), signature))
        {
            await RefuseAsync(throughPam: false);
            return null;
        }

        log.Record(new Observation(ObservationKinds.Login) { User = _user, Method = "publickey", Sha256 = Convert.ToHexStringLower(SHA256.HashData(key)), Success = true });
        Key = key;
        return _user;
    }

    private async Task RefuseAsync(bool throughPam)
    {
        bool isLast = ++_failures >= server.Settings.MaxAuthTries;
        await Task.Delay(server.Delay.ForRefusal(_user!, throughPam), server.Time, cancellation);
        if (isLast)
        {
            await transport.DisconnectAsync("Too many authentication failures");
        }

        transport.Send(new SshWriter(SshMessage.UserAuthFailure).Text(Methods).Boolean(false));
    }

    // Once a key: some clients offer it first and sign then.
    private bool RecordPublicKey(ReadOnlySpan<byte> payload, out string algorithm, out byte[] copy)
    {
        if (!AuthenticationRequest.TryReadPublicKey(payload, out bool isSigned, out algorithm, out ReadOnlySpan<byte> key))
        {
            throw new SshEndException("incomplete public key request");
        }

        if (!isSigned)
        {
            log.Record(new Observation(ObservationKinds.PublicKey)
            {
                User = _user,
                Method = "publickey",
                Name = algorithm,
                Sha256 = Convert.ToHexStringLower(SHA256.HashData(key)),
                Value = key.Length <= LargestRecordedKey ? Convert.ToBase64String(key) : null,
                Size = key.Length,
                Success = false,
            });
        }

        copy = key.ToArray();
        return isSigned;
    }
}
