namespace Blackwall.Tarpit.Ssh.Wire;

/// <summary>Parses the messages of user authentication (RFC 4252, RFC 4256), payloads with their message number.</summary>
internal static class AuthenticationRequest
{
    /// <summary>OpenSSH's form of "publickey" that is bound to the server.</summary>
    public const string HostBound = "publickey-hostbound-v00@openssh.com";

    /// <summary>User, service and method of a request; null: it is incomplete.</summary>
    public static (string User, string Service, string Method)? TryReadHead(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload[1..]);
        string user = reader.Text(), service = reader.Text(), method = reader.Text();
        return reader.Failed ? null : (user, service, method);
    }

    /// <summary>The password of a request with that method; null: it is incomplete.</summary>
    public static string? TryReadPassword(ReadOnlySpan<byte> payload)
    {
        SshReader reader = AfterHead(payload);
        reader.Boolean();
        string password = reader.Text();
        return reader.Failed ? null : password;
    }

    /// <summary>The key of a request with the method "publickey".</summary>
    /// <returns>False: it is incomplete.</returns>
    public static bool TryReadPublicKey(ReadOnlySpan<byte> payload, out bool isSigned, out string algorithm, out ReadOnlySpan<byte> key)
    {
        SshReader reader = AfterHead(payload);
        isSigned = reader.Boolean();
        algorithm = reader.Text();
        key = reader.Bytes();
        return !reader.Failed;
    }

    /// <summary>What a request with a signature signs: the session and the request up to the signature.</summary>
    public static byte[] Signed(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> session, out byte[] signature)
    {
        bool isHostBound = TryReadHead(payload) is { Method: HostBound };
        SshReader reader = AfterHead(payload);
        reader.Boolean();
        reader.Bytes();
        reader.Bytes();
        if (isHostBound)
        {
            // The server's own key stands behind the user's.
            reader.Bytes();
        }

        int length = payload.Length - reader.Remaining;
        signature = reader.Bytes().ToArray();
        return new SshWriter(payload.Length + 64).Bytes(session).Raw(payload[..length]).ToArray();
    }

    /// <summary>The one response of an information response; null: it is incomplete, or there is another number of them.</summary>
    public static string? TryReadResponse(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload[1..]);
        uint count = reader.UInt32();
        string response = reader.Text();
        return reader.Failed || count != 1 ? null : response;
    }

    private static SshReader AfterHead(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload[1..]);
        reader.Bytes();
        reader.Bytes();
        reader.Bytes();
        return reader;
    }
}
