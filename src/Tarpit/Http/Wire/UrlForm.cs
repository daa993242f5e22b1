using System.Text;

namespace Blackwall.Tarpit.Http.Wire;

/// <summary>Percent-encoded text, and forms and queries made of it, as PHP reads them.</summary>
internal static class UrlForm
{
    private const int MostFields = 1000;

    /// <summary>Fields of a query or of a body of application/x-www-form-urlencoded; of a repeated one the last counts.</summary>
    public static IReadOnlyDictionary<string, string> Read(ReadOnlySpan<char> text)
    {
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        while (!text.IsEmpty && fields.Count < MostFields)
        {
            int end = text.IndexOf('&');
            ReadOnlySpan<char> pair = end < 0 ? text : text[..end];
            text = end < 0 ? [] : text[(end + 1)..];
            int equals = pair.IndexOf('=');
            ReadOnlySpan<char> name = equals < 0 ? pair : pair[..equals];
            if (!name.IsEmpty)
            {
                fields[Decode(name, plusIsSpace: true)] = equals < 0 ? "" : Decode(pair[(equals + 1)..], plusIsSpace: true);
            }
        }

        return fields;
    }

    /// <summary>Decodes %XX; what is no escape stays. Bytes that are not UTF-8 become U+FFFD.</summary>
    public static string Decode(ReadOnlySpan<char> text, bool plusIsSpace)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                bytes[length++] = Convert.FromHexString(text.Slice(i + 1, 2))[0];
                i += 2;
            }
            else
            {
                // Latin-1: each character is a byte as it came.
                bytes[length++] = text[i] == '+' && plusIsSpace ? (byte)' ' : (byte)text[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    /// <summary>rawurlencode of PHP.</summary>
    public static string Encode(string text) => Uri.EscapeDataString(text);
}
