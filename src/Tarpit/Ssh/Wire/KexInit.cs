namespace Blackwall.Tarpit.Ssh.Wire;

/// <summary>SSH_MSG_KEXINIT (RFC 4253 §7.1): what one side speaks, best first.</summary>
/// <param name="Lists">The ten name lists in the order of the message.</param>
/// <param name="FirstKexFollows">Whether a guessed first message of the key exchange follows.</param>
internal sealed record KexInit(IReadOnlyList<string[]> Lists, bool FirstKexFollows)
{
    public const int ListCount = 10;

    /// <summary>Cookie of 16 bytes behind the message number.</summary>
    public const int CookieLength = 16;

    public string[] Kex => Lists[0];

    public string[] HostKeys => Lists[1];

    public string[] CiphersIn => Lists[2];

    public string[] CiphersOut => Lists[3];

    public string[] MacsIn => Lists[4];

    public string[] MacsOut => Lists[5];

    public string[] CompressionIn => Lists[6];

    public string[] CompressionOut => Lists[7];

    /// <summary>Reads a whole payload, message number included; null: it is cut short or is another message.</summary>
    public static KexInit? TryRead(ReadOnlySpan<byte> payload)
    {
        SshReader reader = new(payload);
        if (reader.Byte() != (byte)SshMessage.KexInit)
        {
            return null;
        }

        reader.Raw(CookieLength);
        string[][] lists = new string[ListCount][];
        for (int i = 0; i < ListCount; i++)
        {
            lists[i] = reader.Text().Split(',', StringSplitOptions.RemoveEmptyEntries);
        }

        bool follows = reader.Boolean();
        reader.UInt32();
        return reader.Failed ? null : new KexInit(lists, follows);
    }

    /// <summary>The payload, message number included.</summary>
    public byte[] Write(ReadOnlySpan<byte> cookie)
    {
        SshWriter writer = new SshWriter(SshMessage.KexInit, 1200).Raw(cookie);
        foreach (string[] list in Lists)
        {
            writer.Text(string.Join(',', list));
        }

        return writer.Boolean(FirstKexFollows).UInt32(0).ToArray();
    }
}
