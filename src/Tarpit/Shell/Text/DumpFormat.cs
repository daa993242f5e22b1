using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>A format of hexdump -e: units of a count, a size and a text with one conversion each.</summary>
internal sealed class DumpFormat
{
    private const int LargestBlock = 4096;
    private static readonly string[] s_names = ["nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "lf", "vt", "ff", "cr", "so", "si", "dle", "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us"];
    private readonly List<(int Count, int Size, string Text)> _units = [];

    private DumpFormat(string format)
    {
        int at = 0;
        while (at < format.Length)
        {
            int count = 1, size = 0, start = at;
            while (at < format.Length && format[at] != '"')
            {
                at++;
            }

            string[] counts = format[start..at].Trim().Split('/');
            count = int.TryParse(counts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? Math.Clamp(given, 1, LargestBlock) : 1;
            size = counts.Length > 1 && int.TryParse(counts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int bytes) && bytes is 1 or 2 or 4 or 8 ? bytes : 0;
            int end = at + 1 < format.Length ? format.IndexOf('"', at + 1) : -1;
            if (end < 0)
            {
                break;
            }

            string text = Escapes.Decode(format[(at + 1)..end]);
            _units.Add((count, size > 0 ? size : text.Contains('%', StringComparison.Ordinal) ? DefaultSize(text) : 0, text));
            at = end + 1;
        }
    }

    private int Block => Math.Min(LargestBlock, _units.Sum(unit => unit.Text.Contains('%', StringComparison.Ordinal) && !unit.Text.Contains("%_a", StringComparison.Ordinal) ? unit.Count * unit.Size : 0));

    /// <summary>The bytes as the format has them; blocks that are the same show as "*".</summary>
    public static string Apply(string format, byte[] bytes, bool showsAll)
    {
        DumpFormat made = new(format);
        int block = made.Block;
        StringBuilder text = new();
        string? last = null;
        bool isStarred = false;
        for (int at = 0; block > 0 && at < bytes.Length; at += block)
        {
            int left = Math.Min(block, bytes.Length - at);
            string key = Encoding.Latin1.GetString(bytes, at, left);
            if (!showsAll && left == block && string.Equals(key, last, StringComparison.Ordinal))
            {
                text.Append(isStarred ? "" : "*\n");
                isStarred = true;
                continue;
            }

            (last, isStarred) = (key, false);
            made.Write(text, bytes, at);
        }

        return text.ToString();
    }

    private static int DefaultSize(string text) => text.Contains("%c", StringComparison.Ordinal) || text.Contains("%_", StringComparison.Ordinal) || text.Contains("%s", StringComparison.Ordinal) ? 1 : 4;

    private void Write(StringBuilder text, byte[] bytes, int at)
    {
        foreach ((int count, int size, string unit) in _units)
        {
            for (int n = 0; n < count; n++)
            {
                // Blanks at the end of what is repeated stand between, not behind.
                string shown = n == count - 1 && count > 1 && unit.Contains('%', StringComparison.Ordinal) ? unit.TrimEnd(' ') : unit;
                text.Append(One(shown, bytes, at, size));
                at += shown.Contains('%', StringComparison.Ordinal) && !shown.Contains("%_a", StringComparison.Ordinal) ? size : 0;
            }
        }
    }

    private static string One(string unit, byte[] bytes, int at, int size)
    {
        int mark = unit.IndexOf('%', StringComparison.Ordinal);
        if (mark < 0)
        {
            return unit;
        }

        int end = mark + 1;
        while (end < unit.Length && "0123456789-+ #.".Contains(unit[end], StringComparison.Ordinal))
        {
            end++;
        }

        string flags = unit[(mark + 1)..end];
        bool isNamed = end + 1 < unit.Length && unit[end] == '_';
        char kind = isNamed ? unit[end + 1] : end < unit.Length ? unit[end] : 'x';
        string rest = unit[Math.Min(unit.Length, end + (isNamed ? 2 : 1))..];
        int width = int.TryParse(flags.Trim('-', '+', ' ', '#', '0').Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? Math.Min(given, LargestBlock) : 0;
        if (isNamed && kind == 'a')
        {
            return unit[..mark] + at.ToString(unit.Length > end + 2 && unit[end + 2] == 'd' ? "D" + width : "x" + width, CultureInfo.InvariantCulture) + rest[Math.Min(1, rest.Length)..];
        }

        if (at >= bytes.Length)
        {
            return unit[..mark] + new string(' ', Math.Max(width, flags.StartsWith('0') ? width : 0)) + rest;
        }

        ulong value = 0;
        for (int n = Math.Min(size, bytes.Length - at) - 1; n >= 0; n--)
        {
            value = (value << 8) | bytes[at + n];
        }

        int shift = 64 - (8 * size);
        string text = isNamed ? Named(kind, (byte)value) : kind switch
        {
            'd' or 'i' => (unchecked((long)(value << shift)) >> shift).ToString(CultureInfo.InvariantCulture),
            'u' => value.ToString(CultureInfo.InvariantCulture),
            'o' => Convert.ToString(unchecked((long)value), 8),
            'X' => value.ToString("X", CultureInfo.InvariantCulture),
            'c' or 's' => ((char)(byte)value).ToString(),
            _ => value.ToString("x", CultureInfo.InvariantCulture),
        };
        return unit[..mark] + (flags.StartsWith('-') ? text.PadRight(width) : flags.StartsWith('0') ? text.PadLeft(width, '0') : text.PadLeft(width)) + rest;
    }

    private static string Named(char kind, byte value) => kind switch
    {
        'p' => value is >= 32 and < 127 ? ((char)value).ToString() : ".",
        'u' => value < 32 ? s_names[value] : value == 127 ? "del" : value > 127 ? value.ToString("x2", CultureInfo.InvariantCulture) : ((char)value).ToString(),
        _ => value switch { 0 => "\\0", 7 => "\\a", 8 => "\\b", 9 => "\\t", 10 => "\\n", 11 => "\\v", 12 => "\\f", 13 => "\\r", >= 32 and < 127 => ((char)value).ToString(), _ => Convert.ToString(value, 8).PadLeft(3, '0') },
    };
}
