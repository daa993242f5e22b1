using System.Text;

namespace Blackwall.Tarpit.Shell;

/// <summary>
/// Line editing of readline: turns keys into what the terminal shows and into complete lines. Emacs keys, history, escape sequences of arrows.
/// </summary>
internal sealed class LineEditor(IReadOnlyList<string> history)
{
    private const int LongestLine = 16 * 1024;

    private readonly StringBuilder _line = new();
    private readonly StringBuilder _escape = new();
    private int _cursor;
    private int _historyAt = history.Count;
    private bool _returned;
    private bool _isPasting;
    private string _killed = "";
    private string? _sought;
    private int _tabs;

    /// <summary>What ended the line.</summary>
    public enum Result
    {
        None,
        Line,
        Interrupted,
        EndOfInput,
    }

    public string Line => _line.ToString();

    /// <summary>What a shell completes for a tab: the line as far as the cursor; set while the key was a tab.</summary>
    public string? Completes { get; private set; }

    /// <summary>The tab is a second one: who completes shows what there is.</summary>
    public bool ShowsAll => _tabs > 1;

    /// <summary>The word is the first of its command.</summary>
    public bool IsCommandWord => _line.ToString(0, _cursor).TrimEnd().Split(['|', ';', '&', '(']) is [.., var last] && !last.TrimStart().Contains(' ', StringComparison.Ordinal) && (last.Length == 0 || !last.EndsWith(' ') || last.Trim().Length == 0);

    /// <summary>The screen is to be cleared and the prompt written again.</summary>
    public bool ClearsScreen { get; private set; }

    /// <summary>The line with the cursor where it is, for a prompt that was written again.</summary>
    public string Shown => _line + new string('\b', _line.Length - _cursor);

    /// <summary>Handles one byte; what the terminal shows is appended.</summary>
    public Result HandleKey(byte key, StringBuilder echo)
    {
        Completes = null;
        ClearsScreen = false;
        _tabs = key == 9 ? _tabs + 1 : 0;
        if (_escape.Length > 0)
        {
            HandleEscape((char)key, echo);
            return Result.None;
        }

        if (_isPasting && key != 27)
        {
            // Lines of what is pasted do not run before somebody presses the key for it.
            Insert(key == '\r' ? '\n' : (char)key, echo);
            return Result.None;
        }

        if (_sought is not null && HandleSearch(key, echo))
        {
            return Result.None;
        }

        bool afterReturn = _returned;
        _returned = false;
        switch (key)
        {
            case (byte)'\r':
                _returned = true;
                echo.Append("\r\n");
                return Result.Line;
            case (byte)'\n':
                if (afterReturn)
                {
                    return Result.None;
                }

                echo.Append("\r\n");
                return Result.Line;
            case 3:
                echo.Append("^C\r\n");
                return Result.Interrupted;
            case 4 when _line.Length == 0:
                return Result.EndOfInput;
            case 4:
                Delete(echo);
                break;
            case 8 or 127:
                if (_cursor > 0)
                {
                    _cursor--;
                    echo.Append('\b');
                    Delete(echo);
                }

                break;
            case 1:
                echo.Append('\b', _cursor);
                _cursor = 0;
                break;
            case 5:
                echo.Append(_line.ToString(_cursor, _line.Length - _cursor));
                _cursor = _line.Length;
                break;
            case 2:
                Move(-1, echo);
                break;
            case 6:
                Move(1, echo);
                break;
            case 11:
                _killed = _line.ToString(_cursor, _line.Length - _cursor);
                echo.Append("\x1b[K");
                _line.Length = _cursor;
                break;
            case 12:
                ClearsScreen = true;
                break;
            case 18:
                _sought = "";
                ShowSearch(echo);
                break;
            case 20 when _line.Length > 1 && _cursor > 0:
                int at = Math.Min(_cursor, _line.Length - 1);
                string turned = _line.ToString(0, at - 1) + _line[at] + _line[at - 1] + _line.ToString(at + 1, _line.Length - at - 1);
                Replace(turned, at + 1, echo);
                break;
            case 25:
                Insert(_killed, echo);
                break;
            case 21:
                _killed = _line.ToString(0, _cursor);
                Replace(_line.ToString(_cursor, _line.Length - _cursor), 0, echo);
                break;
            case 23:
                KillBetween(LineWords.Start(_line, _cursor), _cursor, echo);
                break;
            case 16:
                Recall(-1, echo);
                break;
            case 14:
                Recall(1, echo);
                break;
            case 9:
                Completes = _line.ToString(0, _cursor);
                break;
            case 27:
                _escape.Append('\x1b');
                break;
            case >= 32:
                Insert((char)key, echo);
                break;
        }

        return Result.None;
    }

    /// <summary>Puts text where the cursor is.</summary>
    public void Insert(string text, StringBuilder echo)
    {
        foreach (char c in text)
        {
            Insert(c, echo);
        }
    }

    /// <summary>Begins the next line.</summary>
    public void Clear()
    {
        _line.Clear();
        _cursor = 0;
        _historyAt = history.Count;
        (_sought, _isPasting) = (null, false);
    }

    /// <summary>Puts a line there, the cursor at its end.</summary>
    public void Set(string line)
    {
        _line.Clear().Append(line);
        _cursor = line.Length;
    }

    private void Insert(char c, StringBuilder echo)
    {
        if (_line.Length >= LongestLine)
        {
            echo.Append('\a');
            return;
        }

        _line.Insert(_cursor++, c);
        echo.Append(_line.ToString(_cursor - 1, _line.Length - _cursor + 1).Replace("\n", "\r\n", StringComparison.Ordinal)).Append('\b', _line.Length - _cursor);
    }

    private void Delete(StringBuilder echo)
    {
        if (_cursor < _line.Length)
        {
            _line.Remove(_cursor, 1);
            echo.Append(_line.ToString(_cursor, _line.Length - _cursor)).Append("\x1b[K").Append('\b', _line.Length - _cursor);
        }
    }

    private void Move(int by, StringBuilder echo)
    {
        int to = Math.Clamp(_cursor + by, 0, _line.Length);
        if (to != _cursor)
        {
            _ = by < 0 ? echo.Append('\b') : echo.Append(_line[_cursor]);
            _cursor = to;
        }
    }

    private void Replace(string line, int cursor, StringBuilder echo, int from)
    {
        _cursor = from;
        Replace(line, cursor, echo);
    }

    private void Replace(string line, int cursor, StringBuilder echo)
    {
        echo.Append('\b', _cursor).Append("\x1b[K").Append(line).Append('\b', line.Length - cursor);
        _line.Clear().Append(line);
        _cursor = cursor;
    }

    private void Recall(int by, StringBuilder echo)
    {
        int to = Math.Clamp(_historyAt + by, 0, history.Count);
        if (to != _historyAt)
        {
            _historyAt = to;
            string line = to == history.Count ? "" : history[to];
            Replace(line, line.Length, echo);
        }
    }

    private void KillBetween(int start, int end, StringBuilder echo)
    {
        _killed = _line.ToString(start, end - start);
        Replace(_line.ToString(0, start) + _line.ToString(end, _line.Length - end), start, echo, _cursor);
    }

    private void MoveTo(int to, StringBuilder echo)
    {
        _ = to < _cursor ? echo.Append('\b', _cursor - to) : echo.Append(_line.ToString(_cursor, to - _cursor));
        _cursor = to;
    }

    // Reverse search of the history; false: the key ends it and counts as usual.
    private bool HandleSearch(byte key, StringBuilder echo)
    {
        switch (key)
        {
            case 18:
                _historyAt = Math.Max(0, _historyAt);
                Search(_historyAt - 1);
                ShowSearch(echo);
                return true;
            case 8 or 127:
                _sought = _sought!.Length > 0 ? _sought[..^1] : "";
                Search(history.Count - 1);
                ShowSearch(echo);
                return true;
            case 7 or 3:
                EndSearch(echo, "");
                return key == 7;
            case >= 32 and < 127:
                _sought += (char)key;
                Search(_historyAt < history.Count ? _historyAt : history.Count - 1);
                ShowSearch(echo);
                return true;
            default:
                EndSearch(echo, _line.ToString());
                return false;
        }
    }

    private void Search(int from)
    {
        for (int at = Math.Min(from, history.Count - 1); at >= 0; at--)
        {
            if (_sought!.Length > 0 && history[at].Contains(_sought, StringComparison.Ordinal))
            {
                _historyAt = at;
                _line.Clear().Append(history[at]);
                _cursor = _line.Length;
                return;
            }
        }
    }

    private void ShowSearch(StringBuilder echo) => echo.Append("\r\x1b[K(reverse-i-search)`").Append(_sought).Append("': ").Append(_line);

    private void EndSearch(StringBuilder echo, string line)
    {
        _sought = null;
        Set(line);
        echo.Append("\r\x1b[K");
        ClearsScreen = false;
        EndsSearch = true;
    }

    /// <summary>A search ended: the prompt and the line are to be written again.</summary>
    public bool EndsSearch { get; set; }

    private void HandleEscape(char key, StringBuilder echo)
    {
        _escape.Append(key);
        if (_escape.Length == 2 && key is '[' or 'O')
        {
            return;
        }

        if (_escape.Length > 2 && key is >= '0' and <= '9' or ';' or '?' && _escape.Length < 16)
        {
            return;
        }

        string sequence = _escape.ToString(1, _escape.Length - 1);
        _escape.Clear();
        switch (sequence)
        {
            case "[A" or "OA":
                Recall(-1, echo);
                break;
            case "[B" or "OB":
                Recall(1, echo);
                break;
            case "[C" or "OC":
                Move(1, echo);
                break;
            case "[D" or "OD":
                Move(-1, echo);
                break;
            case "[H" or "OH" or "[1~":
                echo.Append('\b', _cursor);
                _cursor = 0;
                break;
            case "[F" or "OF" or "[4~":
                echo.Append(_line.ToString(_cursor, _line.Length - _cursor));
                _cursor = _line.Length;
                break;
            case "[3~":
                Delete(echo);
                break;
            case "[200~":
                _isPasting = true;
                break;
            case "[201~":
                _isPasting = false;
                break;
            case "b" or "[1;5D" or "[1;3D":
                MoveTo(LineWords.Before(_line, _cursor), echo);
                break;
            case "f" or "[1;5C" or "[1;3C":
                MoveTo(LineWords.After(_line, _cursor), echo);
                break;
            case "d":
                KillBetween(_cursor, LineWords.After(_line, _cursor), echo);
                break;
            case "\x7f" or "\b":
                KillBetween(LineWords.Before(_line, _cursor), _cursor, echo);
                break;
            case "u" or "l" or "c":
                int end = LineWords.After(_line, _cursor);
                Replace(_line.ToString(0, _cursor) + LineWords.WithCase(_line.ToString(_cursor, end - _cursor), sequence[0]) + _line.ToString(end, _line.Length - end), end, echo);
                break;
            case "." or "_" when history.Count > 0:
                Insert(history[^1].Split(' ')[^1], echo);
                break;
            case "<":
                Recall(-history.Count, echo);
                break;
            case ">":
                Recall(history.Count, echo);
                break;
        }
    }
}
