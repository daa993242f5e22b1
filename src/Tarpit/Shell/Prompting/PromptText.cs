using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Prompting;

/// <summary>PS1 and the like as they are shown (bash(1), PROMPTING): escapes, and then parameters and commands in them.</summary>
internal sealed class PromptText(ShellState state)
{
    /// <summary>Between these stands what takes no room on the screen, until it is written.</summary>
    public const char HiddenStart = '\x01', HiddenEnd = '\x02';

    private const int Longest = 16 * 1024;

    /// <summary>The value of a variable as a prompt.</summary>
    public async ValueTask<string> ExpandAsync(string variable, Interpreter shell, CancellationToken cancellation)
    {
        string value = state.Get(variable);
        string text = Decode(value, escapes: state.Has("promptvars"));
        if (!state.Has("promptvars") || text.AsSpan().IndexOfAny("$`\\") < 0)
        {
            return text;
        }

        (int status, IReadOnlyList<int> statuses, string word) = (state.Status, state.PipeStatus, state.LastWord);
        try
        {
            text = await shell.ExpandAsync(text, cancellation);
        }
        catch (Exception e) when (e is Syntax.SyntaxException or ShellErrorException)
        {
            // As it is.
        }
        finally
        {
            (state.Status, state.PipeStatus, state.LastWord) = (status, statuses, word);
        }

        return text.Length <= Longest ? text : text[..Longest];
    }

    /// <summary>A value with its escapes replaced.</summary>
    /// <param name="escapes">It is expanded afterwards: what stands for itself is marked so.</param>
    public string Decode(string value, bool escapes)
    {
        StringBuilder text = new();
        for (int at = 0; at < value.Length; at++)
        {
            if (value[at] != '\\' || at + 1 == value.Length)
            {
                text.Append(value[at]);
                continue;
            }

            char letter = value[++at];
            switch (letter)
            {
                case 'a':
                    text.Append('\a');
                    break;
                case 'e':
                    text.Append('\x1b');
                    break;
                case 'n':
                    text.Append('\n');
                    break;
                case 'r':
                    text.Append('\r');
                    break;
                case '[':
                    text.Append(HiddenStart);
                    break;
                case ']':
                    text.Append(HiddenEnd);
                    break;
                case '\\':
                    text.Append(escapes ? "\\\\" : "\\");
                    break;
                case '$':
                    text.Append(state.Visit.UserId == 0 ? "#" : escapes ? "\\$" : "$");
                    break;
                case 'D' when at + 1 < value.Length && value[at + 1] == '{' && value.IndexOf('}', at) is > 0 and var close:
                    string format = value[(at + 2)..close];
                    text.Append(Escaped(Dates.Format(format.Length == 0 ? "%X" : format, state.Visit.Machine.Now), escapes));
                    at = close;
                    break;
                case >= '0' and <= '7':
                    int number = 0, digits = 0;
                    for (; digits < 3 && at + digits < value.Length && value[at + digits] is >= '0' and <= '7'; digits++)
                    {
                        number = (number * 8) + value[at + digits] - '0';
                    }

                    text.Append((char)(number & 0xFF));
                    at += digits - 1;
                    break;
                default:
                    text.Append(Named(letter) is { } known ? Escaped(known, escapes) : escapes ? $"\\\\{letter}" : $"\\{letter}");
                    break;
            }
        }

        return text.ToString();
    }

    private string? Named(char letter)
    {
        DateTimeOffset now = state.Visit.Machine.Now;
        return letter switch
        {
            'u' => state.Visit.UserName,
            'h' => HostName().Split('.')[0],
            'H' => HostName(),
            'w' => Folder(),
            'W' => Folder() is var folder && folder is "/" or "~" ? folder : folder[(folder.LastIndexOf('/') + 1)..],
            's' => state.Name.TrimStart('-').Split('/')[^1],
            'v' => "5.2",
            'V' => "5.2.21",
            'l' => state.Visit.TerminalName.Split('/')[^1],
            'j' => state.Jobs.All.Count.ToString(CultureInfo.InvariantCulture),
            '!' => state.History.Next.ToString(CultureInfo.InvariantCulture),
            '#' => (state.CommandNumber + 1).ToString(CultureInfo.InvariantCulture),
            't' => now.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
            'T' => now.ToString("hh:mm:ss", CultureInfo.InvariantCulture),
            '@' => now.ToString("hh:mm tt", CultureInfo.InvariantCulture),
            'A' => now.ToString("HH:mm", CultureInfo.InvariantCulture),
            'd' => now.ToString("ddd MMM dd", CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    // bash asks for it once, when it starts.
    private string HostName() => state.HostName;

    private string Folder()
    {
        string home = state.Find("HOME") ?? state.Visit.HomeFolder;
        string folder = home.Length > 1 && string.Equals(state.Folder, home, StringComparison.Ordinal) ? "~" : home.Length > 1 && state.Folder.StartsWith(home + "/", StringComparison.Ordinal) ? "~" + state.Folder[home.Length..] : state.Folder;
        return int.TryParse(state.Find("PROMPT_DIRTRIM"), NumberStyles.None, CultureInfo.InvariantCulture, out int kept) && kept > 0 && folder.Split('/', StringSplitOptions.RemoveEmptyEntries) is var parts && parts.Length - (folder[0] == '~' ? 1 : 0) > kept
            ? (folder[0] == '~' ? "~/" : "") + ".../" + string.Join('/', parts[^kept..]) : folder;
    }

    private static string Escaped(string text, bool escapes) => !escapes || text.AsSpan().IndexOfAny("$`\\") < 0 ? text
        : text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal).Replace("`", "\\`", StringComparison.Ordinal);
}
