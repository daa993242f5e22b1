using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell;

/// <summary>Backslash escapes of echo -e, printf and $'...'. Bytes, one a character.</summary>
internal static class Escapes
{
    /// <summary>Of a format of printf.</summary>
    public static string Decode(string text) => Decode(text, Kind.Format, out _);

    /// <summary>Of $'...': what follows a NUL is dropped.</summary>
    public static string DecodeAnsi(string text)
    {
        string decoded = Decode(text, Kind.Ansi, out _);
        int end = decoded.IndexOf('\0', StringComparison.Ordinal);
        return end < 0 ? decoded : decoded[..end];
    }

    /// <summary>Of echo -e and %b: octal numbers begin with 0, and \c ends all output.</summary>
    public static string DecodeEcho(string text, out bool ends) => Decode(text, Kind.Echo, out ends);

    /// <summary>Of printf %b: octal digits need no zero before them.</summary>
    public static string DecodeArgument(string text, out bool ends) => Decode(text, Kind.Argument, out ends);

    private enum Kind
    {
        Argument,
        Format,
        Ansi,
        Echo,
    }

    private static string Decode(string text, Kind kind, out bool ends)
    {
        ends = false;
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
                    i = Hexadecimal(text, i + 1, 2, plain, isRune: false, "\\x");
                    break;
                case 'u':
                    i = Hexadecimal(text, i + 1, 4, plain, isRune: true, "\\u");
                    break;
                case 'U':
                    i = Hexadecimal(text, i + 1, 8, plain, isRune: true, "\\U");
                    break;
                case >= '1' and <= '7' when kind == Kind.Echo:
                    plain.Append('\\').Append(c);
                    break;
                case >= '0' and <= '7':
                    i = Octal(text, kind is Kind.Echo or Kind.Argument && c == '0' ? i + 1 : i, plain);
                    break;
                case 'c' when kind is Kind.Echo or Kind.Argument:
                    ends = true;
                    return plain.ToString();
                case 'c' when kind == Kind.Ansi && i + 1 < text.Length:
                    plain.Append((char)(char.ToUpperInvariant(text[++i]) & 0x1F));
                    break;
                default:
                    plain.Append(Simple(c, kind));
                    break;
            }
        }

        return plain.ToString();
    }

    private static string Simple(char c, Kind kind) => c switch
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
        '\'' when kind == Kind.Ansi => "'",
        '"' when kind is not (Kind.Echo or Kind.Argument) => "\"",
        '\'' when kind == Kind.Format => "'",
        '?' when kind is Kind.Ansi or Kind.Format => "?",
        _ => "\\" + c,
    };

    private static int Octal(string text, int at, StringBuilder plain)
    {
        int value = 0, end = at;
        while (end < text.Length && end - at < 3 && text[end] is >= '0' and <= '7')
        {
            value = (value * 8) + text[end++] - '0';
        }

        plain.Append((char)(value & 0xFF));
        return end - 1;
    }

    private static int Hexadecimal(string text, int at, int most, StringBuilder plain, bool isRune, string otherwise)
    {
        int end = at;
        while (end < text.Length && end - at < most && char.IsAsciiHexDigit(text[end]))
        {
            end++;
        }

        if (end == at)
        {
            plain.Append(otherwise);
            return at - 1;
        }

        uint value = uint.Parse(text.AsSpan(at, end - at), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        _ = isRune && Rune.IsValid(value) ? plain.Append(Characters.ToBytes(new Rune(value).ToString())) : plain.Append((char)(value & 0xFF));
        return end - 1;
    }
}
