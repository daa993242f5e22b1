using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Screen;

/// <summary>What vi does with lines: words, substitutions, and how they stand on the screen.</summary>
internal static class ViText
{
    private const int LongestLine = 64 * 1024;

    public static int NextWord(string line, int at, int times)
    {
        for (; times > 0 && at < line.Length; times--)
        {
            while (at < line.Length && line[at] != ' ')
            {
                at++;
            }

            while (at < line.Length && line[at] == ' ')
            {
                at++;
            }
        }

        return at;
    }

    public static int PreviousWord(string line, int at, int times)
    {
        for (; times > 0 && at > 0; times--)
        {
            while (at > 0 && line[at - 1] == ' ')
            {
                at--;
            }

            while (at > 0 && line[at - 1] != ' ')
            {
                at--;
            }
        }

        return at;
    }

    /// <summary>s/a/b/g of one line, with % of all. False: it is no such command.</summary>
    public static bool TrySubstitute(List<string> lines, int row, string command)
    {
        bool isAll = command.StartsWith('%');
        if (!command.AsSpan(isAll ? 1 : 0).StartsWith("s") || command[((isAll ? 1 : 0) + 1)..] is not { Length: > 2 } rest)
        {
            return false;
        }

        string[] parts = rest[1..].Split(rest[0]);
        if (parts.Length < 2 || Patterns.Compile(Patterns.FromBasic(parts[0]), ignoreCase: false) is not { } pattern)
        {
            return false;
        }

        bool isGlobal = parts.Length > 2 && parts[2].Contains('g', StringComparison.Ordinal);
        for (int at = isAll ? 0 : row; at <= (isAll ? lines.Count - 1 : row); at++)
        {
            lines[at] = pattern.Replace(lines[at], parts[1].Replace("$", "$$", StringComparison.Ordinal), isGlobal ? -1 : 1);
            lines[at] = lines[at].Length <= LongestLine ? lines[at] : lines[at][..LongestLine];
        }

        return true;
    }

    public static string Screen(List<string> lines, int top, int row, int column, string message, (int Columns, int Rows) size)
    {
        const int placeWidth = 20;
        StringBuilder screen = new("\x1b[?25l\x1b[H");
        for (int n = 0; n < size.Rows - 1; n++)
        {
            string line = top + n < lines.Count ? lines[top + n].Replace("\t", "        ", StringComparison.Ordinal) : "~";
            screen.Append("\x1b[K").Append(line.Length <= size.Columns ? line : line[..size.Columns]).Append("\r\n");
        }

        string place = string.Create(CultureInfo.InvariantCulture, $"{row + 1},{column + 1}");
        screen.Append("\x1b[K").Append(message.Length <= size.Columns - placeWidth ? message.PadRight(size.Columns - placeWidth) + place : message);
        int shown = lines[row][..Math.Min(column, lines[row].Length)].Sum(c => c == '\t' ? 8 : 1);
        screen.Append(CultureInfo.InvariantCulture, $"\x1b[{row - top + 1};{Math.Min(size.Columns, shown + 1)}H\x1b[?25h");
        return screen.ToString();
    }
}
