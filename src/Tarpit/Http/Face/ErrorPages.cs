using System.Globalization;
using System.Net;
using System.Text;

namespace Blackwall.Tarpit.Http.Face;

/// <summary>The pages that httpd makes itself, with the line that says which server it is.</summary>
internal static class ErrorPages
{
    private const string ContentType = "text/html; charset=iso-8859-1";

    /// <summary>A page about a request.</summary>
    /// <param name="face">Which server.</param>
    /// <param name="status">400 and above, or a redirect.</param>
    /// <param name="name">Host that the request names, without port; null: none.</param>
    /// <param name="port">Port of the address line.</param>
    /// <param name="detail">HTML that goes into the page where it has a place for it: of 400 what is wrong, of 301 where it is.</param>
    /// <param name="method">Of the request.</param>
    /// <param name="isLate">The answer had begun when it turned out: its length is not told.</param>
    public static HttpAnswer Make(ServerFace face, int status, string? name, int port, string? detail = null, string method = "GET", bool isLate = false)
    {
        string reason = Reasons.Find(status);
        string text = Sentence(status, detail, method);
        string server = string.Create(CultureInfo.InvariantCulture, $"{face.Software} Server at {Escape(name ?? face.Name)} Port {port}");
        string page = string.Create(CultureInfo.InvariantCulture, $"<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>{status} {reason}</title>\n</head><body>\n<h1>{reason}</h1>\n{text}<hr>\n<address>{server}</address>\n</body></html>\n");
        return new HttpAnswer(status)
        {
            Body = Encoding.UTF8.GetBytes(page),
            ContentType = ContentType,
            IsIncompressible = true,
            HasNoLength = isLate || status is 416,
            EndsSilently = status is 417,
            EndsConnection = status is 400 or 408 or 411 or 413 or 414 or 500 or 501 or 503 or 505,
        };
    }

    public static string Escape(string text) => WebUtility.HtmlEncode(text).Replace("&#39;", "'", StringComparison.Ordinal);

    private static string Sentence(int status, string? detail, string method) => status switch
    {
        301 or 302 or 307 => $"<p>The document has moved <a href=\"{detail}\">here</a>.</p>\n",
        400 => $"<p>Your browser sent a request that this server could not understand.<br />\n{detail}</p>\n",
        403 => "<p>You don't have permission to access this resource.</p>\n",
        404 => "<p>The requested URL was not found on this server.</p>\n",
        405 => $"<p>The requested method {Escape(method)} is not allowed for this URL.</p>\n",
        408 => "<p>Server timeout waiting for the HTTP request from the client.</p>\n",
        411 => $"<p>A request of the requested method {Escape(method)} requires a valid Content-length.<br />\n</p>\n",
        412 => "<p>The precondition on the request for the URL evaluated to false.</p>\n",
        413 => "The requested resource does not allow request data with " + Escape(method) + " requests, or the amount of data provided in\nthe request exceeds the capacity limit.\n",
        414 => "<p>The requested URL's length exceeds the capacity\nlimit for this server.<br />\n</p>\n",
        416 => "<p>None of the range-specifier values in the Range\nrequest-header field overlap the current extent\nof the selected resource.</p>\n",
        417 => $"<p>The expectation given in the Expect request-header\nfield could not be met by this server.\nThe client sent<pre>\n    Expect: {detail}\n</pre>\n</p><p>Only the 100-continue expectation is supported.</p>\n",
        501 => $"<p>{Escape(method)} not supported for current URL.<br />\n</p>\n",
        502 => "<p>The proxy server received an invalid\r\nresponse from an upstream server.<br />\r\n</p>\n",
        503 => "<p>The server is temporarily unable to service your\nrequest due to maintenance downtime or capacity\nproblems. Please try again later.</p>\n",
        505 => "<p>The server encountered an internal error or\nmisconfiguration and was unable to complete\nyour request.</p>\n",
        _ => "<p>The server encountered an internal error or\nmisconfiguration and was unable to complete\nyour request.</p>\n",
    };
}
