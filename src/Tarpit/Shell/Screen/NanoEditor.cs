using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Screen;

/// <summary>nano: type, ^O writes, ^X leaves, ^K cuts, ^U pastes, ^W searches.</summary>
internal sealed class NanoEditor(Invocation invocation, ScreenKeys keys)
{
    private const int MostLines = 100_000;

    private readonly List<string> _cut = [];
    private List<string> _lines = [""];
    private string _path = "", _message = "";
    private int _row, _column, _top;
    private bool _isChanged;

    public async ValueTask<int> RunAsync(string path)
    {
        _path = path;
        FileError error = path.Length == 0 ? FileError.NotFound : invocation.Read(path, out byte[] content) is var read && read == FileError.None ? Load(content) : read;
        _message = error == FileError.None ? $"[ Read {_lines.Count} lines ]" : error == FileError.NotFound ? "[ New File ]" : $"[ Error reading {path}: {error.Text()} ]";
        await keys.WriteAsync("\x1b[?1049h");
        await DrawAsync();
        while (await keys.ReadAsync() is { } key)
        {
            _message = "";
            if (await HandleAsync(key))
            {
                break;
            }

            await DrawAsync();
        }

        await keys.WriteAsync("\x1b[?1049l");
        return 0;
    }

    private FileError Load(byte[] content)
    {
        _lines = [.. Encoding.Latin1.GetString(content).TrimEnd('\n').Split('\n').Take(MostLines)];
        return FileError.None;
    }

    // True: the editor ends.
    private async ValueTask<bool> HandleAsync(int key)
    {
        string line = _lines[_row];
        switch (key)
        {
            case 24:
                return !_isChanged || await LeaveAsync();
            case 15 or 19:
                await WriteAsync();
                break;
            case 11:
                _cut.Add(line);
                _lines.RemoveAt(_row);
                _lines = _lines.Count == 0 ? [""] : _lines;
                (_row, _column, _isChanged) = (Math.Min(_row, _lines.Count - 1), 0, true);
                break;
            case 21:
                _lines.InsertRange(_row, _cut);
                (_row, _isChanged) = (_row + _cut.Count, true);
                _cut.Clear();
                break;
            case 23:
                string sought = await AskAsync("Search: ") ?? "";
                int found = sought.Length == 0 ? -1 : Enumerable.Range(1, _lines.Count).Select(n => (_row + n) % _lines.Count).FirstOrDefault(row => _lines[row].Contains(sought, StringComparison.OrdinalIgnoreCase), -1);
                (_row, _message) = found >= 0 ? (found, "") : (_row, $"[ \"{sought}\" not found ]");
                break;
            case '\r' or '\n':
                _lines[_row] = line[.._column];
                _lines.Insert(++_row, line[_column..]);
                (_column, _isChanged) = (0, true);
                break;
            case 8 or 127:
                if (_column > 0)
                {
                    _lines[_row] = line.Remove(--_column, 1);
                }
                else if (_row > 0)
                {
                    _column = _lines[_row - 1].Length;
                    _lines[_row - 1] += line;
                    _lines.RemoveAt(_row--);
                }

                _isChanged = true;
                break;
            case ScreenKeys.Delete or 4 when _column < line.Length:
                _lines[_row] = line.Remove(_column, 1);
                _isChanged = true;
                break;
            case '\t' or (>= 32 and < 256):
                _lines[_row] = line.Insert(_column++, ((char)key).ToString());
                _isChanged = true;
                break;
            case ScreenKeys.Up or 16:
                _row--;
                break;
            case ScreenKeys.Down or 14:
                _row++;
                break;
            case ScreenKeys.Left or 2:
                _column--;
                break;
            case ScreenKeys.Right or 6:
                _column++;
                break;
            case ScreenKeys.Home or 1:
                _column = 0;
                break;
            case ScreenKeys.End or 5:
                _column = line.Length;
                break;
            case ScreenKeys.PageDown or 22:
                _row += keys.Size.Rows - 4;
                break;
            case ScreenKeys.PageUp or 25:
                _row -= keys.Size.Rows - 4;
                break;
        }

        _row = Math.Clamp(_row, 0, _lines.Count - 1);
        _column = Math.Clamp(_column, 0, _lines[_row].Length);
        return false;
    }

    private async ValueTask<bool> LeaveAsync()
    {
        while (true)
        {
            await BottomAsync("Save modified buffer? (Y/N, ^C cancels) ");
            switch (await keys.ReadAsync())
            {
                case 'y' or 'Y':
                    return await WriteAsync();
                case 'n' or 'N' or null:
                    return true;
                case 3 or ScreenKeys.Escape:
                    return false;
            }
        }
    }

    private async ValueTask<bool> WriteAsync()
    {
        if (await AskAsync("File Name to Write: ", _path) is not { Length: > 0 } name)
        {
            _message = "[ Cancelled ]";
            return false;
        }

        string text = string.Join('\n', _lines) + "\n";
        (_, bool isWritten) = EditedFile.Save(invocation, name, text, "nano");
        _message = isWritten ? string.Create(CultureInfo.InvariantCulture, $"[ Wrote {_lines.Count} line{(_lines.Count == 1 ? "" : "s")} ]") : $"[ Error writing {name}: Permission denied ]";
        (_path, _isChanged) = (name, _isChanged && !isWritten);
        return isWritten;
    }

    private ValueTask BottomAsync(string text) => keys.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"\x1b[{keys.Size.Rows - 2};1H\x1b[K\x1b[7m{text}\x1b[0m"));

    private async ValueTask<string?> AskAsync(string prompt, string given = "")
    {
        StringBuilder text = new(given);
        while (true)
        {
            await BottomAsync(prompt + text);
            switch (await keys.ReadAsync())
            {
                case null or 3 or ScreenKeys.Escape:
                    return null;
                case '\r' or '\n':
                    return text.ToString();
                case 8 or 127 when text.Length > 0:
                    text.Length--;
                    break;
                case >= 32 and < 256 and var key when key != 127 && text.Length < 1000:
                    text.Append((char)key);
                    break;
            }
        }
    }

    private async ValueTask DrawAsync()
    {
        (int columns, int rows) = keys.Size;
        int height = rows - 4;
        _top = _row < _top ? _row : _row >= _top + height ? _row - height + 1 : _top;
        string title = $"  GNU nano 7.2  {"",8}{(_path.Length == 0 ? "New Buffer" : _path)}{(_isChanged ? " *" : "")}";
        StringBuilder screen = new($"\x1b[H\x1b[7m{(title.Length > columns ? title[..columns] : title.PadRight(columns))}\x1b[0m\r\n");
        for (int n = 0; n < height; n++)
        {
            string line = _top + n < _lines.Count ? _lines[_top + n].Replace("\t", "        ", StringComparison.Ordinal) : "";
            screen.Append("\x1b[K").Append(line.Length <= columns ? line : line[..(columns - 1)] + ">").Append("\r\n");
        }

        screen.Append("\x1b[K").Append(new string(' ', Math.Max(0, (columns - _message.Length) / 2))).Append(_message.Length == 0 ? "" : $"\x1b[7m{_message}\x1b[0m")
            .Append("\r\n\x1b[K\x1b[7m^G\x1b[0m Help      \x1b[7m^O\x1b[0m Write Out \x1b[7m^W\x1b[0m Where Is  \x1b[7m^K\x1b[0m Cut\r\n\x1b[K\x1b[7m^X\x1b[0m Exit      \x1b[7m^R\x1b[0m Read File \x1b[7m^\\\x1b[0m Replace   \x1b[7m^U\x1b[0m Paste");
        int shown = _lines[_row][.._column].Sum(c => c == '\t' ? 8 : 1);
        screen.Append(CultureInfo.InvariantCulture, $"\x1b[{_row - _top + 2};{Math.Min(columns, shown + 1)}H");
        await keys.WriteAsync(screen.ToString());
    }
}
