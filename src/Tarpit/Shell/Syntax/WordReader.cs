namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Reads words; quotes and substitutions stay in them as they were written.</summary>
internal sealed class WordReader(SourceText source)
{
    /// <summary>The word at the position; null: there is none.</summary>
    public string? Read()
    {
        int start = source.Position;
        while (!source.IsAtEnd && (!SourceText.EndsWord(source.Peek()) || BeginsList(start) || BeginsSubstitution(start)))
        {
            if (source.Peek() is '(')
            {
                SkipSubstitution();
            }
            else if (source.Peek() is '<' or '>')
            {
                source.Position++;
                SkipSubstitution();
            }
            else if (source.Peek() is '[' && IsName(source.Text.AsSpan(start, source.Position - start)))
            {
                SkipSubscript();
            }
            else
            {
                SkipPiece();
            }
        }

        return source.Position == start ? null : source.Text[start..source.Position];
    }

    // name=( ... ): the elements of an array.
    private bool BeginsList(int start) => source.Peek() is '(' && source.Position - start is > 1 and < 256 && source.Text[source.Position - 1] == '='
        && IsName(source.Text.AsSpan(start, source.Position - start - 1).TrimEnd('+'));

    // <( ... ) and >( ... ), as a word of their own.
    private bool BeginsSubstitution(int start) => source.Position == start && source.Peek() is '<' or '>' && source.Peek(1) is '(';

    private static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    // name[ ... ]: blanks may stand in it when it is assigned to; else a bracket is a pattern.
    private void SkipSubscript()
    {
        int close = source.Text.IndexOf(']', source.Position);
        bool isAssigned = close > 0 && close + 1 < source.Text.Length && (source.Text[close + 1] == '=' || (source.Text[close + 1] == '+' && close + 2 < source.Text.Length && source.Text[close + 2] == '='))
            && source.Text.AsSpan(source.Position, close - source.Position).IndexOfAny('\n', '\'', '"') < 0;
        source.Position = isAssigned ? close + 1 : source.Position + 1;
    }

    // One character, or one quoted or substituted piece, of a word.
    private void SkipPiece()
    {
        switch (source.Peek())
        {
            case '\\':
                source.Position = Math.Min(source.Position + 2, source.Text.Length);
                break;
            case '\'':
                SkipBehind('\'', source.Text.IndexOf('\'', source.Position + 1));
                break;
            case '"':
                SkipDoubleQuotes();
                break;
            case '`':
                SkipBehind('`', FindBackquote());
                break;
            case '$' when source.Peek(1) == '\'':
                source.Position++;
                SkipAnsiQuotes();
                break;
            case '$' when source.Peek(1) is '(' or '{':
                source.Position++;
                SkipSubstitution();
                break;
            default:
                source.Position++;
                break;
        }
    }

    private void SkipBehind(char quote, int end)
    {
        if (end < 0)
        {
            throw Unmatched(quote);
        }

        source.Position = end + 1;
    }

    private int FindBackquote()
    {
        for (int at = source.Position + 1; at < source.Text.Length; at++)
        {
            if (source.Text[at] == '\\')
            {
                at++;
            }
            else if (source.Text[at] == '`')
            {
                return at;
            }
        }

        return -1;
    }

    private void SkipAnsiQuotes()
    {
        for (source.Position++; !source.IsAtEnd; source.Position++)
        {
            if (source.Peek() == '\\')
            {
                source.Position++;
            }
            else if (source.Peek() == '\'')
            {
                source.Position++;
                return;
            }
        }

        throw Unmatched('\'');
    }

    private void SkipDoubleQuotes()
    {
        source.Position++;
        while (!source.IsAtEnd && source.Peek() != '"')
        {
            if (source.Peek() is '\\' or '`' || (source.Peek() == '$' && source.Peek(1) is '(' or '{'))
            {
                SkipPiece();
            }
            else
            {
                source.Position++;
            }
        }

        if (!source.TryRead('"'))
        {
            throw Unmatched('"');
        }
    }

    // $( ... ) or ${ ... } with what is nested in it.
    private void SkipSubstitution()
    {
        source.EnterNesting();
        char open = source.Peek(), close = open == '(' ? ')' : '}';
        int depth = 1;
        source.Position++;
        while (!source.IsAtEnd && depth > 0)
        {
            char c = source.Peek();
            if (c is '\'' && open == '{')
            {
                source.Position++;
            }
            else if (c is '\\' or '\'' or '"' or '`' or '$')
            {
                SkipPiece();
            }
            else
            {
                depth += c == open ? 1 : c == close ? -1 : 0;
                source.Position++;
            }
        }

        source.LeaveNesting();
        if (depth > 0)
        {
            throw Unmatched(close);
        }
    }

    private static SyntaxException Unmatched(char quote) => new($"unexpected EOF while looking for matching `{quote}'", isIncomplete: true);
}
