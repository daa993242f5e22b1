using System.Text;
using Blackwall.Inspection.Wire;

namespace Blackwall.Inspection;

/// <summary>
/// Whether a request was its sender's own choice. A page of another site can make any browser that shows it send requests, by an image, a form or a link,
/// without its user's doing. Browsers say so (Fetch Metadata, W3C Working Draft §2; RFC 6454 §7; RFC 9110 §10.1.3), unless the page asks them not to.
/// </summary>
internal static class RequestOrigin
{
    /// <summary>False: another site, or what somebody posted on this one, may have led a browser to it.</summary>
    public static bool IsOwn(in HttpHead request)
    {
        // A page of another site can have these sent without a question before it (Fetch §2.2.1), and that question itself.
        if (!request.Method.SequenceEqual("GET"u8) && !request.Method.SequenceEqual("POST"u8) && !request.Method.SequenceEqual("HEAD"u8) && !request.Method.SequenceEqual("OPTIONS"u8))
        {
            return true;
        }

        // Pictures are what others may post on any site, so the page that shows them may be one of this site.
        if (IsImage(in request))
        {
            return false;
        }

        if (request.TryHeader("sec-fetch-site:"u8, out ReadOnlySpan<byte> site))
        {
            return Ascii.EqualsIgnoreCase(site, "same-origin"u8) || Ascii.EqualsIgnoreCase(site, "none"u8);
        }

        if (request.TryHeader("sec-fetch-mode:"u8, out ReadOnlySpan<byte> mode) && Ascii.EqualsIgnoreCase(mode, "no-cors"u8))
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

        return !IsSilentBrowser(in request);
    }

    private static bool IsImage(in HttpHead request) =>
        request.TryHeader("sec-fetch-dest:"u8, out ReadOnlySpan<byte> destination)
            ? Ascii.EqualsIgnoreCase(destination, "image"u8)
            : request.TryHeader("accept:"u8, out ReadOnlySpan<byte> accept) && accept.StartsWith("image/"u8);

    /// <summary>
    /// Whether it looks like a browser's and does not say where it comes from: over plain HTTP there is no Fetch Metadata (§2: trustworthy URLs only),
    /// and a page that asks for silence (Referrer Policy §3.1) has no Referer sent; scripts, frames, links and media are then asked for like this. A
    /// page chooses the kind of resource and with it Accept, but not the browser's name, and a browser always speaks its owner's language; tools have
    /// none. A POST of a page has an Origin (RFC 6454 §7.3).
    /// </summary>
    private static bool IsSilentBrowser(in HttpHead request) =>
        !request.Method.SequenceEqual("POST"u8)
        && request.Body.IsEmpty
        && request.TryHeader("accept-language:"u8, out _)
        && request.TryHeader("user-agent:"u8, out ReadOnlySpan<byte> agent)
        && agent.StartsWith("Mozilla/"u8)
        && IsUrl(request.Target);

    // No browser sends a target that has these in it, whatever a page says: it resolves dots and turns the rest into escapes (WHATWG URL §4.4).
    private static bool IsUrl(ReadOnlySpan<byte> target)
    {
        if (target[0] != '/' || target.ContainsAnyExceptInRange((byte)'!', (byte)'~') || target.ContainsAny("\"<>"u8))
        {
            return false;
        }

        int end = target.IndexOf((byte)'?');
        ReadOnlySpan<byte> rest = end < 0 ? target : target[..end];
        while (!rest.IsEmpty)
        {
            rest = rest[1..];
            int slash = rest.IndexOf((byte)'/');
            ReadOnlySpan<byte> segment = slash < 0 ? rest : rest[..slash];
            if (IsDots(segment) || segment.Contains((byte)'\\'))
            {
                return false;
            }

            rest = slash < 0 ? default : rest[slash..];
        }

        return true;
    }

    // One dot or two, each perhaps escaped.
    private static bool IsDots(ReadOnlySpan<byte> segment)
    {
        int dots = 0;
        while (!segment.IsEmpty)
        {
            int length = segment[0] == '.' ? 1 : segment.Length >= 3 && Ascii.EqualsIgnoreCase(segment[..3], "%2e"u8) ? 3 : 0;
            if (length == 0)
            {
                return false;
            }

            segment = segment[length..];
            dots++;
        }

        return dots is 1 or 2;
    }

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
