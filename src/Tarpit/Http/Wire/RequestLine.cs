using System.Buffers;
using System.Text;

namespace Blackwall.Tarpit.Http.Wire;

/// <summary>The first line of a request, read as httpd 2.4 reads it (server/protocol.c, HttpProtocolOptions Strict LenientMethods Allow0.9).</summary>
/// <param name="Method">As it was written; Latin-1.</param>
/// <param name="Target">As it was written; Latin-1.</param>
/// <param name="Version">Ten times the major version and the minor one: 11 is HTTP/1.1. 9 is a request without a version.</param>
/// <param name="IsBad">It is no request line.</param>
internal readonly record struct RequestLine(string Method, string Target, int Version, bool IsBad)
{
    private const int VersionLength = 8;

    private static readonly SearchValues<byte> Token = SearchValues.Create("!#$%&'*+-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ^_`abcdefghijklmnopqrstuvwxyz|~"u8);

    /// <summary>Whether a name is a token (RFC 9110 §5.6.2).</summary>
    public static bool IsToken(ReadOnlySpan<byte> name) => !name.IsEmpty && !name.ContainsAnyExcept(Token);

    /// <param name="line">Without its end.</param>
    public static RequestLine Read(ReadOnlySpan<byte> line)
    {
        bool isBad = false;
        ReadOnlySpan<byte> rest = Skip(line, ref isBad, isLeading: true);
        int length = Length(rest);
        ReadOnlySpan<byte> method = rest[..length];
        isBad |= !IsToken(method);
        rest = Skip(rest[length..], ref isBad, isLeading: false);
        length = Length(rest);
        ReadOnlySpan<byte> target = rest[..length];
        isBad |= target.IsEmpty || HasControl(target);
        rest = Skip(rest[length..], ref isBad, isLeading: false);
        length = Length(rest);
        ReadOnlySpan<byte> protocol = rest[..length];
        isBad |= HasControl(protocol) || length < rest.Length;
        int version = protocol.IsEmpty ? 9 : VersionOf(protocol, ref isBad);
        return new RequestLine(Encoding.Latin1.GetString(method), Encoding.Latin1.GetString(target), version, isBad);
    }

    // Exactly one space between the parts; before the method none, which is bad but read on.
    private static ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> text, ref bool isBad, bool isLeading)
    {
        int spaces = 0;
        while (spaces < text.Length && IsSpace(text[spaces]))
        {
            isBad |= text[spaces] != ' ' || isLeading || spaces > 0;
            spaces++;
        }

        // A space at the end of the line that nothing follows.
        isBad |= spaces > 0 && spaces == text.Length;
        return text[spaces..];
    }

    private static int Length(ReadOnlySpan<byte> text)
    {
        int length = 0;
        while (length < text.Length && !IsSpace(text[length]))
        {
            length++;
        }

        return length;
    }

    private static int VersionOf(ReadOnlySpan<byte> protocol, ref bool isBad)
    {
        if (protocol.Length == VersionLength && Ascii.EqualsIgnoreCase(protocol[..5], "HTTP/"u8) && char.IsAsciiDigit((char)protocol[5]) && protocol[6] == '.' && char.IsAsciiDigit((char)protocol[7]))
        {
            isBad |= !protocol.StartsWith("HTTP/"u8);
            return ((protocol[5] - '0') * 10) + protocol[7] - '0';
        }

        isBad = true;
        return 9;
    }

    private static bool HasControl(ReadOnlySpan<byte> text) => text.ContainsAnyInRange((byte)0, (byte)0x1F) || text.Contains((byte)0x7F);

    private static bool IsSpace(byte value) => value is (byte)' ' or (>= 9 and <= 13);
}
