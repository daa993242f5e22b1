using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.MySql.Sql;
using Blackwall.Tarpit.MySql.Wire;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.MySql;

/// <summary>One client of the database server: greeting, TLS, login, commands.</summary>
internal sealed class MySqlConnection
{
    private const int LargestHandshake = 64 * 1024;
    private static readonly TimeSpan s_handshakeLimit = TimeSpan.FromSeconds(10);

    private readonly MySqlServer _server;
    private readonly Peer _peer;
    private readonly ISessionLog _log;
    private readonly PacketChannel _channel;
    private readonly uint _id;

    public MySqlConnection(MySqlServer server, Peer peer, ISessionLog log)
    {
        (_server, _peer, _log) = (server, peer, log);
        _channel = new PacketChannel(new PeerStream(peer), peer.Memory);
        _id = server.NextConnection();
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        SslStream? tls = null;
        try
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using ITimer timer = _server.Machine.Time.CreateTimer(_ => _peer.Abort(), null, s_handshakeLimit, Timeout.InfiniteTimeSpan);
            byte[] salt = NewSalt();
            _channel.Write(Greeting.Write(MySqlServer.Version, _id, salt, Authenticator.Sha2));
            await _channel.FlushAsync(cancellation);
            HandshakeResponse? response = await ReadResponseAsync(cancellation);
            if (response is { IsTlsRequest: true })
            {
                tls = new SslStream(_channel.Stream, leaveInnerStreamOpen: true);
                await tls.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions { ServerCertificate = _server.Keys.Certificate, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 }, cancellation);
                _channel.Stream = tls;
                response = await ReadResponseAsync(cancellation);
            }

            if (response is null || response.IsTlsRequest)
            {
                await FailAsync(MySqlError.HandshakeError, cancellation);
                return;
            }

            _log.Record(new Observation(ObservationKinds.ClientVersion) { Text = response.Attributes ?? response.Plugin ?? "", Name = tls is null ? "plain" : "tls" });
            await LogInAsync(response, salt, tls is not null, timer, cancellation);
        }
        catch (MySqlException e)
        {
            await FailAsync(e.Error, cancellation);
        }
        finally
        {
            if (tls is not null)
            {
                await tls.DisposeAsync();
            }
        }
    }

    private async Task LogInAsync(HandshakeResponse response, byte[] salt, bool isTls, ITimer timer, CancellationToken cancellation)
    {
        SqlSession session = new(_server.Machine, _server.CopyOf(_peer.Remote.Address), _server.Variables, _id) { Port = _peer.Remote.Port };
        Authenticator authenticator = new(_server, _channel, _log, _peer.Remote.Address);
        if (!response.Capabilities.HasFlag(Capabilities.Protocol41))
        {
            authenticator.RecordOld(response, salt);
            await FailAsync(MySqlError.OldClient, cancellation);
            return;
        }

        if (await authenticator.RunAsync(response, salt, isTls, session, cancellation) is { } error)
        {
            await FailAsync(error, cancellation);
            return;
        }

        if (response.Database is { } database)
        {
            try
            {
                session.Use(database);
            }
            catch (MySqlException e)
            {
                await FailAsync(e.Error, cancellation);
                return;
            }
        }

        ResultWriter writer = new(_channel, response.Capabilities, session, response.Charset);
        writer.Ok(Result.Done);
        await _channel.FlushAsync(cancellation);
        await new CommandLoop(_server, _peer, _channel, writer, session, authenticator, _log, response.Capabilities, isTls).RunAsync(timer, cancellation);
    }

    private async ValueTask<HandshakeResponse?> ReadResponseAsync(CancellationToken cancellation) =>
        await _channel.ReadAsync(LargestHandshake, cancellation) is { TooLong: false } packet ? HandshakeResponse.TryRead(packet.Payload) : null;

    private async ValueTask FailAsync(MySqlError error, CancellationToken cancellation)
    {
        _channel.Write(ResultWriter.Error(error, withState: true));
        await _channel.FlushAsync(cancellation);
    }

    /// <summary>20 bytes from 1 to 127 without '$', as the server draws them.</summary>
    public static byte[] NewSalt()
    {
        byte[] salt = RandomNumberGenerator.GetBytes(Greeting.SaltLength);
        for (int i = 0; i < salt.Length; i++)
        {
            salt[i] &= 0x7F;
            if (salt[i] is 0 or (byte)'$')
            {
                salt[i]++;
            }
        }

        return salt;
    }

    internal static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
