using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Screen;

/// <summary>vi as far as people use it on a server: moving, inserting, deleting, yanking, undoing, searching, substituting, writing.</summary>
internal sealed class ViEditor(Invocation invocation, ScreenKeys keys)
{
    private const int MostLines = 100_000;
    private const int MostUndo = 50;

    private readonly List<string[]> _undo = [];
    private List<string> _lines = [""];
    private string[] _register = [];
    private string _path = "", _message = "", _search = "";
    private int _row, _column, _top, _count;
    private char _pending;
    private bool _isInserting, _isChanged;

    public async ValueTask<int> RunAsync(string path, int line)
    {
        _path = path;
        Load();
        _row = Math.Clamp(line - 1, 0, _lines.Count - 1);
        await keys.WriteAsync("\x1b[?1049h\x1b[?25h");
        await DrawAsync();
        while (await keys.ReadAsync() is { } key)
        {
            _message = _isInserting ? _message : "";
            if (_isInserting ? Insert(key) : await CommandAsync(key))
            {
                break;
            }

            await DrawAsync();
        }

        await keys.WriteAsync("\x1b[?1049l");
        return 0;
    }

    private string Line
    {
        get => _lines[_row];
        set
        {
            _lines[_row] = value;
            _isChanged = true;
        }
    }

    private void Load()
    {
        FileError error = invocation.Read(_path, out byte[] content);
        if (error == FileError.None)
        {
            string text = Encoding.Latin1.GetString(content);
            _lines = [.. text.TrimEnd('\n').Split('\n').Take(MostLines)];
            _message = string.Create(CultureInfo.InvariantCulture, $"\"{_path}\" {_lines.Count}L, {content.Length}B");
        }
        else
        {
            _message = _path.Length == 0 ? "" : error == FileError.NotFound ? $"\"{_path}\" [New]" : $"\"{_path}\" [{error.Text()}]";
        }
    }

    private void Remember()
    {
        _undo.Add([.. _lines]);
        if (_undo.Count > MostUndo)
        {
            _undo.RemoveAt(0);
        }
    }

    private bool Insert(int key)
    {
        switch (key)
        {
            case ScreenKeys.Escape or 3:
                _isInserting = false;
                _message = "";
                _column = Math.Max(0, _column - 1);
                break;
            case '\r' or '\n':
                _lines.Insert(_row + 1, Line[_column..]);
                Line = Line[.._column];
                (_row, _column) = (_row + 1, 0);
                break;
            case 8 or 127:
                if (_column > 0)
                {
                    Line = Line.Remove(--_column, 1);
                }
                else if (_row > 0)
                {
                    _column = _lines[_row - 1].Length;
                    _lines[_row - 1] += Line;
                    _lines.RemoveAt(_row--);
                }

                break;
            case '\t' or (>= 32 and < 256):
                Line = Line.Insert(_column++, ((char)key).ToString());
                break;
            default:
                Move(key);
                break;
        }

        return false;
    }

    private bool Move(int key)
    {
        int times = Math.Max(1, _count);
        (int row, int column) = key switch
        {
            'h' or ScreenKeys.Left or 8 or 127 => (_row, _column - times),
            'l' or ScreenKeys.Right or ' ' => (_row, _column + times),
            'j' or ScreenKeys.Down or '\r' or '\n' or '+' => (_row + times, _column),
            'k' or ScreenKeys.Up or '-' => (_row - times, _column),
            '0' or ScreenKeys.Home => (_row, 0),
            '^' => (_row, Line.Length - Line.TrimStart().Length),
            '$' or ScreenKeys.End => (_row, int.MaxValue),
            'G' => (_count > 0 ? _count - 1 : _lines.Count - 1, 0),
            'w' => (_row, ViText.NextWord(Line, _column, times)),
            'b' => (_row, ViText.PreviousWord(Line, _column, times)),
            6 or ScreenKeys.PageDown => (_row + keys.Size.Rows - 2, _column),
            2 or ScreenKeys.PageUp => (_row - keys.Size.Rows + 2, _column),
            4 => (_row + (keys.Size.Rows / 2), _column),
            21 => (_row - (keys.Size.Rows / 2), _column),
            _ => (-1, -1),
        };
        if ((row, column) == (-1, -1))
        {
            return false;
        }

        _row = Math.Clamp(row, 0, _lines.Count - 1);
        _column = Math.Clamp(column, 0, Math.Max(0, Line.Length - (_isInserting ? 0 : 1)));
        _count = 0;
        return true;
    }

    // True: the editor ends.
    private async ValueTask<bool> CommandAsync(int key)
    {
        if (key is >= '1' and <= '9' || (key == '0' && _count > 0))
        {
            _count = Math.Min((_count * 10) + key - '0', 100_000);
            return false;
        }

        if (_pending != default)
        {
            Operate(key);
            return false;
        }

        if (Move(key))
        {
            return false;
        }

        switch (key)
        {
            case ':':
                return await ExAsync(await ScreenPrompt.ReadAsync(keys, ":") ?? "");
            case '/' or '?':
                _search = await ScreenPrompt.ReadAsync(keys, ((char)key).ToString()) is { Length: > 0 } sought ? sought : _search;
                Find(1);
                break;
            case 'n':
                Find(1);
                break;
            case 'N':
                Find(-1);
                break;
            case 'u':
                if (_undo.Count > 0)
                {
                    _lines = [.. _undo[^1]];
                    _undo.RemoveAt(_undo.Count - 1);
                    Move('h');
                }

                break;
            case 'd' or 'y' or 'c' or 'g' or 'Z' or 'r':
                _pending = (char)key;
                return false;
            default:
                Edit(key);
                break;
        }

        _count = 0;
        return false;
    }

    private void Edit(int key)
    {
        if ("iaIAoOxXpPDCsJ".Contains((char)key, StringComparison.Ordinal) && key < 128)
        {
            Remember();
        }

        int times = Math.Max(1, _count);
        switch (key)
        {
            case 'i' or 'a' or 'I' or 'A':
                _column = key switch { 'a' => Math.Min(Line.Length, _column + 1), 'I' => 0, 'A' => Line.Length, _ => _column };
                BeginInsert();
                break;
            case 'o' or 'O':
                _row += key == 'o' ? 1 : 0;
                _lines.Insert(_row, "");
                _column = 0;
                _isChanged = true;
                BeginInsert();
                break;
            case 'x' or ScreenKeys.Delete when Line.Length > 0:
                Line = Line.Remove(_column, Math.Min(times, Line.Length - _column));
                Move('l');
                break;
            case 'X' when _column > 0:
                Line = Line.Remove(--_column, 1);
                break;
            case 'D' or 'C':
                Line = Line[.._column];
                _ = key == 'C' ? BeginInsert() : Move('h');
                break;
            case 's':
                Line = Line.Length > 0 ? Line.Remove(_column, 1) : Line;
                BeginInsert();
                break;
            case 'J' when _row + 1 < _lines.Count:
                Line = $"{Line} {_lines[_row + 1].TrimStart()}";
                _lines.RemoveAt(_row + 1);
                break;
            case 'p' or 'P' when _lines.Count + _register.Length <= MostLines:
                _lines.InsertRange(_row + (key == 'p' ? 1 : 0), _register);
                _row += key == 'p' && _register.Length > 0 ? 1 : 0;
                _isChanged = true;
                break;
        }
    }

    private bool BeginInsert()
    {
        (_isInserting, _message) = (true, "-- INSERT --");
        return true;
    }

    private void Operate(int key)
    {
        int times = Math.Max(1, _count);
        char pending = _pending;
        (_pending, _count) = (default, 0);
        switch (pending, key)
        {
            case ('d', 'd') or ('y', 'y') or ('c', 'c'):
                times = Math.Min(times, _lines.Count - _row);
                _register = [.. _lines.GetRange(_row, times)];
                if (pending == 'y')
                {
                    break;
                }

                Remember();
                _lines.RemoveRange(_row, times);
                _lines.Insert(Math.Min(_row, _lines.Count), "");
                if (pending == 'd' && _lines.Count > 1)
                {
                    _lines.RemoveAt(_row);
                }

                _row = Math.Clamp(_row, 0, _lines.Count - 1);
                (_column, _isChanged) = (0, true);
                _ = pending == 'c' && BeginInsert();
                break;
            case ('d' or 'c', 'w' or 'e' or '$'):
                Remember();
                int end = key == '$' ? Line.Length : ViText.NextWord(Line, _column, times);
                Line = Line.Remove(_column, Math.Max(0, Math.Min(end, Line.Length) - _column));
                _ = pending == 'c' && BeginInsert();
                break;
            case ('d', 'G'):
                Remember();
                _lines.RemoveRange(_row, _lines.Count - _row);
                _lines = _lines.Count == 0 ? [""] : _lines;
                (_row, _isChanged) = (Math.Clamp(_row, 0, _lines.Count - 1), true);
                break;
            case ('g', 'g'):
                (_row, _column) = (0, 0);
                break;
            case ('r', >= 32 and < 256) when Line.Length > 0:
                Remember();
                Line = Line[.._column] + (char)key + Line[(_column + 1)..];
                break;
        }
    }

    private void Find(int direction)
    {
        for (int n = 1; n <= _lines.Count && _search.Length > 0; n++)
        {
            int row = (((_row + (n * direction)) % _lines.Count) + _lines.Count) % _lines.Count;
            if (_lines[row].IndexOf(_search, StringComparison.Ordinal) is var at and >= 0)
            {
                (_row, _column) = (row, at);
                return;
            }
        }

        _message = $"E486: Pattern not found: {_search}";
    }

    private async ValueTask<bool> ExAsync(string command)
    {
        string[] parts = command.Trim().Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
        string verb = parts.FirstOrDefault("");
        string? name = parts.Length > 1 ? parts[1] : null;
        switch (verb)
        {
            case "w" or "w!" or "wq" or "wq!" or "x" or "x!":
                bool isWritten = Write(name ?? _path);
                return isWritten && verb[0] == 'x' || (isWritten && verb.Contains('q', StringComparison.Ordinal));
            case "q" or "quit":
                _message = _isChanged ? "E37: No write since last change (add ! to override)" : "";
                return !_isChanged;
            case "q!" or "qa!" or "cq":
                return true;
            case "e" or "e!" when name is not null:
                _path = name;
                Load();
                break;
            case "set" or "syntax" or "noh" or "":
                break;
            case ['!', ..]:
                await keys.WriteAsync("\x1b[?1049l");
                await invocation.Interpreter.CallAsync(["bash", "-c", command.Trim()[1..]], invocation.Streams, invocation.Cancellation);
                await keys.WriteAsync("\nPress ENTER or type command to continue");
                _ = await keys.ReadAsync();
                await keys.WriteAsync("\x1b[?1049h");
                break;
            default:
                if (int.TryParse(verb, CultureInfo.InvariantCulture, out int line))
                {
                    _row = Math.Clamp(line - 1, 0, _lines.Count - 1);
                }
                else if (!TrySubstitute(command.Trim()))
                {
                    _message = verb is "$" ? "" : $"E492: Not an editor command: {command.Trim()}";
                    _row = verb is "$" ? _lines.Count - 1 : _row;
                }

                break;
        }

        return false;
    }

    private bool TrySubstitute(string command)
    {
        string[] before = [.. _lines];
        if (!ViText.TrySubstitute(_lines, _row, command))
        {
            return false;
        }

        _undo.Add(before);
        _isChanged = true;
        return true;
    }

    private bool Write(string name)
    {
        if (name.Length == 0)
        {
            _message = "E32: No file name";
            return false;
        }

        (_message, bool isWritten) = EditedFile.Save(invocation, name, string.Join('\n', _lines) + "\n", "vi");
        _isChanged &= !isWritten;
        _path = _path.Length == 0 ? name : _path;
        return isWritten;
    }

    private async ValueTask DrawAsync()
    {
        int height = keys.Size.Rows - 1;
        _top = _row < _top ? _row : _row >= _top + height ? _row - height + 1 : _top;
        await keys.WriteAsync(ViText.Screen(_lines, _top, _row, _column, _message, keys.Size));
    }
}
