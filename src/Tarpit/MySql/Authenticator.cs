using System.Net;
using System.Security.Cryptography;
using Blackwall.Tarpit.MySql.Sql;
using Blackwall.Tarpit.MySql.Wire;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.MySql;

/// <summary>
/// Logins. caching_sha2_password is always played in full, as for an account that is not in the server's cache: its client then hands over the
/// password itself, in TLS or covered with our public key. mysql_native_password gives a proof, which is kept for crackers.
/// </summary>
internal sealed class Authenticator(MySqlServer server, PacketChannel channel, ISessionLog log, IPAddress source)
{
    public const string Sha2 = "caching_sha2_password";
    public const string Native = "mysql_native_password";

    private const int LargestAnswer = 4096;
    private const int AskForKey = 2;
    private const int FullNeeded = 4;

    /// <summary>Null: the user is in, and the session his. Else the error to end with.</summary>
    public async Task<MySqlError?> RunAsync(HandshakeResponse response, byte[] salt, bool isTls, SqlSession session, CancellationToken cancellation)
    {
        string host = source.ToString();
        byte[] answer = response.Authentication;
        if (response.Plugin is null or Native)
        {
            // A client that knows plugins is asked once for the account's own; one that cannot change gets the old way.
            if (!response.Capabilities.HasFlag(Capabilities.PluginAuthentication))
            {
                return JudgeProof(response.User, answer, salt, host, session);
            }

            salt = MySqlConnection.NewSalt();
            await SwitchAsync(Sha2, salt, cancellation);
            if (await ReadAsync(cancellation) is not { } switched)
            {
                return MySqlError.HandshakeError;
            }

            answer = switched;
        }
        else if (response.Plugin is not Sha2)
        {
            salt = MySqlConnection.NewSalt();
            await SwitchAsync(Sha2, salt, cancellation);
            if (await ReadAsync(cancellation) is not { } switched)
            {
                return MySqlError.HandshakeError;
            }

            answer = switched;
        }

        if (answer.Length == 0 || answer is [0])
        {
            return Judge(response.User, "", host, "caching_sha2", session);
        }

        string? password = await AskPasswordAsync(isTls, salt, cancellation);
        if (password is null)
        {
            // Only the proof came: whoever has no way to hand over the password goes here.
            log.Record(new Observation(ObservationKinds.Login) { User = response.User, Secret = "$mysql-sha2$" + Convert.ToHexStringLower(salt) + "*" + Convert.ToHexStringLower(answer), Method = "caching_sha2", Success = false });
            return MySqlError.AccessDenied(response.User, host, usesPassword: true);
        }

        return Judge(response.User, password, host, "caching_sha2", session);
    }

    /// <summary>A client from before version 4.1: what it sent is kept, and it is refused.</summary>
    public void RecordOld(HandshakeResponse response, byte[] salt) => log.Record(new Observation(ObservationKinds.Login)
    {
        User = response.User,
        Secret = $"$mysql-old${Convert.ToHexStringLower(salt.AsSpan(0, 8))}*{Convert.ToHexStringLower(response.Authentication)}",
        Method = "native",
        Success = false,
    });

    private async Task<string?> AskPasswordAsync(bool isTls, byte[] salt, CancellationToken cancellation)
    {
        channel.Write([1, FullNeeded]);
        await channel.FlushAsync(cancellation);
        byte[]? answer = await ReadAsync(cancellation);
        if (isTls)
        {
            return answer is null ? null : MySqlConnection.Text(Scramble.Uncover(answer, []));
        }

        if (answer is [AskForKey])
        {
            channel.Write(new MySqlWriter().UInt8(1).Bytes(System.Text.Encoding.ASCII.GetBytes(server.Keys.PublicKey)));
            await channel.FlushAsync(cancellation);
            answer = await ReadAsync(cancellation);
        }

        return answer is not null && server.Keys.Decrypt(answer) is { } covered ? MySqlConnection.Text(Scramble.Uncover(covered, salt)) : null;
    }

    private MySqlError? JudgeProof(string user, byte[] proof, byte[] salt, string host, SqlSession session)
    {
        if (proof.Length == 0)
        {
            return Judge(user, "", host, "native", session);
        }

        // Whether it is right shows only for passwords that we know.
        BaitLogin? known = server.KnownLogins.FirstOrDefault(login => string.Equals(login.User, user, StringComparison.Ordinal)
            && CryptographicOperations.FixedTimeEquals(Scramble.Native(System.Text.Encoding.UTF8.GetBytes(login.Password), salt), proof));
        if (known is not null)
        {
            return Judge(user, known.Password, host, "native", session);
        }

        // The same guess of the same password must look different each time to a policy that counts tries; the proof does.
        string secret = Scramble.ForCrackers(salt, proof);
        bool isAccepted = server.Accepts(source, user, secret, out string? onlyDatabase);
        log.Record(new Observation(ObservationKinds.Login) { User = user, Secret = secret, Method = "native", Success = isAccepted });
        if (!isAccepted)
        {
            return MySqlError.AccessDenied(user, host, usesPassword: true);
        }

        session.Begin(user, host, onlyDatabase);
        return null;
    }

    private MySqlError? Judge(string user, string password, string host, string method, SqlSession session)
    {
        bool isAccepted = server.Accepts(source, user, password, out string? onlyDatabase);
        log.Record(new Observation(ObservationKinds.Login) { User = user, Secret = password, Method = method, Success = isAccepted });
        if (!isAccepted)
        {
            return MySqlError.AccessDenied(user, host, usesPassword: password.Length > 0);
        }

        session.Begin(user, host, onlyDatabase);
        return null;
    }

    private async ValueTask SwitchAsync(string plugin, byte[] salt, CancellationToken cancellation)
    {
        channel.Write(new MySqlWriter().UInt8(0xFE).Terminated(plugin).Bytes(salt).UInt8(0));
        await channel.FlushAsync(cancellation);
    }

    private async ValueTask<byte[]?> ReadAsync(CancellationToken cancellation) => await channel.ReadAsync(LargestAnswer, cancellation) is { TooLong: false } packet ? packet.Payload : null;
}
