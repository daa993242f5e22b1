using Blackwall.Tarpit.Http.Wire;

namespace Blackwall.Tarpit.Http.Face;

/// <summary>What came as the head of a request, and how the server judges it before anything looks for a file.</summary>
/// <param name="Head">Null: no request line could be read.</param>
/// <param name="Target">What it asks for, where that can be read.</param>
/// <param name="Host">Host that it names.</param>
/// <param name="Refusal">Status of the refusal; 0: none.</param>
/// <param name="Detail">HTML of the refusal's page.</param>
internal sealed record HeadReading(RequestHead? Head, RequestTarget? Target, HostField? Host, int Refusal = 0, string? Detail = null)
{
    /// <summary>A request without a version, which is answered with nothing but the body.</summary>
    public bool IsBare => Refusal == 0 && Head is { Line.Version: 9 };

    /// <summary>Judges a head that was read whole.</summary>
    public static HeadReading Judge(RequestHead head)
    {
        RequestLine line = head.Line;
        RequestTarget? target = line.IsBad ? null : RequestTarget.Read(line.Target, line.Method is "CONNECT");
        if (target is not { } asked || (line.Version == 9 && line.Method is not "GET") || (asked.Path is "*" && line.Method is not "OPTIONS"))
        {
            return new HeadReading(head, target, null, 400);
        }

        if (head.Fault is { } fault)
        {
            return new HeadReading(head, target, null, 400, fault);
        }

        // What is wrong up to here, nobody looked for a host's name: the page has the server's own.
        string? named = asked.Host ?? head["Host"];
        HostField? host = named is { Length: > 0 } ? HostField.Read(named) : null;
        if ((named is { Length: > 0 } && host is null) || HasBadLength(head) || (line.Version >= 11 && host is null) || (line.Version == 11 && head["Host"] is null))
        {
            return new HeadReading(head, target, null, 400);
        }

        return head["Expect"] is { Length: > 0 } expect && !string.Equals(expect, "100-continue", StringComparison.OrdinalIgnoreCase)
            ? new HeadReading(head, target, host, 417, ErrorPages.Escape(expect))
            : new HeadReading(head, target, host, asked.Refusal);
    }

    /// <summary>Whether a body's length is said in a way that cannot be understood.</summary>
    private static bool HasBadLength(RequestHead head)
    {
        string? length = head["Content-Length"], encoding = head["Transfer-Encoding"];
        return (length is not null && (length.Length is 0 or > 18 || !length.All(char.IsAsciiDigit)))
            || (encoding is not null && !encoding.Split(',')[^1].Trim().Equals("chunked", StringComparison.OrdinalIgnoreCase));
    }
}
