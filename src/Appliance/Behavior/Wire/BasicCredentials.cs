using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Blackwall.Behavior.Wire;

/// <summary>Name and password that a request carries for HTTP's Basic authentication (RFC 7617), as hashes: neither is kept.</summary>
/// <param name="Name">Of the bytes before the first colon.</param>
/// <param name="Password">Of those after it.</param>
internal readonly record struct BasicCredentials(uint Name, uint Password)
{
    private const int Longest = 384;

    /// <summary>False: the header lines hold none that can be read. Never throws.</summary>
    /// <param name="headers">Bytes after the request line; may end anywhere.</param>
    /// <param name="credentials">What was read; undefined when nothing was.</param>
    public static bool TryParse(ReadOnlySpan<byte> headers, out BasicCredentials credentials)
    {
        credentials = default;
        while (!headers.IsEmpty)
        {
            int end = headers.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? default : headers[..end].TrimEnd((byte)'\r');
            headers = end < 0 ? default : headers[(end + 1)..];
            if (line.IsEmpty)
            {
                return false;
            }

            if (After(line, "authorization:"u8, out ReadOnlySpan<byte> value) && After(value.Trim((byte)' '), "basic "u8, out ReadOnlySpan<byte> encoded))
            {
                return TryDecode(encoded.Trim((byte)' '), out credentials);
            }
        }

        return false;
    }

    private static bool TryDecode(ReadOnlySpan<byte> encoded, out BasicCredentials credentials)
    {
        credentials = default;
        Span<byte> buffer = stackalloc byte[Longest];
        if (Base64.DecodeFromUtf8(encoded, buffer, out _, out int length) != OperationStatus.Done)
        {
            return false;
        }

        ReadOnlySpan<byte> pair = buffer[..length];
        int colon = pair.IndexOf((byte)':');
        if (colon < 0)
        {
            return false;
        }

        credentials = new BasicCredentials(Hash(pair[..colon]), Hash(pair[(colon + 1)..]));
        return true;
    }

    // RFC 9110 §5.1, §11.1: names of fields and schemes are the same in upper and lower case.
    private static bool After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowerPrefix, out ReadOnlySpan<byte> rest)
    {
        bool starts = text.Length >= lowerPrefix.Length && Ascii.EqualsIgnoreCase(text[..lowerPrefix.Length], lowerPrefix);
        rest = starts ? text[lowerPrefix.Length..] : default;
        return starts;
    }

    // FNV-1a: only tells one source's tries apart.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        uint hash = 2166136261;
        foreach (byte b in bytes)
        {
            hash = (hash ^ b) * 16777619;
        }

        return hash;
    }
}
