using System.Buffers;

namespace Blackwall.Behavior.Wire;

/// <summary>
/// The first line of an HTTP/1 request (RFC 9112 §3) out of a sample that may end anywhere: method, request target and what follows the
/// line. Spans into the sample; nothing is decoded.
/// </summary>
public readonly ref struct HttpRequestLine
{
    private const int LongestMethod = 16;

    // RFC 9110 §5.6.2
    private static readonly SearchValues<byte> TokenBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    private HttpRequestLine(ReadOnlySpan<byte> method, ReadOnlySpan<byte> target, bool isComplete, ReadOnlySpan<byte> rest)
    {
        Method = method;
        Target = target;
        IsComplete = isComplete;
        Rest = rest;
    }

    public ReadOnlySpan<byte> Method { get; }

    /// <summary>As sent: escapes, bytes above 127 and all.</summary>
    public ReadOnlySpan<byte> Target { get; }

    /// <summary>Whether the line ended inside the sample; if not, the target may be cut.</summary>
    public bool IsComplete { get; }

    /// <summary>Header bytes after the line.</summary>
    public ReadOnlySpan<byte> Rest { get; }

    /// <summary>False: not the beginning of an HTTP/1 request. Never throws.</summary>
    public static bool TryParse(ReadOnlySpan<byte> data, out HttpRequestLine line)
    {
        line = default;

        // RFC 9112 §2.2: a server ignores an empty line before the request.
        if (data.StartsWith("\r\n"u8))
        {
            data = data[2..];
        }

        int space = data[..Math.Min(data.Length, LongestMethod + 1)].IndexOf((byte)' ');
        if (space <= 0 || data[..space].ContainsAnyExcept(TokenBytes))
        {
            return false;
        }

        ReadOnlySpan<byte> method = data[..space];
        ReadOnlySpan<byte> after = data[(space + 1)..];
        int lineEnd = after.IndexOf((byte)'\n');
        ReadOnlySpan<byte> content = lineEnd < 0 ? after : after[..lineEnd];
        if (content.EndsWith("\r"u8))
        {
            content = content[..^1];
        }

        // Attackers put raw spaces into the target; the version is what follows the last one. HTTP/0.9 has none.
        int version = content.LastIndexOf(" HTTP/"u8);
        ReadOnlySpan<byte> target = version >= 0 ? content[..version] : content;
        if (target.IsEmpty || target[0] is (byte)' ' || target.ContainsAnyInRange((byte)0, (byte)31) || (lineEnd >= 0 && version < 0))
        {
            return false;
        }

        line = new HttpRequestLine(method, target, lineEnd >= 0, lineEnd < 0 ? default : after[(lineEnd + 1)..]);
        return true;
    }
}
