using System.Text;

namespace Blackwall.Tarpit.MySql.Wire;

/// <summary>What a client answers to the greeting (HandshakeResponse41, HandshakeResponse320), or its request for TLS.</summary>
internal sealed record HandshakeResponse
{
    private const int TlsRequestLength = 32;
    private const int MostAttributes = 32;

    public Capabilities Capabilities { get; private init; }

    /// <summary>The client wants TLS first; nothing else is known yet.</summary>
    public bool IsTlsRequest { get; private init; }

    public byte Charset { get; private init; }

    public string User { get; private init; } = "";

    public byte[] Authentication { get; private init; } = [];

    public string? Database { get; private init; }

    public string? Plugin { get; private init; }

    /// <summary>"_client_name=libmysql;program_name=mysql", as far as it may be kept.</summary>
    public string? Attributes { get; private init; }

    /// <summary>The same client with another proof.</summary>
    public HandshakeResponse WithAuthentication(byte[] authentication, string plugin) => this with { Authentication = authentication, Plugin = plugin };

    /// <summary>Null: it is none.</summary>
    public static HandshakeResponse? TryRead(ReadOnlySpan<byte> payload)
    {
        MySqlReader reader = new(payload);
        Capabilities capabilities = (Capabilities)reader.UInt16();
        if (!capabilities.HasFlag(Capabilities.Protocol41))
        {
            return ReadOld(capabilities, payload);
        }

        capabilities |= (Capabilities)((uint)reader.UInt16() << 16);
        reader.UInt32();
        byte charset = reader.UInt8();
        reader.Bytes(23);
        if (reader.Failed)
        {
            return null;
        }

        if (payload.Length == TlsRequestLength)
        {
            return !capabilities.HasFlag(Capabilities.Tls) ? null : new HandshakeResponse { Capabilities = capabilities, IsTlsRequest = true, Charset = charset };
        }

        string user = Encoding.UTF8.GetString(reader.Terminated());
        byte[] authentication = capabilities.HasFlag(Capabilities.CountedAuthenticationData) ? reader.Counted().ToArray()
            : capabilities.HasFlag(Capabilities.SecureConnection) ? reader.Bytes(reader.UInt8()).ToArray()
            : reader.Terminated().ToArray();
        string? database = capabilities.HasFlag(Capabilities.ConnectWithDatabase) && !reader.AtEnd ? Encoding.UTF8.GetString(reader.Terminated()) : null;
        string? plugin = capabilities.HasFlag(Capabilities.PluginAuthentication) && !reader.AtEnd ? Encoding.UTF8.GetString(reader.Terminated()) : null;
        string? attributes = capabilities.HasFlag(Capabilities.ConnectAttributes) && !reader.AtEnd ? ReadAttributes(reader.Counted()) : null;
        return reader.Failed ? null : new HandshakeResponse
        {
            Capabilities = capabilities,
            Charset = charset,
            User = user,
            Authentication = authentication,
            Database = database is "" ? null : database,
            Plugin = plugin,
            Attributes = attributes,
        };
    }

    /// <summary>COM_CHANGE_USER: the same values in another order.</summary>
    public static HandshakeResponse? TryReadChange(ReadOnlySpan<byte> payload, Capabilities capabilities)
    {
        MySqlReader reader = new(payload);
        string user = Encoding.UTF8.GetString(reader.Terminated());
        byte[] authentication = reader.Bytes(reader.UInt8()).ToArray();
        string database = Encoding.UTF8.GetString(reader.Terminated());
        byte charset = 0;
        string? plugin = null;
        if (!reader.AtEnd)
        {
            charset = (byte)reader.UInt16();
            plugin = reader.AtEnd ? null : Encoding.UTF8.GetString(reader.Terminated());
        }

        return reader.Failed ? null : new HandshakeResponse
        {
            Capabilities = capabilities,
            Charset = charset,
            User = user,
            Authentication = authentication,
            Database = database is "" ? null : database,
            Plugin = plugin,
        };
    }

    private static HandshakeResponse? ReadOld(Capabilities capabilities, ReadOnlySpan<byte> payload)
    {
        MySqlReader reader = new(payload);
        reader.Bytes(5);
        string user = Encoding.UTF8.GetString(reader.Terminated());
        byte[] authentication = reader.Terminated().ToArray();
        return reader.Failed ? null : new HandshakeResponse { Capabilities = capabilities, User = user, Authentication = authentication };
    }

    private static string ReadAttributes(ReadOnlySpan<byte> bytes)
    {
        MySqlReader reader = new(bytes);
        StringBuilder text = new();
        for (int i = 0; i < MostAttributes && !reader.AtEnd && !reader.Failed; i++)
        {
            text.Append(text.Length == 0 ? "" : ";").Append(Encoding.UTF8.GetString(reader.Counted())).Append('=').Append(Encoding.UTF8.GetString(reader.Counted()));
        }

        return text.ToString();
    }
}
