using System.Buffers.Text;
using System.Text;

namespace Blackwall.Mesh.Libp2p.PrivateNetwork;

/// <summary>
/// The key of a private network (libp2p specification pnet, "Private Networks", version 1): who does not have it cannot speak with any of its peers. In a file
/// of three lines: /key/swarm/psk/1.0.0/, the encoding (/base16/ or /base64/), and the 32 bytes.
/// </summary>
public sealed class SwarmKey
{
    private const int Length = 32;
    private const int LongestFile = 1024;
    private readonly byte[] _bytes;

    private SwarmKey(byte[] bytes) => _bytes = bytes;

    internal ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Reads the text of a key file. Null: it is none; the error says why, and holds nothing of the key.</summary>
    public static SwarmKey? TryParse(string text, out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] lines = text.Length > LongestFile ? [] : [.. text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        error = lines is not [_, _, _] ? "a swarm key has three lines: /key/swarm/psk/1.0.0/, /base16/, and 64 hexadecimal digits"
            : lines[0] is not "/key/swarm/psk/1.0.0/" ? "the first line of a swarm key is /key/swarm/psk/1.0.0/"
            : lines[1] is not ("/base16/" or "/base64/") ? "the second line of a swarm key is /base16/ or /base64/"
            : null;
        if (error is not null)
        {
            return null;
        }

        byte[]? bytes = lines[1] is "/base16/" ? OfHex(lines[2]) : OfBase64(lines[2]);
        error = bytes?.Length == Length ? null : "the third line of a swarm key holds 32 bytes";
        return error is null ? new SwarmKey(bytes!) : null;
    }

    private static byte[]? OfHex(string text) => text.Length == Length * 2 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : null;

    private static byte[]? OfBase64(string text)
    {
        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(Encoding.ASCII.GetBytes(text), bytes, out _, out int written) == System.Buffers.OperationStatus.Done ? bytes[..written] : null;
    }
}
