using System.Globalization;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>A URL as curl and wget read what is typed.</summary>
/// <param name="Scheme">In small letters.</param>
/// <param name="Host">Name or address, that of version 6 in brackets.</param>
/// <param name="Target">Path and query, at least "/".</param>
internal sealed record WebAddress(string Scheme, string? User, string Host, int Port, string Target)
{
    private const int LongestUrl = 8192;

    public bool IsEncrypted => Scheme is "https";

    /// <summary>Host, and port where it is not that of the scheme: the field Host of a request.</summary>
    public string Authority => Port == DefaultPort(Scheme) ? Host : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    public string Url => $"{Scheme}://{Authority}{Target}";

    /// <summary>The last part of the path; empty: it ends with a slash.</summary>
    public string FileName => Target.Split('?', '#')[0] is var path ? path[(path.LastIndexOf('/') + 1)..] : "";

    /// <summary>Reads one; null: it is none.</summary>
    public static WebAddress? Parse(string text)
    {
        int mark = text.IndexOf("://", StringComparison.Ordinal);
        string scheme = mark > 0 ? text[..mark].ToLowerInvariant() : "http", rest = mark > 0 ? text[(mark + 3)..] : text;
        if (text.Length > LongestUrl || rest.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0)
        {
            return null;
        }

        int slash = rest.AsSpan().IndexOfAny('/', '?', '#');
        string authority = slash < 0 ? rest : rest[..slash], target = (slash < 0 ? "/" : rest[slash] == '/' ? rest[slash..] : "/" + rest[slash..]).Split('#')[0];
        int at = authority.LastIndexOf('@');
        string? user = at >= 0 ? authority[..at] : null;
        authority = authority[(at + 1)..];
        int colon = authority.EndsWith(']') ? -1 : authority.LastIndexOf(':'), port = DefaultPort(scheme);
        string host = colon >= 0 ? authority[..colon] : authority;
        bool isPort = colon < 0 || colon == authority.Length - 1 || (int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 0 and <= ushort.MaxValue);
        return (host.Length > 0 || scheme is "file") && isPort ? new WebAddress(scheme, user, host, port, target) : null;
    }

    /// <summary>What is wrong with a text that is none, as curl tells it.</summary>
    public static string Fault(string text)
    {
        int mark = text.IndexOf("://", StringComparison.Ordinal);
        string authority = (mark > 0 ? text[(mark + 3)..] : text).Split('/', '?', '#')[0];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        return authority.Length == 0 || authority[0] == ':' ? "No host part in the URL"
            : text.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0 ? "Malformed input to a URL function"
            : authority[0] == '[' && !authority.Contains(']', StringComparison.Ordinal) ? "Bad IPv6 address"
            : "Port number was not a decimal number between 0 and 65535";
    }

    /// <summary>What a Location field leads to from here; null: nowhere.</summary>
    public WebAddress? Follow(string location) =>
        location.Contains("://", StringComparison.Ordinal) ? Parse(location)
        : location.StartsWith("//", StringComparison.Ordinal) ? Parse($"{Scheme}:{location}")
        : Parse($"{Scheme}://{Authority}{(location.StartsWith('/') ? location : Target[..(Target.Split('?')[0].LastIndexOf('/') + 1)] + location)}");

    private static int DefaultPort(string scheme) => scheme switch { "https" => 443, "ftp" => 21, "telnet" => 23, "gopher" => 70, "dict" => 2628, "tftp" => 69, _ => 80 };
}
