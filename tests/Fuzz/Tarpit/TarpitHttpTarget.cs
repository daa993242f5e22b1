using System.Text;
using Blackwall.Tarpit.Http.Face;
using Blackwall.Tarpit.Http.Wire;

namespace Blackwall.Fuzz.Tarpit;

/// <summary>Heads, targets, chunks, ranges, forms, calls and uploads of web clients.</summary>
internal sealed class TarpitHttpTarget : IFuzzTarget
{
    public string Name => "tarpit-http";

    public IReadOnlyList<byte[]> Seeds { get; } =
    [
        [.. "GET /a/../b%20c?x=1&y=%zz HTTP/1.1\r\nHost: www.example.com:80\r\nRange: bytes=0-4,-3\r\nAuthorization: Basic YTpi\r\n\r\n"u8],
        [.. "POST http://[2001:db8::1]/x HTTP/1.0\r\nContent-Length: 3\r\nTransfer-Encoding: gzip, chunked\r\n folded\r\n\r\n"u8],
        [.. "3;a=b\r\nabc\r\n0\r\nTrailer: x\r\n\r\n"u8],
        [.. "<methodCall><methodName>m</methodName><params><param><value><array><data><value><struct><member><name>a</name><value><string>&lt;</string></value></member></struct></value></data></array></value></param></params></methodCall>"u8],
        [.. "--b\r\nContent-Disposition: form-data; name=\"pluginzip\"; filename=\"x.zip\"\r\n\r\nPK\r\n--b--\r\n"u8],
        [],
    ];

    public string? Run(ReadOnlySpan<byte> input)
    {
        string text = Encoding.Latin1.GetString(input);
        return Chunks(input) ?? Ranges(text) ?? Heads(input) ?? Others(input, text);
    }

    private static string? Heads(ReadOnlySpan<byte> input)
    {
        int end = input.IndexOf("\r\n"u8);
        RequestHead head = new(RequestLine.Read(end < 0 ? input : input[..end]));
        ReadOnlySpan<byte> rest = end < 0 ? [] : input[(end + 2)..];
        while ((end = rest.IndexOf("\r\n"u8)) > 0)
        {
            head.Add(rest[..end]);
            rest = rest[(end + 2)..];
        }

        HeadReading reading = HeadReading.Judge(head);
        return reading.Refusal == 0 && reading.Target is not { Path: ['/', ..] or "*" } ? "a target without a path" : null;
    }

    private static string? Chunks(ReadOnlySpan<byte> input)
    {
        ChunkedReader chunks = default;
        long data = 0;
        ReadOnlySpan<byte> rest = input;
        while (!rest.IsEmpty && !chunks.IsDone && !chunks.IsBad)
        {
            int used = chunks.Read(rest, out ReadOnlySpan<byte> some);
            data += some.Length;
            if (used == 0)
            {
                return "no progress";
            }

            rest = rest[used..];
        }

        return data > input.Length ? "more data than bytes" : null;
    }

    private static string? Ranges(string text)
    {
        const int length = 1000;
        return ByteRange.Read("bytes=" + text, length)?.Any(range => range.First < 0 || range.Last >= length || range.First > range.Last) == true ? "a range outside" : null;
    }

    private static string? Others(ReadOnlySpan<byte> input, string text)
    {
        if (RequestTarget.Read(text, isAuthority: false) is { } target && target.Path.Split('/') is var parts && (parts.Contains("..", StringComparer.Ordinal) || parts.Contains(".", StringComparer.Ordinal)) && target.Refusal == 0)
        {
            return "a path that leads out: " + target.Path;
        }

        _ = HostField.Read(text);
        _ = UrlForm.Read(text);
        _ = BasicCredentials.Read("Basic " + text);
        _ = HttpDate.Read(text);
        _ = XmlRpcCall.Read(text);
        _ = ExploitSigns.Find(text, input);
        int length = input.Length;
        return MultipartPart.ReadAll("multipart/form-data; boundary=b", input.ToArray()).Any(part => part.Content.Length > length) ? "a part larger than the whole" : null;
    }
}
