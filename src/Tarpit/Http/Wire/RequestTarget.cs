namespace Blackwall.Tarpit.Http.Wire;

/// <summary>What a request asks for: path and query.</summary>
/// <param name="Path">Decoded and without "." and ".."; begins with a slash. "*" where the server itself is meant.</param>
/// <param name="Query">Without the question mark, as it came; empty where there is none.</param>
/// <param name="Host">Of a target in absolute form, with its port; else null.</param>
/// <param name="Refusal">Status with which it is refused when its host is known: 400 or 404; 0: none.</param>
internal readonly record struct RequestTarget(string Path, string Query, string? Host, int Refusal = 0)
{
    /// <summary>Reads a target as httpd does; null: it is none.</summary>
    /// <param name="isAuthority">It is a host and a port: what CONNECT asks for.</param>
    public static RequestTarget? Read(string target, bool isAuthority)
    {
        if (isAuthority)
        {
            return new RequestTarget("/", "", target);
        }

        if (target is "*")
        {
            return new RequestTarget("*", "", null);
        }

        (string rest, string? host, bool isOurs) = Split(target);
        int question = rest.IndexOf('?', StringComparison.Ordinal);
        string query = question < 0 ? "" : rest[(question + 1)..];
        string path = question < 0 ? rest : rest[..question];
        if (!path.StartsWith('/') || rest.Contains('#', StringComparison.Ordinal))
        {
            return null;
        }

        int refusal = !isOurs || !IsEncodedWell(path, out bool hasSlash) ? 400 : hasSlash ? 404 : 0;
        string? normal = refusal == 400 ? null : Normalize(UrlForm.Decode(path, plusIsSpace: false));
        return normal is null ? new RequestTarget("/", query, host, 400) : new RequestTarget(normal, query, host, refusal);
    }

    // The part from the path on, the host of an absolute target, and whether its scheme is one that we serve.
    private static (string PathAndQuery, string? Host, bool IsOurs) Split(string target)
    {
        int scheme = target.StartsWith('/') ? -1 : target.IndexOf("://", StringComparison.Ordinal);
        if (scheme <= 0 || !target.AsSpan(0, scheme).ToString().All(char.IsAsciiLetterOrDigit))
        {
            return (target, null, true);
        }

        string rest = target[(scheme + 3)..];
        int end = rest.AsSpan().IndexOfAny("/?#");
        string host = end < 0 ? rest : rest[..end];
        return (end < 0 ? "/" : rest[end] == '/' ? rest[end..] : "/" + rest[end..], host[(host.LastIndexOf('@') + 1)..], target[..scheme].ToLowerInvariant() is "http" or "https");
    }

    private static bool IsEncodedWell(string path, out bool hasSlash)
    {
        hasSlash = false;
        for (int i = path.IndexOf('%', StringComparison.Ordinal); i >= 0; i = path.IndexOf('%', i + 1))
        {
            if (i + 2 >= path.Length || !char.IsAsciiHexDigit(path[i + 1]) || !char.IsAsciiHexDigit(path[i + 2]))
            {
                return false;
            }

            string code = path.Substring(i + 1, 2);
            hasSlash |= code is "00" || string.Equals(code, "2f", StringComparison.OrdinalIgnoreCase);
        }

        return true;
    }

    // Without empty segments, "." and ".."; null: it leads above the root.
    private static string? Normalize(string path)
    {
        List<string> parts = [];
        string[] segments = path.Split('/');
        for (int i = 1; i < segments.Length; i++)
        {
            bool isLast = i == segments.Length - 1;
            switch (segments[i])
            {
                case "" or ".":
                    if (isLast)
                    {
                        parts.Add("");
                    }

                    break;
                case "..":
                    if (parts.Count == 0)
                    {
                        return null;
                    }

                    parts.RemoveAt(parts.Count - 1);
                    if (isLast)
                    {
                        parts.Add("");
                    }

                    break;
                default:
                    parts.Add(segments[i]);
                    break;
            }
        }

        return "/" + string.Join('/', parts);
    }
}
