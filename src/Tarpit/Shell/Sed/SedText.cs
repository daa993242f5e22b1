using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.Shell.Sed;

/// <summary>Texts that sed makes: replacements, and lines as l shows them.</summary>
internal static class SedText
{
    public static void Fill(StringBuilder made, IReadOnlyList<SedPiece> replacement, Match match)
    {
        char all = '\0', once = '\0';
        foreach (SedPiece piece in replacement)
        {
            if (piece.Case != '\0')
            {
                (all, once) = piece.Case is 'l' or 'u' ? (all, piece.Case) : (piece.Case == 'E' ? '\0' : piece.Case, '\0');
                continue;
            }

            string text = piece.Text is { } literal ? Characters.Of(literal) : match.Groups[piece.Group].Value;
            text = all == 'U' ? text.ToUpperInvariant() : all == 'L' ? text.ToLowerInvariant() : text;
            if (once != '\0' && text.Length > 0)
            {
                text = (once == 'u' ? char.ToUpperInvariant(text[0]) : char.ToLowerInvariant(text[0])) + text[1..];
                once = '\0';
            }

            made.Append(text);
        }
    }

    public static string Visible(string text, int width)
    {
        StringBuilder shown = new();
        int column = 0;
        foreach (char c in text)
        {
            string piece = c switch { '\\' => "\\\\", '\a' => "\\a", '\b' => "\\b", '\f' => "\\f", '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", '\v' => "\\v", >= ' ' and <= '~' => c.ToString(), _ => "\\" + Convert.ToString(c, 8).PadLeft(3, '0') };
            if (width > 1 && column + piece.Length > width - 1)
            {
                shown.Append("\\\n");
                column = 0;
            }

            shown.Append(piece);
            column += piece.Length;
        }

        return shown.Append("$\n").ToString();
    }

    /// <summary>Appends a line to one of the files that a script writes. Bounded in number and size.</summary>
    public static void Write(Dictionary<string, StringBuilder> files, string file, string text)
    {
        const int most = 16, longest = 1 << 20;
        if (!files.TryGetValue(file, out StringBuilder? written) && files.Count < most)
        {
            files[file] = written = new StringBuilder();
        }

        if (written is { Length: < longest })
        {
            written.Append(Characters.ToBytes(text)).Append('\n');
        }
    }
}
