namespace Blackwall.Fingerprints.Wire;

/// <summary>The body of a ClientHello (RFC 8446 §4.1.2, RFC 6347 §4.2.1), in place: valid as long as the bytes that it was read from.</summary>
public readonly ref struct ClientHello
{
    private const ushort ServerNameType = 0x0000;
    private const ushort SignatureAlgorithmsType = 0x000d;
    private const ushort AlpnType = 0x0010;
    private const ushort SupportedVersionsType = 0x002b;

    private ClientHello(ushort legacyVersion, ReadOnlySpan<byte> ciphers, ReadOnlySpan<byte> extensions)
    {
        LegacyVersion = legacyVersion;
        Ciphers = ciphers;
        Extensions = extensions;
        for (ExtensionReader reader = new(extensions); reader.MoveNext();)
        {
            ByteReader value = new(reader.Value);
            switch (reader.Type)
            {
                case ServerNameType when !HasServerName:
                    HasServerName = true;
                    ServerName = ReadServerName(value);
                    break;
                case SignatureAlgorithmsType when SignatureAlgorithms.IsEmpty:
                    SignatureAlgorithms = value.TryVector16(out ReadOnlySpan<byte> algorithms) ? algorithms[..(algorithms.Length & ~1)] : default;
                    break;
                case AlpnType when !HasAlpn:
                    HasAlpn = true;
                    FirstProtocol = value.TryVector16(out ReadOnlySpan<byte> protocols) ? ReadProtocol(new ByteReader(protocols)) : default;
                    break;
                case SupportedVersionsType when SupportedVersions.IsEmpty:
                    SupportedVersions = value.TryVector8(out ReadOnlySpan<byte> versions) ? versions[..(versions.Length & ~1)] : default;
                    break;
            }
        }
    }

    /// <summary>The field of that name, never the record's version.</summary>
    public ushort LegacyVersion { get; }

    /// <summary>Cipher suites, two bytes each, in the order sent.</summary>
    public ReadOnlySpan<byte> Ciphers { get; }

    /// <summary>All extensions as sent.</summary>
    public ReadOnlySpan<byte> Extensions { get; }

    /// <summary>Whether extension 0 is there, whatever it holds.</summary>
    public bool HasServerName { get; }

    /// <summary>The host name; empty when there is none.</summary>
    public ReadOnlySpan<byte> ServerName { get; }

    public bool HasAlpn { get; }

    /// <summary>First protocol of ALPN that is not made up; empty when there is none.</summary>
    public ReadOnlySpan<byte> FirstProtocol { get; }

    /// <summary>Of extension 000d only, two bytes each, in the order sent.</summary>
    public ReadOnlySpan<byte> SignatureAlgorithms { get; }

    /// <summary>Two bytes each, in the order sent.</summary>
    public ReadOnlySpan<byte> SupportedVersions { get; }

    /// <summary>False: these bytes are no ClientHello, or not a whole one.</summary>
    /// <param name="body">What follows the handshake header.</param>
    /// <param name="datagram">DTLS: a cookie follows the session id.</param>
    /// <param name="hello">Points into <paramref name="body"/>.</param>
    public static bool TryRead(ReadOnlySpan<byte> body, bool datagram, out ClientHello hello)
    {
        hello = default;
        ByteReader reader = new(body);
        if (!reader.TryU16(out ushort version) || !reader.TrySkip(32) || !reader.TryVector8(out _)
            || (datagram && !reader.TryVector8(out _))
            || !reader.TryVector16(out ReadOnlySpan<byte> ciphers) || (ciphers.Length & 1) != 0
            || !reader.TryVector8(out _))
        {
            return false;
        }

        // Before TLS 1.2 a hello may end here.
        ReadOnlySpan<byte> extensions = default;
        if (reader.Left > 0 && !reader.TryVector16(out extensions))
        {
            return false;
        }

        ExtensionReader whole = new(extensions);
        while (whole.MoveNext())
        {
        }

        if (!whole.AtEnd)
        {
            return false;
        }

        hello = new ClientHello(version, ciphers, extensions);
        return true;
    }

    // The first one that is not made up (RFC 8701 §3.1: two equal bytes 0x?a).
    private static ReadOnlySpan<byte> ReadProtocol(ByteReader protocols)
    {
        while (protocols.TryVector8(out ReadOnlySpan<byte> name))
        {
            if (name.Length != 2 || name[0] != name[1] || (name[0] & 0xf) != 0xa)
            {
                return name;
            }
        }

        return default;
    }

    // server_name (RFC 6066 §3): a list of (type, name); only type 0, host_name, exists.
    private static ReadOnlySpan<byte> ReadServerName(ByteReader value)
    {
        if (!value.TryVector16(out ReadOnlySpan<byte> list))
        {
            return default;
        }

        ByteReader names = new(list);
        return names.TryByte(out byte type) && type == 0 && names.TryVector16(out ReadOnlySpan<byte> name) ? name : default;
    }
}
