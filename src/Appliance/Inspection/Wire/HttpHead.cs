using System.Buffers.Text;
using System.Text;

namespace Blackwall.Inspection.Wire;

/// <summary>
/// The head of an HTTP/1 request (RFC 9112) out of a sample that may end anywhere, and what follows it. Spans into the sample; nothing is
/// decoded. Forgiving where servers are: raw blanks and control bytes in the target, bare line feeds.
/// </summary>
public readonly ref struct HttpHead
{
    /// <summary>Bytes of a method that are waited for.</summary>
    public const int LongestMethod = 128;

    private HttpHead(ReadOnlySpan<byte> method, ReadOnlySpan<byte> target, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> body)
    {
        Method = method;
        Target = target;
        Headers = headers;
        Body = body;
    }

    public ReadOnlySpan<byte> Method { get; }

    /// <summary>As sent.</summary>
    public ReadOnlySpan<byte> Target { get; }

    /// <summary>Header lines, the last one perhaps cut.</summary>
    public ReadOnlySpan<byte> Headers { get; }

    public ReadOnlySpan<byte> Body { get; }

    /// <summary>
    /// Scheme and password (RFC 7617), or the digest of one (RFC 7616), as they came; empty: none. Schemes that shake hands over several requests
    /// do not count.
    /// </summary>
    public ReadOnlySpan<byte> Credentials
    {
        get
        {
            ReadOnlySpan<byte> name = "authorization:"u8;
            ReadOnlySpan<byte> rest = Headers;
            while (TryLine(ref rest, out ReadOnlySpan<byte> line))
            {
                if (Begins(line, name))
                {
                    ReadOnlySpan<byte> value = line[name.Length..].Trim(" \t"u8);
                    return Begins(value, "basic "u8) || Begins(value, "digest "u8) ? value : default;
                }
            }

            return default;
        }
    }

    /// <summary>The same request with the beginning of its body.</summary>
    public HttpHead With(ReadOnlySpan<byte> body) => new(Method, Target, Headers, body);

    /// <summary>False: not the beginning of a request.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, out HttpHead head)
    {
        head = default;

        // RFC 9112 §2.2: a server ignores an empty line before the request.
        data = data.TrimStart(LeadingBlanks);
        int space = data[..Math.Min(data.Length, LongestMethod + 1)].IndexOfAny(Blanks);
        if (space <= 0)
        {
            return false;
        }

        // Any token is a method (RFC 9110 §9.1): servers hand those that they do not know to what is behind them.
        ReadOnlySpan<byte> method = data[..space];
        foreach (byte b in method)
        {
            if (!IsToken(b))
            {
                return false;
            }
        }

        ReadOnlySpan<byte> rest = data[(space + 1)..];
        int end = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = (end < 0 ? rest : rest[..end]).TrimEnd((byte)'\r');
        int version = VersionOf(line);
        ReadOnlySpan<byte> target = (version >= 0 ? line[..version] : line).Trim(Blanks);
        if (target.IsEmpty)
        {
            return false;
        }

        ReadOnlySpan<byte> headers = end < 0 ? default : rest[(end + 1)..];
        int begin = BodyOf(headers, out int length);
        head = new HttpHead(method, target, headers[..length], headers[begin..]);
        return true;
    }

    /// <summary>Whether the body comes in chunks, which goes before a length (RFC 9112 §6.3).</summary>
    public bool IsChunked => TryHeader("transfer-encoding:"u8, out ReadOnlySpan<byte> value) && value.Length >= 7 && Ascii.EqualsIgnoreCase(value[^7..], "chunked"u8);

    /// <summary>Content-Length; null: none, or none that can be read.</summary>
    public ulong? BodyLength => TryHeader("content-length:"u8, out ReadOnlySpan<byte> value) && Utf8Parser.TryParse(value, out ulong length, out int digits) && digits == value.Length ? length : null;

    /// <summary>The value of a header line, without blanks around it.</summary>
    /// <param name="name">With its colon, in lower case.</param>
    /// <param name="value">Of the first such line.</param>
    public bool TryHeader(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        ReadOnlySpan<byte> rest = Headers;
        while (TryLine(ref rest, out ReadOnlySpan<byte> line))
        {
            if (line.Length >= name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name))
            {
                value = line[name.Length..].Trim(" \t"u8);
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>What recipients may take for the space between the words of a request line (RFC 9112 §3), any number of them.</summary>
    public static ReadOnlySpan<byte> Blanks => " \t\v\f\r"u8;

    /// <summary>What is ignored before a request line.</summary>
    public static ReadOnlySpan<byte> LeadingBlanks => " \t\v\f\r\n"u8;

    /// <summary>tchar of RFC 9110 §5.6.2.</summary>
    public static bool IsToken(byte b) => char.IsAsciiLetterOrDigit((char)b) || "!#$%&'*+-.^_`|~"u8.Contains(b);

    /// <summary>Whether a line can begin a request.</summary>
    /// <param name="line">With or without its end.</param>
    /// <param name="strict">With a version (HTTP/1.1); else GET and a target do (HTTP/0.9, RFC 1945 §4.1).</param>
    public static bool IsRequestLine(ReadOnlySpan<byte> line, bool strict)
    {
        line = line.TrimEnd("\r\n"u8);
        int method = 0;
        while (method < line.Length && method <= LongestMethod && IsToken(line[method]))
        {
            method++;
        }

        if (method == 0 || method >= line.Length - 1 || !Blanks.Contains(line[method]))
        {
            return false;
        }

        int version = VersionOf(line);
        return version > method || (!strict && line[..method].SequenceEqual("GET"u8));
    }

    /// <summary>Takes the next header line off; false: there is none any more.</summary>
    /// <param name="headers">Moves on behind the line.</param>
    /// <param name="line">Without its end.</param>
    public static bool TryLine(scoped ref ReadOnlySpan<byte> headers, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (headers.IsEmpty)
        {
            return false;
        }

        int end = headers.IndexOf((byte)'\n');
        line = (end < 0 ? headers : headers[..end]).TrimEnd((byte)'\r');
        headers = end < 0 ? default : headers[(end + 1)..];
        return true;
    }

    // Where the blank before the last version lies; -1: nowhere.
    private static int VersionOf(ReadOnlySpan<byte> line)
    {
        int at = line.LastIndexOf("HTTP/"u8);
        while (at > 0 && !Blanks.Contains(line[at - 1]))
        {
            at = line[..at].LastIndexOf("HTTP/"u8);
        }

        return at > 0 ? at - 1 : -1;
    }

    private static bool Begins(ReadOnlySpan<byte> value, ReadOnlySpan<byte> word) =>
        value.Length > word.Length && Ascii.EqualsIgnoreCase(value[..word.Length], word);

    // Where the body begins and where the headers end: at an empty line.
    private static int BodyOf(ReadOnlySpan<byte> headers, out int length)
    {
        int at = 0;
        while (at < headers.Length)
        {
            int end = headers[at..].IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            if (end == 0 || (end == 1 && headers[at] == '\r'))
            {
                length = at;
                return at + end + 1;
            }

            at += end + 1;
        }

        length = headers.Length;
        return headers.Length;
    }
}
