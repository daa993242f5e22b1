namespace Blackwall.Tarpit.Detection.Wire;

/// <summary>Tells protocols by what clients say first.</summary>
internal static class FirstBytes
{
    private const int LongestMethod = 16;

    public static Guess Judge(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return Guess.More;
        }

        ReadOnlySpan<byte> ssh = "SSH-"u8;
        if (bytes.StartsWith(ssh))
        {
            return Guess.Ssh;
        }

        if (ssh.StartsWith(bytes))
        {
            return Guess.More;
        }

        // A record of a handshake in TLS 1.x (RFC 8446 §5.1).
        if (bytes[0] == 0x16)
        {
            return bytes.Length < 3 ? Guess.More : bytes[1] == 3 && bytes[2] <= 4 ? Guess.Tls : Guess.Unknown;
        }

        // A method is a token, and a space follows it (RFC 9112 §3).
        int length = 0;
        while (length < bytes.Length && length < LongestMethod && bytes[length] is >= (byte)'A' and <= (byte)'Z')
        {
            length++;
        }

        return length == bytes.Length && length < LongestMethod ? Guess.More : length > 2 && length < bytes.Length && bytes[length] == ' ' ? Guess.Http : Guess.Unknown;
    }
}
