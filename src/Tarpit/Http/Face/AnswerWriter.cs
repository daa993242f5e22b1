using System.Globalization;
using System.IO.Compression;
using System.Text;
using Blackwall.Tarpit.Http.Wire;

namespace Blackwall.Tarpit.Http.Face;

/// <summary>Puts the face of httpd around an answer: which fields, in which order, how the body is framed, what becomes of the connection.</summary>
internal sealed class AnswerWriter(ServerFace face)
{
    // What the output buffer of a script holds: longer pages go out before their length is known.
    private const int ScriptBuffer = 8000;

    private const int SmallestCompressed = 69;

    private static readonly string[] Compressed = ["text/html", "text/plain", "text/xml", "text/css", "text/javascript", "application/javascript", "application/x-javascript", "application/rss+xml", "application/xml"];

    /// <summary>The bytes of an answer.</summary>
    /// <param name="reading">What is answered.</param>
    /// <param name="left">Requests that may follow on the connection, this one included; 0: it is not kept.</param>
    /// <param name="keeps">Whether the connection is kept.</param>
    /// <param name="bodyStart">Where the body begins in the bytes.</param>
    public byte[] Write(HttpAnswer answer, HeadReading reading, int left, DateTimeOffset now, out bool keeps, out int bodyStart)
    {
        RequestHead? head = reading.Head;
        bool isHead = head is { Line.Method: "HEAD" }, hasNoBody = answer.Status is 304 or 204 or < 200;
        int version = head?.Line.Version ?? 10;
        ReadOnlyMemory<byte> body = answer.Body;
        if (reading.IsBare)
        {
            (keeps, bodyStart) = (false, 0);
            return body.ToArray();
        }

        StringBuilder text = new(512);
        text.Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {answer.Status} {Reasons.Find(answer.Status)}\r\nDate: {HttpDate.Write(now)}\r\nServer: {face.Software}\r\n");
        bool hasNoLength = answer.HasNoLength || (answer.IsScript && body.Length > ScriptBuffer);
        bool varies = !answer.IsIncompressible && !hasNoBody && (hasNoLength || body.Length >= SmallestCompressed) && !(isHead && answer.IsScript)
            && answer.ContentType is { } type && Array.IndexOf(Compressed, type.Split(';')[0]) >= 0;
        bool compresses = varies && head is not null && head.Has("Accept-Encoding", "gzip");
        List<HeaderField> fields = [.. answer.Fields];
        if (compresses)
        {
            body = Compress(body);
            int tag = fields.FindIndex(field => field.Name is "ETag");
            if (tag >= 0)
            {
                fields[tag] = new HeaderField("ETag", fields[tag].Value[..^1] + "-gzip\"");
            }
        }

        foreach (HeaderField field in fields)
        {
            text.Append(CultureInfo.InvariantCulture, $"{field.Name}: {field.Value}\r\n");
        }

        // Of a script and of an error page only what a body tells is known, and HEAD has none.
        bool hasLength = !hasNoBody && !hasNoLength && !(isHead && (answer.IsScript || answer.Status >= 400));
        string length = hasLength ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n") : "";
        text.Append(compresses ? $"Vary: Accept-Encoding\r\nContent-Encoding: gzip\r\n{length}" : varies ? $"{length}Vary: Accept-Encoding\r\n" : length);
        text.Append(answer.ContentRange is { } range ? $"Content-Range: {range}\r\n" : "");
        bool isEnding = answer.EndsConnection || (head?["Transfer-Encoding"] is not null && head["Content-Length"] is not null);
        bool isChunked = hasNoLength && version >= 11 && !hasNoBody && !isHead && !isEnding;
        bool asksToKeep = head is not null && head.Has("Connection", "keep-alive");
        keeps = head is not null && left > 0 && !isEnding && !answer.EndsSilently && !head.Has("Connection", "close") && (asksToKeep || version >= 11) && (hasLength || hasNoBody || isHead || isChunked);
        text.Append(answer.EndsSilently ? "" : !keeps ? "Connection: close\r\n" : asksToKeep ? string.Create(CultureInfo.InvariantCulture, $"Keep-Alive: timeout={face.KeepAliveSeconds}, max={left}\r\nConnection: Keep-Alive\r\n") : "");
        text.Append(isChunked ? "Transfer-Encoding: chunked\r\n" : "");
        text.Append(answer.ContentType is { } contentType && answer.Status is not 304 ? $"Content-Type: {contentType}\r\n" : "").Append("\r\n");
        using MemoryStream all = new(text.Length + body.Length + 64);
        all.Write(Encoding.Latin1.GetBytes(text.ToString()));
        bodyStart = (int)all.Length;
        if (!isHead && !hasNoBody)
        {
            WriteBody(all, body.Span, isChunked);
        }

        return all.ToArray();
    }

    private static void WriteBody(MemoryStream all, ReadOnlySpan<byte> body, bool isChunked)
    {
        if (!isChunked)
        {
            all.Write(body);
            return;
        }

        if (!body.IsEmpty)
        {
            all.Write(Encoding.ASCII.GetBytes(body.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            all.Write(body);
            all.Write("\r\n"u8);
        }

        all.Write("0\r\n\r\n"u8);
    }

    private static byte[] Compress(ReadOnlyMemory<byte> body)
    {
        using MemoryStream compressed = new();
        using (GZipStream gzip = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(body.Span);
        }

        return compressed.ToArray();
    }
}
