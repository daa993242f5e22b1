namespace Blackwall.Tarpit.Http.Files;

/// <summary>What /etc/mime.types says of names.</summary>
internal static class ContentTypes
{
    /// <summary>Null: the name says nothing.</summary>
    public static string? Of(string path) => Extension(path) switch
    {
        "html" or "htm" => "text/html",
        "txt" or "log" or "conf" or "ini" => "text/plain",
        "css" => "text/css",
        "js" or "mjs" => "text/javascript",
        "json" or "map" => "application/json",
        "xml" => "application/xml",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "gif" => "image/gif",
        "jpg" or "jpeg" => "image/jpeg",
        "ico" => "image/vnd.microsoft.icon",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "gz" or "tgz" => "application/x-gzip",
        "tar" => "application/x-tar",
        "sh" => "application/x-sh",
        _ => null,
    };

    /// <summary>Whether a website has such files to show them as they are.</summary>
    public static bool IsStatic(string path) => Extension(path) is "css" or "js" or "png" or "gif" or "jpg" or "jpeg" or "svg" or "woff" or "woff2" or "ttf" or "ico" or "txt" or "html" or "json" or "xml";

    private static string Extension(string path)
    {
        int dot = path.LastIndexOf('.');
        return dot < 0 || dot < path.LastIndexOf('/') ? "" : path[(dot + 1)..].ToLowerInvariant();
    }
}
