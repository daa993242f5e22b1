using System.Text;
using Blackwall.Inspection.Wire;

namespace Blackwall.Inspection;

/// <summary>
/// Whether a request is its sender's own idea. A page of another site makes any browser that shows it send what it likes, by an image, a form or a
/// link: the browser's owner has done nothing. Browsers say so (Fetch Metadata, W3C Working Draft §2; RFC 6454 §7; RFC 9110 §10.1.3), unless the
/// page asks them not to.
/// </summary>
internal static class RequestOrigin
{
    /// <summary>False: another site may have led a browser to it.</summary>
    public static bool IsOwn(in HttpHead request)
    {
        // A page of another site can have these sent without a question before it (Fetch §2.2.1), and that question itself.
        if (!request.Method.SequenceEqual("GET"u8) && !request.Method.SequenceEqual("POST"u8) && !request.Method.SequenceEqual("HEAD"u8) && !request.Method.SequenceEqual("OPTIONS"u8))
        {
            return true;
        }

        if (request.TryHeader("sec-fetch-site:"u8, out ReadOnlySpan<byte> site))
        {
            return Ascii.EqualsIgnoreCase(site, "same-origin"u8) || Ascii.EqualsIgnoreCase(site, "none"u8);
        }

        if ((request.TryHeader("sec-fetch-mode:"u8, out ReadOnlySpan<byte> mode) && Ascii.EqualsIgnoreCase(mode, "no-cors"u8))
            || (request.TryHeader("sec-fetch-dest:"u8, out ReadOnlySpan<byte> destination) && Ascii.EqualsIgnoreCase(destination, "image"u8)))
        {
            return false;
        }

        ReadOnlySpan<byte> host = request.TryHeader("host:"u8, out ReadOnlySpan<byte> named) ? named : default;
        if (request.TryHeader("origin:"u8, out ReadOnlySpan<byte> origin) && !IsOf(origin, host))
        {
            return false;
        }

        // A browser's is the address of a page; anything else is its sender's own.
        if (request.TryHeader("referer:"u8, out ReadOnlySpan<byte> page))
        {
            return IsOf(page, host) || page.IndexOf("://"u8) < 0;
        }

        // Nothing but an image is asked for like this; one of the same site would say which page it is on.
        return !(request.TryHeader("accept:"u8, out ReadOnlySpan<byte> accept) && accept.StartsWith("image/"u8));
    }

    /// <summary>
    /// Whether it looks like a browser's and does not say where it comes from, as when somebody follows a link of a page that asks for silence. A
    /// browser speaks its owner's language; tools have none.
    /// </summary>
    public static bool IsUnsaid(in HttpHead request) =>
        request.TryHeader("accept-language:"u8, out _) && request.TryHeader("user-agent:"u8, out ReadOnlySpan<byte> agent) && agent.StartsWith("Mozilla/"u8)
        && !request.TryHeader("referer:"u8, out _) && !request.TryHeader("origin:"u8, out _) && !request.TryHeader("sec-fetch-site:"u8, out _);

    // An opaque origin ("null") is of nobody's own site.
    private static bool IsOf(ReadOnlySpan<byte> url, ReadOnlySpan<byte> host)
    {
        int begin = url.IndexOf("://"u8);
        if (begin < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> authority = url[(begin + 3)..];
        int end = authority.IndexOfAny("/?#"u8);
        authority = end < 0 ? authority : authority[..end];
        return !host.IsEmpty && Ascii.EqualsIgnoreCase(WithoutPort(authority), WithoutPort(host));
    }

    private static ReadOnlySpan<byte> WithoutPort(ReadOnlySpan<byte> host)
    {
        int colon = host.LastIndexOf((byte)':');
        return colon > host.LastIndexOf((byte)']') ? host[..colon] : host;
    }
}
