namespace Blackwall.Fingerprints.Wire;

/// <summary>
/// What an SSH client says first: its identification line and its KEXINIT (RFC 4253 §4.2, §6, §7.1), in place: valid as long as the bytes
/// that it was read from.
/// </summary>
public readonly ref struct SshClientHello
{
    /// <summary>Longest identification line, bytes with its line end.</summary>
    public const int MaxLine = 255;

    /// <summary>Longest packet that is taken, bytes; the largest that RFC 4253 §6.1 asks of anybody.</summary>
    public const int MaxPacket = 35_000;

    private const byte KexInit = 20;
    private const int Cookie = 16;

    private SshClientHello(ReadOnlySpan<byte> software, ReadOnlySpan<byte> keyExchanges, ReadOnlySpan<byte> encryptions, ReadOnlySpan<byte> macs, ReadOnlySpan<byte> compressions)
    {
        Software = software;
        KeyExchanges = keyExchanges;
        Encryptions = encryptions;
        Macs = macs;
        Compressions = compressions;
    }

    /// <summary>"SSH-2.0-OpenSSH_9.2": the whole line without its end. Hostile text.</summary>
    public ReadOnlySpan<byte> Software { get; }

    /// <summary>kex_algorithms, as sent: names with commas between.</summary>
    public ReadOnlySpan<byte> KeyExchanges { get; }

    /// <summary>encryption_algorithms_client_to_server.</summary>
    public ReadOnlySpan<byte> Encryptions { get; }

    /// <summary>mac_algorithms_client_to_server.</summary>
    public ReadOnlySpan<byte> Macs { get; }

    /// <summary>compression_algorithms_client_to_server.</summary>
    public ReadOnlySpan<byte> Compressions { get; }

    /// <summary>Finds the identification line; None: there can be none.</summary>
    /// <param name="stream">From the client's first byte on, without gaps.</param>
    /// <param name="line">Without its end.</param>
    /// <param name="rest">What follows it.</param>
    public static HelloStatus ReadLine(ReadOnlySpan<byte> stream, out ReadOnlySpan<byte> line, out ReadOnlySpan<byte> rest)
    {
        line = rest = default;
        ReadOnlySpan<byte> begin = "SSH-"u8;
        if (!begin.StartsWith(stream[..Math.Min(stream.Length, begin.Length)]))
        {
            return HelloStatus.None;
        }

        int end = stream[..Math.Min(stream.Length, MaxLine)].IndexOf((byte)'\n');
        if (end < 0)
        {
            return stream.Length < MaxLine ? HelloStatus.Partial : HelloStatus.None;
        }

        rest = stream[(end + 1)..];
        line = stream[..end];
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        return HelloStatus.Whole;
    }

    /// <summary>Reads line and key exchange; None: this is no client of protocol version 2.</summary>
    /// <param name="stream">From the client's first byte on, without gaps.</param>
    /// <param name="hello">Points into <paramref name="stream"/>.</param>
    public static HelloStatus Read(ReadOnlySpan<byte> stream, out SshClientHello hello)
    {
        hello = default;
        HelloStatus status = ReadLine(stream, out ReadOnlySpan<byte> line, out ReadOnlySpan<byte> rest);
        if (status != HelloStatus.Whole)
        {
            return status;
        }

        ByteReader reader = new(rest);
        if (!reader.TryU32(out uint length) || !reader.TryByte(out byte padding) || !reader.TryByte(out byte type))
        {
            return HelloStatus.Partial;
        }

        if (type != KexInit || length > MaxPacket || length < padding + 2u)
        {
            return HelloStatus.None;
        }

        int content = (int)length - padding - 2;
        if (reader.Left < content)
        {
            return HelloStatus.Partial;
        }

        ByteReader lists = new(reader.Rest[..content]);
        if (!lists.TrySkip(Cookie)
            || !TryList(ref lists, out ReadOnlySpan<byte> exchanges) || !TryList(ref lists, out _)
            || !TryList(ref lists, out ReadOnlySpan<byte> encryptions) || !TryList(ref lists, out _)
            || !TryList(ref lists, out ReadOnlySpan<byte> macs) || !TryList(ref lists, out _)
            || !TryList(ref lists, out ReadOnlySpan<byte> compressions))
        {
            return HelloStatus.None;
        }

        hello = new SshClientHello(line, exchanges, encryptions, macs, compressions);
        return HelloStatus.Whole;
    }

    // name-list (RFC 4251 §5): a length of four bytes before it.
    private static bool TryList(scoped ref ByteReader reader, out ReadOnlySpan<byte> list)
    {
        list = default;
        return reader.TryU32(out uint length) && length <= (uint)reader.Left && reader.TryTake((int)length, out list);
    }
}
