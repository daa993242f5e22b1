using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Http.Face;
using Blackwall.Tarpit.Http.Wire;

namespace Blackwall.Tarpit.Http.Files;

/// <summary>What httpd's default handler answers about files: methods, conditions, ranges.</summary>
internal sealed class FileAnswers(ServerFace face)
{
    private static readonly string[] Known =
    [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "VERSION-CONTROL", "CHECKOUT",
        "UNCHECKOUT", "CHECKIN", "UPDATE", "LABEL", "REPORT", "MKWORKSPACE", "MKACTIVITY", "BASELINE-CONTROL", "MERGE",
    ];

    private const string Allowed = "GET,POST,OPTIONS,HEAD";

    /// <param name="contentType">Of the file, if there is one.</param>
    /// <summary>What the server refuses or answers whatever the file; null: the file is to be answered.</summary>
    public HttpAnswer? AnswerMethod(HttpRequest request, string? contentType) => request.Method switch
    {
        "GET" or "HEAD" or "POST" => null,
        "TRACE" => Error(request, 405, fields: [new HeaderField("Allow", "")]),
        "OPTIONS" => request.Path is "*" ? new HttpAnswer(200) : new HttpAnswer(200) { ContentType = contentType }.With("Allow", Allowed),
        var method => Error(request, Array.IndexOf(Known, method) < 0 ? 501 : 405, fields: [new HeaderField("Allow", Allowed)]),
    };

    /// <summary>A page of the server itself.</summary>
    public HttpAnswer Error(HttpRequest request, int status, string? detail = null, IReadOnlyList<HeaderField>? fields = null)
    {
        HostField? host = HostOf(request);
        HttpAnswer page = ErrorPages.Make(face, status, host?.Name, host?.Port ?? request.Destination.Port, detail, request.Method);
        page.Fields.AddRange(fields ?? []);
        return page;
    }

    /// <summary>A folder that was asked for without its slash.</summary>
    public HttpAnswer RedirectToFolder(HttpRequest request)
    {
        HostField? host = HostOf(request);
        int port = host?.Port ?? request.Destination.Port;
        string authority = (host?.Name ?? face.Name) + (port == (request.IsEncrypted ? 443 : 80) ? "" : string.Create(CultureInfo.InvariantCulture, $":{port}"));
        string location = $"{(request.IsEncrypted ? "https" : "http")}://{authority}{Uri.EscapeDataString(request.Path).Replace("%2F", "/", StringComparison.Ordinal)}/{(request.QueryText.Length == 0 ? "" : "?" + request.QueryText)}";
        return Error(request, 301, ErrorPages.Escape(location), [new HeaderField("Location", location)]);
    }

    /// <summary>A file, or what its conditions and ranges leave of it.</summary>
    public HttpAnswer Answer(HttpRequest request, StaticFile file)
    {
        List<HeaderField> fields = [new("Last-Modified", HttpDate.Write(file.Modified)), new("ETag", file.Tag), new("Accept-Ranges", "bytes")];
        int status = Condition(request.Head, file);
        if (status != 200)
        {
            return Make(status, default, file.ContentType, fields);
        }

        string? ifRange = request.Head["If-Range"];
        bool isCurrent = ifRange is null || string.Equals(ifRange, file.Tag, StringComparison.Ordinal) || HttpDate.Read(ifRange) == file.Modified;
        if (!isCurrent || ByteRange.Read(request.Head["Range"], file.Content.Length) is not { } ranges)
        {
            return Make(200, file.Content, file.ContentType, fields);
        }

        if (ranges.Count == 0)
        {
            return file.Content.IsEmpty ? Make(200, file.Content, file.ContentType, fields) : Error(request, 416);
        }

        return ranges.Count == 1 ? One(file, ranges[0], fields) : Many(file, ranges, fields);
    }

    private static HostField? HostOf(HttpRequest request) => request.HostName is { Length: > 0 } named ? HostField.Read(named) : null;

    private static int Condition(RequestHead head, StaticFile file)
    {
        DateTimeOffset modified = file.Modified;
        if (head["If-Match"] is { } match ? match is not "*" && !Names(match, file.Tag) : HttpDate.Read(head["If-Unmodified-Since"]) is { } unmodified && modified > unmodified)
        {
            return 412;
        }

        return head["If-None-Match"] is { } none ? none is "*" || Names(none, file.Tag) ? 304 : 200 : HttpDate.Read(head["If-Modified-Since"]) is { } since && modified <= since ? 304 : 200;
    }

    private static bool Names(string field, string tag) => field.Split(',').Any(part => part.Trim() is var one && (string.Equals(one, tag, StringComparison.Ordinal) || string.Equals(one, "W/" + tag, StringComparison.Ordinal)));

    private static HttpAnswer One(StaticFile file, ByteRange range, List<HeaderField> fields)
    {
        HttpAnswer answer = Make(206, file.Content[(int)range.First..(int)(range.Last + 1)], file.ContentType, fields, string.Create(CultureInfo.InvariantCulture, $"bytes {range.First}-{range.Last}/{file.Content.Length}"));
        return answer;
    }

    private static HttpAnswer Many(StaticFile file, IReadOnlyList<ByteRange> ranges, List<HeaderField> fields)
    {
        // Together they are never more than the file, or httpd sends the file.
        if (ranges.Sum(range => range.Last - range.First + 1) > file.Content.Length)
        {
            return Make(200, file.Content, file.ContentType, fields);
        }

        string boundary = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8))[..13];
        using MemoryStream body = new();
        foreach (ByteRange range in ranges)
        {
            body.Write(Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\r\n--{boundary}\r\n{(file.ContentType is { } type ? $"Content-type: {type}\r\n" : "")}Content-range: bytes {range.First}-{range.Last}/{file.Content.Length}\r\n\r\n")));
            body.Write(file.Content.Span[(int)range.First..(int)(range.Last + 1)]);
        }

        body.Write(Encoding.Latin1.GetBytes($"\r\n--{boundary}--\r\n"));
        return Make(206, body.ToArray(), $"multipart/byteranges; boundary={boundary}", fields);
    }

    private static HttpAnswer Make(int status, ReadOnlyMemory<byte> body, string? contentType, List<HeaderField> fields, string? range = null)
    {
        HttpAnswer answer = new(status) { Body = body, ContentType = contentType, IsIncompressible = status != 200, ContentRange = range };
        answer.Fields.AddRange(fields);
        return answer;
    }
}
