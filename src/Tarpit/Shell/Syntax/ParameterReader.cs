namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Reads $name and ${...} (bash(1), Parameter Expansion).</summary>
internal sealed class ParameterReader(SourceText source, WordReader words)
{
    private static readonly string[] Operators = [":-", ":=", ":?", ":+", "-", "=", "?", "+", "##", "#", "%%", "%", "//", "/#", "/%", "/", "^^", "^", ",,", ",", "~~", "~", "@", ":"];

    /// <summary>$name without braces; null: the dollar sign stands for itself.</summary>
    public ParameterPart? ReadPlain()
    {
        int start = source.Position + 1, end = NameEnd(source.Text, start);
        if (end == start)
        {
            if (start >= source.Text.Length || !IsSpecial(source.Text[start]) && !char.IsAsciiDigit(source.Text[start]))
            {
                return null;
            }

            end = start + 1;
        }

        string name = source.Text[start..end];
        source.Position = end;
        return new ParameterPart(name, null, '\0', "", Word.Empty, null, "$" + name);
    }

    /// <summary>${...}; the position is at the dollar sign.</summary>
    public ParameterPart ReadBraced(WordReader.Place place)
    {
        int start = source.Position, line = source.Line;
        if (source.Peek(2) == '\\' || source.Peek(3) == '\\')
        {
            source.JoinLines();
        }

        source.Position += 2;
        source.EnterNesting();
        bool isQuoted = place is WordReader.Place.Quotes or WordReader.Place.Document or WordReader.Place.QuotedBraces;
        char kind = '\0';
        if (source.Peek() is '#' or '!' && IsParameterAt(1))
        {
            kind = source.Peek();
            source.Position++;
        }

        string name = ReadName();
        Word? subscript = name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_') && source.Peek() == '[' ? ReadSubscript() : null;
        (string operation, Word argument, Word? second) = ReadOperation(isQuoted, matchesQuotes: isQuoted && place != WordReader.Place.Document && words.MatchesQuotes);
        if (!source.TryRead('}'))
        {
            operation = "bad";
            SkipToEnd(line);
        }

        source.LeaveNesting();
        bool isAlone = name is "#" && operation is "=" or "+" or "/" or "%" && argument.Text.Length == 0;
        if ((kind == '#' && operation.Length > 0) || isAlone || (operation is ":" && argument.Text.Length == 0 && second is null))
        {
            operation = "bad";
        }

        return new ParameterPart(name, subscript, kind, name.Length == 0 ? "bad" : operation, argument, second, source.Text[start..source.Position]);
    }

    /// <summary>[subscript] at the position, without the brackets.</summary>
    public Word ReadSubscript()
    {
        source.Position++;
        Word subscript = source.Peek() is '@' or '*' && source.Peek(1) == ']' ? ReadAll() : ReadKey();
        source.TryRead(']');
        return subscript;
    }

    /// <summary>The end of a name at this place; the same place: there is none.</summary>
    public static int NameEnd(string text, int start)
    {
        int end = start;
        if (end < text.Length && (char.IsAsciiLetter(text[end]) || text[end] == '_'))
        {
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
            {
                end++;
            }
        }

        return end;
    }

    private Word ReadAll()
    {
        string all = source.Peek().ToString();
        source.Position++;
        return new Word(all, [new LiteralPart(all, IsQuoted: false)]);
    }

    // Of an associative array it is any word, with quotes and brackets.
    private Word ReadKey()
    {
        int start = source.Position, depth = 0;
        List<WordPart> parts = words.ReadParts(WordReader.Place.Subscript, text =>
        {
            char c = text.Peek();
            if (depth == 0 && c == ']')
            {
                return true;
            }

            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            return false;
        });
        return new Word(source.Text[start..source.Position], parts);
    }

    private (string Operation, Word Argument, Word? Second) ReadOperation(bool isQuoted, bool matchesQuotes)
    {
        if (source.Peek() == '}')
        {
            return ("", Word.Empty, null);
        }

        if (source.Peek() == '*' && source.Peek(1) == '}')
        {
            // ${!prefix*}.
            source.Position++;
            return ("*", Word.Empty, null);
        }

        if (Array.Find(Operators, source.IsAt) is not { } operation)
        {
            return ("bad", Word.Empty, null);
        }

        source.Position += operation.Length;
        switch (operation)
        {
            case ":-" or ":=" or ":?" or ":+" or "-" or "=" or "?" or "+":
                return (operation, Read(isQuoted ? WordReader.Place.QuotedBraces : WordReader.Place.Braces, '\0', matchesQuotes: matchesQuotes), null);
            case ":":
                Word offset = ReadPart();
                return (operation, offset, source.TryRead(':') ? ReadPart() : null);
            case "/" or "//" or "/#" or "/%":
                // A slash that is the whole pattern is one.
                Word pattern = Read(WordReader.Place.Braces, '/', mayBeEmpty: operation.Length == 2 && operation[1] is '#' or '%');
                return (operation, pattern, source.TryRead('/') ? Read(WordReader.Place.Braces, '\0') : null);
            default:
                return (operation, Read(WordReader.Place.Braces, '\0'), null);
        }
    }

    private Word Read(WordReader.Place place, char end, bool mayBeEmpty = false, bool matchesQuotes = false)
    {
        int start = source.Position, line = source.Line;
        bool isBetween = false;
        List<WordPart> parts = words.ReadParts(place, text =>
        {
            // Single quotes stand for themselves within double ones, but a brace between them ends nothing.
            char c = text.Peek();
            isBetween ^= matchesQuotes && c == '\'' && text.Text[text.Position - 1] != '\\';
            return !isBetween && (c == '}' || (end != '\0' && c == end && (text.Position > start || mayBeEmpty)));
        });
        if (isBetween)
        {
            throw SourceText.Unmatched('\'', line);
        }

        return new Word(source.Text[start..source.Position], parts);
    }

    // An offset or a length: a colon in brackets or behind "?" is part of the expression.
    private Word ReadPart()
    {
        int questions = 0;
        return words.ReadExpression(text =>
        {
            char c = text.Peek();
            if (c == '?')
            {
                questions++;
            }

            if (c == ':' && questions > 0)
            {
                questions--;
                return false;
            }

            return c is ':' or '}';
        });
    }

    private string ReadName()
    {
        int start = source.Position, end = NameEnd(source.Text, start);
        if (end == start)
        {
            while (end < source.Text.Length && char.IsAsciiDigit(source.Text[end]))
            {
                end++;
            }

            if (end == start && end < source.Text.Length && IsSpecial(source.Text[end]))
            {
                end++;
            }
        }

        source.Position = end;
        return source.Text[start..end];
    }

    private bool IsParameterAt(int ahead)
    {
        char c = source.Peek(ahead);
        return char.IsAsciiLetterOrDigit(c) || c == '_' || (IsSpecial(c) && (source.Peek(ahead + 1) == '}' || (c is not ('-' or '?' or '#') && source.Peek() == '#'))) || (source.Peek() == '!' && c is '@' or '*' or '#' or '?');
    }

    private static bool IsSpecial(char c) => c is '@' or '*' or '#' or '?' or '-' or '$' or '!' or '0';

    // What is no expansion is refused when it is expanded, with its text as far as the brace that ends it.
    private void SkipToEnd(int line)
    {
        words.ReadParts(WordReader.Place.Braces, static text => text.Peek() == '}');
        if (!source.TryRead('}'))
        {
            throw SourceText.Unmatched('}', line);
        }
    }
}
