namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Assignments before a command, and as words of declare and its kin.</summary>
internal sealed class AssignmentParser(Lexer lexer)
{
    /// <summary>The assignment at the position; null: there is none, and nothing was read.</summary>
    public Assignment? TryParse(bool takesLists = true)
    {
        SourceText source = lexer.Source;
        int start = source.Position, end = ParameterReader.NameEnd(source.Text, start);
        if (end == start)
        {
            return null;
        }

        string name = source.Text[start..end];
        source.Position = end;
        Word? subscript = null;
        if (source.Peek() == '[')
        {
            subscript = TrySubscript();
            if (subscript is null)
            {
                source.Position = start;
                return null;
            }
        }

        bool appends = source.Peek() == '+' && source.Peek(1) == '=';
        if (!appends && source.Peek() != '=')
        {
            source.Position = start;
            return null;
        }

        source.Position += appends ? 2 : 1;
        if (source.Peek() == '(' && takesLists)
        {
            IReadOnlyList<ArrayElement> elements = ParseElements();
            return new Assignment(name, subscript, appends, Word.Empty, elements, new Word(source.Text[start..source.Position], []));
        }

        int at = source.Position;
        Word value = lexer.ReadWord() ?? Word.Empty;
        string head = source.Text[start..at];
        return new Assignment(name, subscript, appends, value, null, new Word(head + value.Text, [new LiteralPart(head, IsQuoted: false), .. value.Parts]));
    }

    // A bracket that no "=" follows is a pattern.
    private Word? TrySubscript()
    {
        SourceText source = lexer.Source;
        try
        {
            Word subscript = new ParameterReader(source, lexer.Words).ReadSubscript();
            return source.Text[source.Position - 1] == ']' && (source.Peek() == '=' || source.IsAt("+=")) && !subscript.Text.Contains('\n', StringComparison.Ordinal) ? subscript : null;
        }
        catch (SyntaxException)
        {
            return null;
        }
    }

    private List<ArrayElement> ParseElements()
    {
        SourceText source = lexer.Source;
        int line = source.Line;
        if (source.IsDash)
        {
            throw source.Unexpected();
        }

        source.Position++;
        source.EnterNesting();
        List<ArrayElement> elements = [];
        for (lexer.SkipLines(); !source.TryRead(')'); lexer.SkipLines())
        {
            if (source.IsAtEnd)
            {
                throw SourceText.Unmatched(')', line);
            }

            elements.Add(TryParseKeyed() ?? new ArrayElement(null, Appends: false, lexer.ReadWord() ?? throw source.Unexpected()));
        }

        source.LeaveNesting();
        return elements;
    }

    private ArrayElement? TryParseKeyed()
    {
        SourceText source = lexer.Source;
        int start = source.Position;
        if (source.Peek() != '[' || TrySubscript() is not { } key)
        {
            source.Position = start;
            return null;
        }

        bool appends = source.TryRead('+');
        source.Position++;
        return new ArrayElement(key, appends, lexer.ReadWord() ?? Word.Empty);
    }
}
