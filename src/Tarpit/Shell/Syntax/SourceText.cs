namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Shell text and the position that is read next.</summary>
internal sealed class SourceText(string text)
{
    private const int Deepest = 200;

    private int _depth;

    public string Text => text;

    /// <summary>Index of the next character; equal to the length at the end.</summary>
    public int Position { get; set; }

    public bool IsAtEnd => Position >= text.Length;

    /// <summary>A character at or behind the position; NUL beyond the end.</summary>
    public char Peek(int ahead = 0) => Position + ahead < text.Length ? text[Position + ahead] : '\0';

    /// <summary>Reads one character if it is the expected one.</summary>
    public bool TryRead(char expected)
    {
        if (IsAtEnd || text[Position] != expected)
        {
            return false;
        }

        Position++;
        return true;
    }

    /// <summary>The unquoted word at the position, without reading it: to recognise reserved words. Null: there is none.</summary>
    public string? PeekWord()
    {
        int end = Position;
        while (end < text.Length && !EndsWord(text[end]))
        {
            end++;
        }

        return end == Position ? null : text[Position..end];
    }

    /// <summary>Skips blanks, line continuations and a comment.</summary>
    public void SkipBlanks()
    {
        while (!IsAtEnd)
        {
            if (Peek() is ' ' or '\t' or '\r')
            {
                Position++;
            }
            else if (Peek() == '\\' && Peek(1) == '\n')
            {
                Position += 2;
            }
            else if (Peek() == '#' && (Position == 0 || text[Position - 1] is ' ' or '\t' or '\n' or ';' or '&' or '|' or '(' or ')'))
            {
                while (!IsAtEnd && Peek() != '\n')
                {
                    Position++;
                }
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Begins a nested construct.</summary>
    /// <exception cref="SyntaxException">There are too many within one another.</exception>
    public void EnterNesting()
    {
        if (++_depth > Deepest)
        {
            throw new SyntaxException("maximum nesting level exceeded");
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

        string token = PeekWord() ?? (Peek() == '\n' ? "newline" : Peek() is '&' or '|' or ';' && Peek(1) == Peek() ? text.Substring(Position, 2) : Peek().ToString());
        return new SyntaxException($"syntax error near unexpected token `{token}'");
    }

    public static SyntaxException UnexpectedEnd() => new("syntax error: unexpected end of file", isIncomplete: true);

    /// <summary>Whether a character ends an unquoted word.</summary>
    public static bool EndsWord(char c) => c is ' ' or '\t' or '\n' or '\r' or ';' or '&' or '|' or '(' or ')' or '<' or '>';
}
