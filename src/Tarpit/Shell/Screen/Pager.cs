using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Screen;

/// <summary>less and more: a text page by page.</summary>
internal sealed class Pager(Invocation invocation, ScreenKeys keys)
{
    private string _search = "";

    public async ValueTask<int> RunAsync(string name, string text)
    {
        string[] lines = text.TrimEnd('\n').Split('\n');
        int height = keys.Size.Rows - 1, top = 0;
        bool isMore = invocation.Name is "more";
        if (lines.Length <= height && (isMore || invocation.Has('F')))
        {
            await invocation.PrintAsync(text);
            return 0;
        }

        await keys.WriteAsync(isMore ? "" : "\x1b[?1049h\x1b[H");
        while (true)
        {
            height = keys.Size.Rows - 1;
            top = Math.Clamp(top, 0, Math.Max(0, lines.Length - height));
            await DrawAsync(name, lines, top, height, isMore);
            int? key = await keys.ReadAsync();
            if (key is null or 'q' or 'Q' or 3 || (isMore && top + height >= lines.Length))
            {
                break;
            }

            top = key switch
            {
                ' ' or 'f' or 6 or ScreenKeys.PageDown => top + height,
                'b' or 2 or ScreenKeys.PageUp => top - height,
                'd' or 4 => top + (height / 2),
                'u' or 21 => top - (height / 2),
                'j' or '\r' or '\n' or 'e' or ScreenKeys.Down => top + 1,
                'k' or 'y' or ScreenKeys.Up => top - 1,
                'g' or '<' or ScreenKeys.Home => 0,
                'G' or '>' or ScreenKeys.End => int.MaxValue / 2,
                '/' => Find(lines, top, await PromptAsync()),
                'n' => Find(lines, top, _search),
                _ => top,
            };
        }

        await keys.WriteAsync(isMore ? "\r\x1b[K" : "\x1b[?1049l");
        return 0;
    }

    private int Find(string[] lines, int top, string? sought)
    {
        _search = sought is { Length: > 0 } ? sought : _search;
        int at = _search.Length == 0 ? -1 : Array.FindIndex(lines, Math.Min(lines.Length, top + 1), line => line.Contains(_search, StringComparison.Ordinal));
        return at < 0 ? top : at;
    }

    private async ValueTask<string?> PromptAsync()
    {
        StringBuilder text = new();
        while (true)
        {
            await keys.WriteAsync($"\r\x1b[K/{text}");
            switch (await keys.ReadAsync())
            {
                case null or 3 or ScreenKeys.Escape:
                    return null;
                case '\r' or '\n':
                    return text.ToString();
                case 8 or 127 when text.Length > 0:
                    text.Length--;
                    break;
                case >= 32 and < 256 and var key when text.Length < 200:
                    text.Append((char)key);
                    break;
            }
        }
    }

    private async ValueTask DrawAsync(string name, string[] lines, int top, int height, bool isMore)
    {
        int columns = keys.Size.Columns;
        StringBuilder screen = new(isMore ? "\r\x1b[K" : "\x1b[H");
        for (int n = 0; n < height; n++)
        {
            string line = top + n < lines.Length ? lines[top + n] : "~";
            screen.Append("\x1b[K").Append(line.Length <= columns ? line : line[..columns]).Append("\r\n");
        }

        bool isEnd = top + height >= lines.Length;
        string status = isMore ? string.Create(CultureInfo.InvariantCulture, $"--More--({(top + height) * 100 / lines.Length}%)") : isEnd ? "(END)" : top == 0 && name.Length > 0 ? name : ":";
        screen.Append("\x1b[K").Append(status is ":" ? ":" : $"\x1b[7m{status}\x1b[27m");
        await keys.WriteAsync(screen.ToString());
    }
}
