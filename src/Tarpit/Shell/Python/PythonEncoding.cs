using System.Text;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Texts of programs are Unicode; those of the shell are bytes.</summary>
internal static class PythonEncoding
{
    private const int SurrogateEscape = 0xDC00;

    /// <summary>Bytes of the machine as text; those that are no UTF-8 as the lone surrogates that stand for them.</summary>
    public static string FromBytes(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new(bytes.Length);
        while (bytes.Length > 0)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) is System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                used = 1;
                text.Append((char)(SurrogateEscape + bytes[0]));
            }

            bytes = bytes[used..];
        }

        return text.ToString();
    }

    public static string FromShell(string text) => FromBytes(Encoding.Latin1.GetBytes(text));

    public static byte[] ToShell(string text)
    {
        if (!text.Any(c => c is >= '\uDC80' and <= '\uDCFF'))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        using MemoryStream bytes = new();
        for (int at = 0; at < text.Length; at++)
        {
            bool isPair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
            if (!isPair && text[at] is >= '\uDC80' and <= '\uDCFF')
            {
                bytes.WriteByte((byte)(text[at] - SurrogateEscape));
                continue;
            }

            bytes.Write(Encoding.UTF8.GetBytes(text.Substring(at, isPair ? 2 : 1)));
            at += isPair ? 1 : 0;
        }

        return bytes.ToArray();
    }

    /// <summary>As the shell's text: one character a byte.</summary>
    public static string ToShellText(string text) => Encoding.Latin1.GetString(ToShell(text));

    public static byte[] Encode(string text, string codec, string errors)
    {
        switch (Normal(codec))
        {
            case "utf8":
                return ToShell(text);
            case "latin1" or "iso88591" or "ascii" or "usascii":
                int limit = Normal(codec).Contains("ascii", StringComparison.Ordinal) ? 128 : 256, bad = text.AsSpan().IndexOfAnyExceptInRange('\0', (char)(limit - 1));
                return bad < 0 || errors is "ignore" ? Encoding.Latin1.GetBytes(string.Concat(text.Where(c => c < limit))) : errors is "replace" ? Encoding.Latin1.GetBytes(string.Concat(text.Select(c => c < limit ? c : '?')))
                    : throw PythonErrors.New("UnicodeEncodeError", FormattableString.Invariant($"'{(limit == 128 ? "ascii" : "latin-1")}' codec can't encode character '\\u{(int)text[bad]:x4}' in position {bad}: ordinal not in range({limit})"));
            case "utf16":
                return [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text)];
            case "utf16le":
                return Encoding.Unicode.GetBytes(text);
            case "hex":
                throw PythonErrors.New("LookupError", "'hex' is not a text encoding; use codecs.encode() to handle arbitrary codecs");
            default:
                throw PythonErrors.New("LookupError", $"unknown encoding: {codec}");
        }
    }

    public static string Decode(byte[] bytes, string codec, string errors)
    {
        switch (Normal(codec))
        {
            case "utf8":
                string text = FromBytes(bytes);
                int bad = errors is "surrogateescape" ? -1 : text.AsSpan().IndexOfAnyInRange('\uDC80', '\uDCFF');
                int at = bad < 0 ? -1 : Encoding.UTF8.GetByteCount(text.AsSpan(0, bad));
                return bad < 0 ? text : errors is "ignore" ? string.Concat(text.Where(c => c is < '\uDC80' or > '\uDCFF')) : errors is "replace" ? string.Concat(text.Select(c => c is < '\uDC80' or > '\uDCFF' ? c : '\uFFFD'))
                    : throw PythonErrors.New("UnicodeDecodeError", FormattableString.Invariant($"'utf-8' codec can't decode byte 0x{bytes[at]:x2} in position {at}: {(bytes[at] is >= 0xC2 and < 0xF5 ? at + 1 == bytes.Length ? "unexpected end of data" : "invalid continuation byte" : "invalid start byte")}"));
            case "ascii" or "usascii":
                int high = bytes.AsSpan().IndexOfAnyInRange((byte)128, (byte)255);
                return high < 0 || errors is "ignore" ? Encoding.Latin1.GetString([.. bytes.Where(value => value < 128)])
                    : throw PythonErrors.New("UnicodeDecodeError", FormattableString.Invariant($"'ascii' codec can't decode byte 0x{bytes[high]:x2} in position {high}: ordinal not in range(128)"));
            case "latin1" or "iso88591":
                return Encoding.Latin1.GetString(bytes);
            case "utf16" or "utf16le":
                return Encoding.Unicode.GetString(bytes).TrimStart('\uFEFF');
            case "hex":
                throw PythonErrors.New("LookupError", "'hex' is not a text encoding; use codecs.decode() to handle arbitrary codecs");
            default:
                throw PythonErrors.New("LookupError", $"unknown encoding: {codec}");
        }
    }

    private static string Normal(string codec) => codec.ToLowerInvariant().Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
}
