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

    /// <summary>What ended the line.</summary>
    public enum Result
    {
        None,
        Line,
        Interrupted,
        EndOfInput,
    }

    public string Line => _line.ToString();

    /// <summary>The text that a shell completes for a tab: the word before the cursor; set while the key was a tab.</summary>
    public string? Completes { get; private set; }

    /// <summary>Handles one byte; what the terminal shows is appended.</summary>
    public Result HandleKey(byte key, StringBuilder echo)
    {
        Completes = null;
        if (_escape.Length > 0)
        {
            HandleEscape((char)key, echo);
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
                echo.Append("\x1b[K");
                _line.Length = _cursor;
                break;
            case 21:
                Replace(_line.ToString(_cursor, _line.Length - _cursor), 0, echo);
                break;
            case 23:
                int start = _cursor;
                while (start > 0 && _line[start - 1] == ' ')
                {
                    start--;
                }

                while (start > 0 && _line[start - 1] != ' ')
                {
                    start--;
                }

                Replace(_line.ToString(0, start) + _line.ToString(_cursor, _line.Length - _cursor), start, echo);
                break;
            case 16:
                Recall(-1, echo);
                break;
            case 14:
                Recall(1, echo);
                break;
            case 9:
                Completes = _line.ToString(0, _cursor).Split(' ')[^1];
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
    }

    private void Insert(char c, StringBuilder echo)
    {
        if (_line.Length >= LongestLine)
        {
            echo.Append('\a');
            return;
        }

        _line.Insert(_cursor++, c);
        echo.Append(_line.ToString(_cursor - 1, _line.Length - _cursor + 1)).Append('\b', _line.Length - _cursor);
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
        }
    }
}
