using System.Globalization;
using System.Text;

namespace Blackwall.Tui.Sessions;

/// <summary>
/// What a terminal would show of a program's output: a screen of characters without colours, and the rows that scrolled off it. It understands the
/// sequences that shells and common programs use (ECMA-48: cursor, erase, scroll; private modes and titles are skipped). Nothing of what comes in
/// reaches the operator's terminal but characters that can be printed.
/// </summary>
internal sealed class TerminalScreen
{
    private const int MostColumns = 500;
    private const int MostRows = 200;
    private const int MostHistory = 2000;
    private const int LongestSequence = 64;
    private const int TabWidth = 8;

    private readonly List<string> _history = [];
    private readonly StringBuilder _sequence = new();
    private readonly char[][] _cells;
    private readonly int _columns;
    private Mode _mode;
    private int _row;
    private int _column;
    private (int Row, int Column) _saved;
    private bool _isAtEdge;

    public TerminalScreen(int columns, int rows)
    {
        _columns = Math.Clamp(columns, 1, MostColumns);
        _cells = [.. Enumerable.Range(0, Math.Clamp(rows, 1, MostRows)).Select(_ => EmptyRow())];
    }

    private enum Mode
    {
        Text,
        Escape,
        Sequence,
        Title,
        TitleEscape,
        Skip,
    }

    /// <summary>Rows from the oldest that is kept to the last with text, without blanks at their ends.</summary>
    public IReadOnlyList<string> Rows
    {
        get
        {
            List<string> rows = [.. _history, .. _cells.Select(row => new string(row).TrimEnd())];
            int last = Math.Max(_history.Count + _row, rows.FindLastIndex(row => row.Length > 0));
            return rows[..(last + 1)];
        }
    }

    public void Write(string output)
    {
        foreach (char c in output)
        {
            Write(c);
        }
    }

    private void Write(char c)
    {
        switch (_mode)
        {
            case Mode.Text:
                WriteText(c);
                break;
            case Mode.Escape:
                WriteEscape(c);
                break;
            case Mode.Sequence when c is >= '@' and <= '~':
                _mode = Mode.Text;
                Run(c, _sequence.ToString());
                break;
            case Mode.Sequence when _sequence.Length < LongestSequence:
                _sequence.Append(c);
                break;
            case Mode.Title:
                _mode = c == '\a' ? Mode.Text : c == '\x1b' ? Mode.TitleEscape : Mode.Title;
                break;
            case Mode.TitleEscape:
                _mode = c == '\\' ? Mode.Text : Mode.Title;
                break;
            case Mode.Skip:
                _mode = Mode.Text;
                break;
        }
    }

    private void WriteText(char c)
    {
        switch (c)
        {
            case '\x1b':
                _mode = Mode.Escape;
                break;
            case '\r':
                MoveTo(_row, 0);
                break;
            case '\n' or '\v' or '\f':
                NextRow();
                break;
            case '\b':
                MoveTo(_row, _column - 1);
                break;
            case '\t':
                MoveTo(_row, ((_column / TabWidth) + 1) * TabWidth);
                break;
            default:
                Print(c);
                break;
        }
    }

    private void Print(char c)
    {
        switch (char.GetUnicodeCategory(c))
        {
            case UnicodeCategory.Control or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark:
                return;
            case UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                c = '?';
                break;
        }

        if (_isAtEdge)
        {
            NextRow();
            MoveTo(_row, 0);
        }

        _cells[_row][_column] = c;
        _isAtEdge = _column == _columns - 1;
        _column = Math.Min(_column + 1, _columns - 1);
    }

    private void WriteEscape(char c)
    {
        _mode = Mode.Text;
        switch (c)
        {
            case '[':
                _sequence.Clear();
                _mode = Mode.Sequence;
                break;
            case ']' or 'P' or '_' or '^':
                _mode = Mode.Title;
                break;
            case '(' or ')' or '#' or '%':
                _mode = Mode.Skip;
                break;
            case '7':
                _saved = (_row, _column);
                break;
            case '8':
                MoveTo(_saved.Row, _saved.Column);
                break;
            case 'M':
                MoveTo(_row - 1, _column);
                break;
            case 'c':
                Erase(0, _cells.Length);
                MoveTo(0, 0);
                break;
        }
    }

    private void Run(char final, string parameters)
    {
        int[] numbers = [.. parameters.Split(';').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? Math.Min(number, MostColumns) : 0)];
        int first = numbers[0], count = Math.Max(1, first), second = numbers.Length > 1 ? numbers[1] : 0;
        switch (final)
        {
            case 'A':
                MoveTo(_row - count, _column);
                break;
            case 'B':
                MoveTo(_row + count, _column);
                break;
            case 'C':
                MoveTo(_row, _column + count);
                break;
            case 'D':
                MoveTo(_row, _column - count);
                break;
            case 'G':
                MoveTo(_row, count - 1);
                break;
            case 'd':
                MoveTo(count - 1, _column);
                break;
            case 'H' or 'f':
                MoveTo(count - 1, Math.Max(1, second) - 1);
                break;
            case 'J':
                EraseScreen(first);
                break;
            case 'K':
                EraseRow(first);
                break;
            case 'P':
                Shift(_column, count);
                break;
            case 's':
                _saved = (_row, _column);
                break;
            case 'u':
                MoveTo(_saved.Row, _saved.Column);
                break;
        }
    }

    private void EraseScreen(int what)
    {
        switch (what)
        {
            case 0:
                EraseRow(0);
                Erase(_row + 1, _cells.Length);
                break;
            case 1:
                EraseRow(1);
                Erase(0, _row);
                break;
            default:
                Erase(0, _cells.Length);
                break;
        }
    }

    private void EraseRow(int what)
    {
        int from = what == 0 ? _column : 0, to = what == 1 ? _column + 1 : _columns;
        _cells[_row].AsSpan(from, to - from).Fill(' ');
    }

    private void Erase(int from, int to)
    {
        for (int row = from; row < to; row++)
        {
            _cells[row].AsSpan().Fill(' ');
        }
    }

    private void Shift(int at, int count)
    {
        Span<char> rest = _cells[_row].AsSpan(at);
        count = Math.Min(count, rest.Length);
        rest[count..].CopyTo(rest);
        rest[^count..].Fill(' ');
    }

    private void MoveTo(int row, int column)
    {
        (_row, _column) = (Math.Clamp(row, 0, _cells.Length - 1), Math.Clamp(column, 0, _columns - 1));
        _isAtEdge = false;
    }

    private void NextRow()
    {
        _isAtEdge = false;
        if (_row < _cells.Length - 1)
        {
            _row++;
            return;
        }

        if (_history.Count == MostHistory)
        {
            _history.RemoveAt(0);
        }

        _history.Add(new string(_cells[0]).TrimEnd());
        char[] first = _cells[0];
        Array.Copy(_cells, 1, _cells, 0, _cells.Length - 1);
        first.AsSpan().Fill(' ');
        _cells[^1] = first;
    }

    private char[] EmptyRow()
    {
        char[] row = new char[_columns];
        row.AsSpan().Fill(' ');
        return row;
    }
}
