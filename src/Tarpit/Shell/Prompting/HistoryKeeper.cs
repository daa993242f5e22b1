using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell.Prompting;

/// <summary>What the history keeps of a command: HISTCONTROL, HISTIGNORE, HISTSIZE, and lines of one command as one.</summary>
internal sealed class HistoryKeeper(ShellState state)
{
    private static readonly string[] s_openers = ["do", "then", "else", "{", "(", "|", "||", "&&", ";", "&", "in", ";;", "|&"];

    private readonly StringBuilder _entry = new();

    /// <summary>A line of a command that may go on.</summary>
    /// <param name="before">The lines before it, as they run.</param>
    public void AddLine(string line, string before)
    {
        if (_entry.Length > 0)
        {
            _entry.Append(Separator(before));
        }

        _entry.Append(line);
        if (line.EndsWith('\\') && HistoryExpansion.OpenQuote(before + line) != '\'')
        {
            _entry.Length--;
        }
    }

    /// <summary>The command is complete: the history has it now, if it keeps such ones.</summary>
    public void Finish()
    {
        string entry = _entry.ToString();
        _entry.Clear();
        int most = Size();
        if (!state.Has("history") || entry.Trim().Length == 0 || most == 0 || IsIgnored(entry) || !state.Budget.Memory.TryGrow(entry.Length * sizeof(char)))
        {
            return;
        }

        state.History.Add(entry);
        state.History.Trim(most);
    }

    public void Drop() => _entry.Clear();

    private int Size() => state.Find("HISTSIZE") is { } text && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int size) && size >= 0 ? size : int.MaxValue;

    private bool IsIgnored(string entry)
    {
        string[] control = state.Get("HISTCONTROL").Split(':');
        bool Has(string name) => control.Contains(name, StringComparer.Ordinal) || control.Contains("ignoreboth", StringComparer.Ordinal);
        string? last = state.History.Count > 0 ? state.History[^1] : null;
        if ((Has("ignorespace") && entry[0] is ' ' or '\t') || (Has("ignoredups") && string.Equals(last, entry, StringComparison.Ordinal)))
        {
            return true;
        }

        string[] patterns = state.Get("HISTIGNORE").Split(':', StringSplitOptions.RemoveEmptyEntries);
        if (Array.Exists(patterns, pattern => pattern is "&" ? string.Equals(last, entry, StringComparison.Ordinal) : Globs.IsMatch(pattern, entry)))
        {
            return true;
        }

        if (control.Contains("erasedups", StringComparer.Ordinal))
        {
            for (int at = state.History.Count - 1; at >= 0; at--)
            {
                if (string.Equals(state.History[at], entry, StringComparison.Ordinal))
                {
                    state.History.RemoveRange(at, 1);
                }
            }
        }

        return false;
    }

    private static string Separator(string before)
    {
        string text = before.TrimEnd('\n');
        if (HistoryExpansion.OpenQuote(text) != '\0' || (text.Contains("<<", StringComparison.Ordinal) && !text.Contains("<<<", StringComparison.Ordinal)))
        {
            return "\n";
        }

        if (text.EndsWith('\\'))
        {
            return "";
        }

        string[] words = text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 || Array.Exists(s_openers, opener => string.Equals(words[^1], opener, StringComparison.Ordinal)) || text[^1] is '|' or '&' or ';' or '(' or '{' ? " " : "; ";
    }
}
