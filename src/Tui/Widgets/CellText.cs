using System.Text;
using Terminal.Gui.Text;

namespace Blackwall.Tui.Widgets;

/// <summary>Text measured in cells of the terminal; wide letters take two.</summary>
internal static class CellText
{
    public static int Width(string text) => text.GetColumns();

    /// <summary>Cut with an ellipsis, or filled with spaces, to exactly this many cells.</summary>
    public static string Fit(string text, int cells)
    {
        if (cells <= 0)
        {
            return "";
        }

        int width = Width(text);
        if (width <= cells)
        {
            return text + new string(' ', cells - width);
        }

        string head = Head(text, cells - 1, out int taken);
        return head + "…" + new string(' ', cells - 1 - taken);
    }

    /// <summary>Lines of at most this many cells, broken at spaces where there are any.</summary>
    public static IEnumerable<string> Wrap(string text, int cells)
    {
        cells = Math.Max(1, cells);
        string rest = text;
        while (Width(rest) > cells)
        {
            string head = Head(rest, cells, out _);
            int space = rest.Length > head.Length && rest[head.Length] == ' ' ? head.Length : head.LastIndexOf(' ');
            string line = space > 0 ? rest[..space] : head.Length > 0 ? head : rest[..1];
            yield return line;
            rest = rest[line.Length..].TrimStart(' ');
        }

        yield return rest;
    }

    private static string Head(string text, int cells, out int taken)
    {
        StringBuilder head = new();
        taken = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            int width = Math.Max(0, rune.GetColumns());
            if (taken + width > cells)
            {
                break;
            }

            head.Append(rune.ToString());
            taken += width;
        }

        return head.ToString();
    }
}
