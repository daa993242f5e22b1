using System.Globalization;
using System.Net;

namespace Blackwall.Tarpit.Shell.Remote;

/// <summary>A URL as downloaders take it: the scheme may be missing.</summary>
internal sealed record RemoteUrl(string Scheme, string Host, int Port, string Path, UrlFault Fault)
{
    private const int HighestPort = 65535;

    /// <summary>Without the brackets of IPv6.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host.Trim('[', ']'), out IPAddress? address) && Host.AsSpan().IndexOfAny('.', ':') >= 0 ? address : null;

    /// <summary>Whether it leads to the machine itself.</summary>
    public bool IsLoopback => Host is "localhost" || (Address is { } address && (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any)));

    public static RemoteUrl Parse(string text)
    {
        int mark = text.IndexOf("://", StringComparison.Ordinal);
        string scheme = mark > 0 ? text[..mark].ToLowerInvariant() : "http", rest = mark > 0 ? text[(mark + 3)..] : text;
        int end = rest.AsSpan().IndexOfAny('/', '?', '#');
        string authority = end < 0 ? rest : rest[..end], path = end < 0 ? "/" : rest[end] == '/' ? rest[end..] : "/" + rest[end..];
        authority = authority[(authority.LastIndexOf('@') + 1)..];
        if (authority.StartsWith('[') && !authority.Contains(']', StringComparison.Ordinal))
        {
            return new RemoteUrl(scheme, authority, 0, path, UrlFault.Bracket);
        }

        int colon = authority.LastIndexOf(':');
        bool hasPort = colon >= 0 && colon > authority.LastIndexOf(']');
        string host = hasPort ? authority[..colon] : authority, port = hasPort ? authority[(colon + 1)..] : "";
        int number = scheme switch { "https" => 443, "ftp" => 21, "ftps" => 990, "tftp" => 69, "sftp" or "scp" => 22, "dict" => 2628, "telnet" => 23, "gopher" => 70, _ => 80 };
        UrlFault fault = host.Length == 0 && scheme is not "file" ? UrlFault.NoHost
            : host.Contains(':', StringComparison.Ordinal) && !host.StartsWith('[') ? UrlFault.Port
            : port.Length > 0 && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) || number > HighestPort) ? UrlFault.Port : UrlFault.None;
        return new RemoteUrl(scheme, host, number, path, fault);
    }
}
