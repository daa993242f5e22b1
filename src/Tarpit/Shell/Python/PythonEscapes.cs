using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Backslashes in string literals.</summary>
internal static class PythonEscapes
{
    /// <summary>The text that a literal stands for. Of bytes each character is one.</summary>
    public static string Read(string text, bool isBytes, Place place)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder plain = new(text.Length);
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] != '\\' || at + 1 >= text.Length)
            {
                plain.Append(text[at]);
                continue;
            }

            char c = text[++at];
            switch (c)
            {
                case '\n':
                    break;
                case 'x':
                    plain.Append((char)Hexadecimal(text, ref at, 2, isBytes, place));
                    break;
                case 'u' or 'U' when !isBytes:
                    int value = Hexadecimal(text, ref at, c == 'u' ? 4 : 8, isBytes, place);
                    plain.Append(value is >= 0xD800 and < 0xE000 ? ((char)value).ToString() : value <= 0x10FFFF ? char.ConvertFromUtf32(value) : "\uFFFD");
                    break;
                case >= '0' and <= '7':
                    int octal = 0, end = Math.Min(text.Length, at + 3);
                    for (; at < end && text[at] is >= '0' and <= '7'; at++)
                    {
                        octal = (octal * 8) + text[at] - '0';
                    }

                    at--;
                    plain.Append((char)(isBytes ? octal & 0xFF : octal));
                    break;
                default:
                    int known = "\\'\"abfnrtv".IndexOf(c, StringComparison.Ordinal);
                    plain.Append(known >= 0 ? "\\'\"\a\b\f\n\r\t\v"[known].ToString() : "\\" + c);
                    break;
            }
        }

        return plain.ToString();
    }

    private static int Hexadecimal(string text, ref int at, int digits, bool isBytes, Place place)
    {
        int first = at + 1, end = Math.Min(text.Length, first + digits);
        if (end - first == digits && int.TryParse(text.AsSpan(first, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value))
        {
            at = end - 1;
            return value;
        }

        int stop = first;
        while (stop < end && char.IsAsciiHexDigit(text[stop]))
        {
            stop++;
        }

        throw new PythonSyntaxException(isBytes
            ? string.Create(CultureInfo.InvariantCulture, $"(value error) invalid \\x escape at position {first - 2}")
            : string.Create(CultureInfo.InvariantCulture, $"(unicode error) 'unicodeescape' codec can't decode bytes in position {first - 2}-{stop - 1}: truncated {(digits == 2 ? "\\xXX" : digits == 4 ? "\\uXXXX" : "\\UXXXXXXXX")} escape"), place);
    }
}
