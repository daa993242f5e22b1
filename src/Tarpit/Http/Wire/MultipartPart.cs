using System.Text;

namespace Blackwall.Tarpit.Http.Wire;

/// <summary>One part of a form of multipart/form-data (RFC 7578).</summary>
/// <param name="FileName">Null: a field, no file.</param>
internal sealed record MultipartPart(string Name, string? FileName, ReadOnlyMemory<byte> Content)
{
    private const int MostParts = 64;
    private const int LongestHead = 4096;

    /// <summary>All parts that are whole; none where it is no such form.</summary>
    public static IReadOnlyList<MultipartPart> ReadAll(string? contentType, ReadOnlyMemory<byte> body)
    {
        List<MultipartPart> parts = [];
        if (Boundary(contentType) is not { } boundary)
        {
            return parts;
        }

        byte[] first = Encoding.Latin1.GetBytes("--" + boundary), next = Encoding.Latin1.GetBytes("\r\n--" + boundary);
        int start = body.Span.IndexOf(first);
        start = start < 0 ? -1 : start + first.Length;
        while (start >= 0 && parts.Count < MostParts)
        {
            ReadOnlyMemory<byte> rest = body[start..];
            if (!rest.Span.StartsWith("\r\n"u8))
            {
                break;
            }

            int end = rest.Span.IndexOf(next), head = rest.Span.IndexOf("\r\n\r\n"u8);
            if (end < 0 || head < 0 || head > LongestHead || head > end)
            {
                break;
            }

            if (ReadOne(Encoding.UTF8.GetString(rest.Span[..head]), rest[(head + 4)..Math.Max(head + 4, end)]) is { } part)
            {
                parts.Add(part);
            }

            start += end + next.Length;
        }

        return parts;
    }

    private static MultipartPart? ReadOne(string head, ReadOnlyMemory<byte> content) =>
        Parameter(head, "name") is { } name ? new MultipartPart(name, Parameter(head, "filename"), content) : null;

    private static string? Boundary(string? contentType)
    {
        const int longest = 200;
        if (contentType is null || !contentType.StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        int at = contentType.IndexOf("boundary=", StringComparison.OrdinalIgnoreCase);
        string boundary = at < 0 ? "" : contentType[(at + "boundary=".Length)..].Split(';')[0].Trim().Trim('"');
        return boundary.Length is > 0 and <= longest ? boundary : null;
    }

    private static string? Parameter(string head, string name)
    {
        int at = head.IndexOf($" {name}=", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        string value = head[(at + name.Length + 2)..];
        if (!value.StartsWith('"'))
        {
            return value.Split(';', '\r')[0].Trim();
        }

        int end = value.IndexOf('"', 1);
        return end < 0 ? null : value[1..end];
    }
}
