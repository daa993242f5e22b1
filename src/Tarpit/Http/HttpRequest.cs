using System.Net;
using System.Text;
using Blackwall.Tarpit.Http.Wire;

namespace Blackwall.Tarpit.Http;

/// <summary>A request that is well formed, with its body.</summary>
internal sealed class HttpRequest(RequestHead head, RequestTarget target, ReadOnlyMemory<byte> body, IPEndPoint remote, IPEndPoint destination, bool isEncrypted)
{
    private const int LongestHost = 255;

    private IReadOnlyDictionary<string, string>? _query;
    private IReadOnlyDictionary<string, string>? _form;
    private IReadOnlyDictionary<string, string>? _cookies;

    public RequestHead Head => head;

    /// <summary>Host and port as the request names them: of an absolute target, else of its Host field.</summary>
    public string? HostName => target.Host ?? head["Host"];

    public string Method => head.Line.Method;

    /// <summary>Decoded; "*" where the server itself is meant.</summary>
    public string Path => target.Path;

    /// <summary>As it came, without the question mark.</summary>
    public string QueryText => target.Query;

    public ReadOnlyMemory<byte> Body => body;

    public IPEndPoint Remote => remote;

    /// <summary>Address and port that the peer believes to talk to.</summary>
    public IPEndPoint Destination => destination;

    public bool IsEncrypted => isEncrypted;

    public IReadOnlyDictionary<string, string> Query => _query ??= UrlForm.Read(target.Query);

    /// <summary>Fields of a body that is a form; else none.</summary>
    public IReadOnlyDictionary<string, string> Form => _form ??= IsForm ? UrlForm.Read(Encoding.Latin1.GetString(body.Span)) : new Dictionary<string, string>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Cookies => _cookies ??= ReadCookies();

    /// <summary>Host and port as the peer writes them, or as it reached us: what goes into links. Never anything that is no host.</summary>
    public string Authority
    {
        get
        {
            string? named = target.Host ?? head["Host"];
            return named is { Length: > 0 and <= LongestHost } && named.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']' or '_')
                ? named.ToLowerInvariant()
                : destination.Port is 80 or 443 ? new IPEndPoint(destination.Address, 0).ToString()[..^2] : destination.ToString();
        }
    }

    /// <summary>"http://host".</summary>
    public string Origin => (isEncrypted ? "https://" : "http://") + Authority;

    /// <summary>
    /// A page of another site may have made a browser send it. Browsers say where a request comes from (Origin, Referer, Sec-Fetch-Site); a page whose name
    /// points here by DNS rebinding says the same host, which is then no address; and a link can carry credentials (user:password@host) without a word.
    /// </summary>
    public bool IsCrossSite =>
        IsForeign(head["Origin"])
        || IsForeign(head["Referer"])
        || head["Sec-Fetch-Site"] is not (null or "same-origin" or "none")
        || (head["Origin"] is not null && !(HostField.Read(Authority) is { } host && IPAddress.TryParse(host.Name, out _)))
        || (Method is "GET" or "HEAD" && head["Authorization"] is not null && head["Accept-Language"] is not null);

    private bool IsForeign(string? place) =>
        place is not null && !string.Equals(place, Origin, StringComparison.OrdinalIgnoreCase) && !place.StartsWith(Origin + "/", StringComparison.OrdinalIgnoreCase);

    private bool IsForm => head["Content-Type"]?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) ?? false;

    private Dictionary<string, string> ReadCookies()
    {
        Dictionary<string, string> cookies = new(StringComparer.Ordinal);
        foreach (string part in (head["Cookie"] ?? "").Split(';', 64))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                cookies[part[..equals].Trim()] = UrlForm.Decode(part.AsSpan(equals + 1).Trim(), plusIsSpace: true);
            }
        }

        return cookies;
    }
}
