using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell;

/// <summary>Backslash escapes of echo -e, printf and $'...'. Bytes, one a character.</summary>
internal static class Escapes
{
    /// <param name="isEcho">Octal numbers begin with 0, and \c ends the output.</param>
    public static string Decode(string text, bool isEcho)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
                continue;
            }

            char c = text[++i];
            switch (c)
            {
                case 'x':
                    i = Number(text, i + 1, 2, 16, plain, 'x');
                    break;
                case >= '0' and <= '7':
                    i = Number(text, isEcho && c == '0' ? i + 1 : i, 3, 8, plain, '0');
                    break;
                case 'c' when isEcho:
                    return plain.ToString();
                default:
                    plain.Append(c switch
                    {
                        'n' => "\n",
                        't' => "\t",
                        'r' => "\r",
                        'a' => "\a",
                        'b' => "\b",
                        'e' or 'E' => "\x1b",
                        'f' => "\f",
                        'v' => "\v",
                        '\\' => "\\",
                        '\'' when !isEcho => "'",
                        '"' when !isEcho => "\"",
                        _ => "\\" + c,
                    });
                    break;
            }
        }

        return plain.ToString();
    }

    private static int Number(string text, int at, int most, int radix, StringBuilder plain, char letter)
    {
        int end = at;
        while (end < text.Length && end - at < most && (radix == 16 ? char.IsAsciiHexDigit(text[end]) : text[end] is >= '0' and <= '7'))
        {
            end++;
        }

        if (end == at)
        {
            _ = letter == 'x' ? plain.Append("\\x") : plain.Append('\0');
            return at - 1;
        }

        int value = radix == 16 ? int.Parse(text.AsSpan(at, end - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : Convert.ToInt32(text[at..end], 8);
        plain.Append((char)(value & 0xFF));
        return end - 1;
    }
}
