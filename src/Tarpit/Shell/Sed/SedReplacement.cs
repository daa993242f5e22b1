using System.Text;

namespace Blackwall.Tarpit.Shell.Sed;

/// <summary>Reads the right side of s, and the texts of y.</summary>
internal static class SedReplacement
{
    public static List<SedPiece> Parse(string text)
    {
        List<SedPiece> pieces = [];
        StringBuilder literal = new();
        void Flush()
        {
            if (literal.Length > 0)
            {
                pieces.Add(new SedPiece(literal.ToString()));
                literal.Clear();
            }
        }

        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '&')
            {
                Flush();
                pieces.Add(new SedPiece(null, 0));
            }
            else if (c == '\\' && i + 1 < text.Length)
            {
                char next = text[++i];
                if (char.IsAsciiDigit(next))
                {
                    Flush();
                    pieces.Add(new SedPiece(null, next - '0'));
                }
                else if (next is 'L' or 'U' or 'l' or 'u' or 'E')
                {
                    Flush();
                    pieces.Add(new SedPiece(null, -1, next));
                }
                else if (next is 'x' or 'o' or 'd' && Numbered(text, ref i) is { } made)
                {
                    literal.Append(made);
                }
                else
                {
                    literal.Append(Control(next) ?? next);
                }
            }
            else
            {
                literal.Append(c);
            }
        }

        Flush();
        return pieces;
    }

    private static char? Numbered(string text, ref int at)
    {
        int radix = text[at] == 'x' ? 16 : text[at] == 'o' ? 8 : 10, most = radix == 16 ? 2 : 3, end = at + 1, value = 0;
        while (end < text.Length && end - at <= most && char.IsAsciiHexDigit(text[end]) && Convert.ToInt32(text[end].ToString(), 16) < radix)
        {
            value = (value * radix) + Convert.ToInt32(text[end++].ToString(), 16);
        }

        if (end == at + 1)
        {
            return null;
        }

        at = end - 1;
        return (char)(value & 0xFF);
    }

    private static char? Control(char c) => c switch { 'n' => '\n', 't' => '\t', 'a' => '\a', 'f' => '\f', 'r' => '\r', 'v' => '\v', _ => null };

    public static string Unescaped(string text)
    {
        StringBuilder plain = new();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                i++;
                plain.Append(Control(text[i]) ?? text[i]);
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
