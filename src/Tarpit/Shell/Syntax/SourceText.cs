namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Shell text and the position that is read next.</summary>
internal sealed class SourceText
{
    private const int Deepest = 200;

    private const int MostAliases = 200;
    private const int LongestAliased = 1 << 20;
    private const int MostJoins = 1000;

    private readonly int _firstLine;
    private readonly List<(string Name, int End)> _aliased = [];
    private string _text;
    private int _aliases;
    private int _joins;
    private int _checksAt = -1;
    private int _depth;
    private int _counted;
    private int _line;

    public SourceText(string text, int firstLine = 1)
    {
        _text = text;
        (_firstLine, _line) = (firstLine, firstLine);
    }

    public string Text => _text;

    /// <summary>It is read as dash reads it: no functions by keyword, no arrays, no here-strings.</summary>
    public bool IsDash { get; set; }

    /// <summary>The text that an alias stands for; null: there are no aliases.</summary>
    public Func<string, string?>? Aliases { get; set; }

    /// <summary>Index of the next character; the length at the end, and no more.</summary>
    public int Position { get; set => field = Math.Min(value, _text.Length); }

    public bool IsAtEnd => Position >= _text.Length;

    /// <summary>The line of the position.</summary>
    public int Line
    {
        get
        {
            int at = Math.Min(Position, _text.Length);
            _line += at >= _counted ? _text.AsSpan(_counted, at - _counted).Count('\n') : -_text.AsSpan(at, _counted - at).Count('\n');
            _counted = at;
            return _line;
        }
    }

    /// <summary>A character at or behind the position; NUL beyond the end.</summary>
    public char Peek(int ahead = 0) => Position + ahead < _text.Length ? _text[Position + ahead] : '\0';

    /// <summary>Whether a text is next.</summary>
    public bool IsAt(string expected) => string.CompareOrdinal(_text, Position, expected, 0, expected.Length) == 0;

    /// <summary>Reads one character if it is the expected one.</summary>
    public bool TryRead(char expected)
    {
        if (IsAtEnd || _text[Position] != expected)
        {
            return false;
        }

        Position++;
        return true;
    }

    /// <summary>Reads a text if it is next.</summary>
    public bool TryRead(string expected)
    {
        if (!IsAt(expected))
        {
            return false;
        }

        Position += expected.Length;
        return true;
    }

    /// <summary>The unquoted word at the position, without reading it: to recognise reserved words. Null: there is none.</summary>
    public string? PeekWord()
    {
        int end = Position;
        while (end < _text.Length && !EndsWord(_text[end]))
        {
            end++;
        }

        return end == Position ? null : _text[Position..end];
    }

    /// <summary>Skips blanks, line continuations and a comment.</summary>
    public void SkipBlanks()
    {
        while (!IsAtEnd)
        {
            if (Peek() is ' ' or '\t')
            {
                Position++;
            }
            else if (Peek() == '\r' && Peek(1) is '\n' or '\0')
            {
                // Lines of peers that send both.
                Position++;
            }
            else if (Peek() == '\\' && Peek(1) == '\n')
            {
                Position += 2;
            }
            else if (Peek() == '#' && (Position == 0 || _text[Position - 1] is ' ' or '\t' or '\n' or ';' or '&' or '|' or '(' or ')'))
            {
                while (!IsAtEnd && Peek() != '\n')
                {
                    Position++;
                }
            }
            else
            {
                break;
            }
        }

        JoinLines();
        if (_checksAt >= 0 && Position >= _checksAt)
        {
            // The alias before ended with a blank.
            _checksAt = -1;
            ReplaceAlias();
        }
    }

    /// <summary>Takes line continuations out of the token at the position, as far as nothing in it is quoted.</summary>
    public void JoinLines()
    {
        int end = Position;
        bool continues = false;
        bool isOperator = EndsWord(Peek());
        for (; end < _text.Length && _text[end] is not (' ' or '\t' or '\n' or '\'' or '"' or '`') && (_text[end] == '\\' || EndsWord(_text[end]) == isOperator); end++)
        {
            if (_text[end] == '\\')
            {
                if (end + 1 >= _text.Length || _text[end + 1] != '\n')
                {
                    break;
                }

                continues = true;
                end++;
            }
        }

        if (!continues || ++_joins > MostJoins)
        {
            return;
        }

        // The lines that are gone are counted where the token begins.
        _ = Line;
        string token = _text[Position..end], joined = token.Replace("\\\n", "", StringComparison.Ordinal);
        _line += (token.Length - joined.Length) / 2;
        _text = string.Concat(_text.AsSpan(0, Position), joined, _text.AsSpan(end));
    }

    /// <summary>Puts the text of an alias in the place of its name at the position, again and again.</summary>
    public void ReplaceAlias()
    {
        while (Aliases is not null && PeekWord() is { } word && Aliases(word) is { } text && _aliases < MostAliases && _text.Length < LongestAliased)
        {
            _aliased.RemoveAll(alias => alias.End <= Position);
            if (_aliased.Exists(alias => string.Equals(alias.Name, word, StringComparison.Ordinal)))
            {
                // It is not replaced within itself.
                return;
            }

            _aliases++;
            _text = string.Concat(_text.AsSpan(0, Position), text, _text.AsSpan(Position + word.Length));
            for (int i = 0; i < _aliased.Count; i++)
            {
                _aliased[i] = (_aliased[i].Name, _aliased[i].End + text.Length - word.Length);
            }

            _aliased.Add((word, Position + text.Length));
            _checksAt = text is [.., ' ' or '\t'] ? Position + text.Length : -1;
            SkipBlanks();
        }
    }

    /// <summary>Begins a nested construct.</summary>
    /// <exception cref="SyntaxException">There are too many within one another.</exception>
    public void EnterNesting()
    {
        if (++_depth > Deepest)
        {
            throw new SyntaxException("maximum nesting level exceeded", Line);
        }
    }

    public void LeaveNesting() => _depth--;

    /// <summary>The error for the token at the position.</summary>
    public SyntaxException Unexpected()
    {
        if (IsAtEnd)
        {
            return UnexpectedEnd();
        }

        string[] operators = [";;&", "<<<", "<<-", ";;", ";&", "&&", "||", "|&", "&>", ">>", "<<", "<&", ">&", "<>", ">|"];
        string token = PeekWord() ?? (Peek() == '\n' ? "newline" : Array.Find(operators, IsAt) ?? Peek().ToString());
        return new SyntaxException($"syntax error near unexpected token `{token}'", Line, showsLine: true);
    }

    public SyntaxException UnexpectedEnd() => new("syntax error: unexpected end of file", _firstLine + _text.AsSpan().TrimEnd('\n').Count('\n') + 1, isIncomplete: true);

    /// <summary>The error for a quote or bracket without its end.</summary>
    public static SyntaxException Unmatched(char quote, int line) => new($"unexpected EOF while looking for matching `{quote}'", line, isIncomplete: true);

    /// <summary>A line of the _text.</summary>
    public string LineText(int line)
    {
        string[] lines = _text.Split('\n');
        return line - _firstLine >= 0 && line - _firstLine < lines.Length ? lines[line - _firstLine] : "";
    }

    /// <summary>Whether a character ends an unquoted word.</summary>
    public static bool EndsWord(char c) => c is ' ' or '\t' or '\n' or ';' or '&' or '|' or '(' or ')' or '<' or '>';
}
