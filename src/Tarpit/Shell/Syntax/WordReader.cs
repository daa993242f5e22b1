using System.Text;

namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Reads words: literals, quotes and expansions (bash(1), QUOTING and EXPANSION).</summary>
internal sealed class WordReader
{
    private readonly SourceText _source;
    private readonly ICommandParser _commands;
    private readonly ParameterReader _parameters;

    public WordReader(SourceText source, ICommandParser commands)
    {
        (_source, _commands) = (source, commands);
        _parameters = new ParameterReader(source, this);
    }

    /// <summary>Where text that is read stands, which says what is special in it.</summary>
    public enum Place
    {
        /// <summary>A word of a command.</summary>
        Word,

        /// <summary>Between double quotes.</summary>
        Quotes,

        /// <summary>Text of a here-document.</summary>
        Document,

        /// <summary>Between the braces of an expansion that is not quoted.</summary>
        Braces,

        /// <summary>Between the braces of an expansion within double quotes.</summary>
        QuotedBraces,

        /// <summary>The key of an element, where "&lt;(" compares.</summary>
        Subscript,

        /// <summary>An expression.</summary>
        Expression,

        /// <summary>A regular expression in [[ ]].</summary>
        Regex,
    }

    /// <summary>Whether lists of patterns (extglob) are part of words.</summary>
    public bool HasPatternLists { get; set; } = true;

    /// <summary>Whether single quotes come in pairs in an expansion within double quotes; not as POSIX has it.</summary>
    public bool MatchesQuotes { get; set; } = true;

    /// <summary>A text that is one word, whatever stands in it.</summary>
    public static Word ReadWhole(string text, Place place = Place.Word, int line = 1, Func<string, string?>? aliases = null)
    {
        Parser parser = Parser.Open(text, line, aliases);
        return new Word(text, parser.Words.ReadParts(place, static source => source.IsAtEnd));
    }

    /// <summary>The word at the position; null: there is none.</summary>
    public Word? Read(bool isRegex = false)
    {
        int start = _source.Position;
        List<WordPart> parts = isRegex ? ReadRegex() : ReadParts(Place.Word, EndsWord);
        return _source.Position == start ? null : new Word(_source.Text[start.._source.Position], parts);
    }

    /// <summary>Parts up to where the text ends.</summary>
    public List<WordPart> ReadParts(Place place, Func<SourceText, bool> ends)
    {
        List<WordPart> parts = [];
        StringBuilder literal = new();
        while (!ends(_source) && !_source.IsAtEnd)
        {
            if (ReadQuoteOrExpansion(place) is { } part)
            {
                Flush(literal, parts);
                parts.Add(part);
            }
            else if (place == Place.Word && _source.Peek() == '(' && IsAtPatternList(literal))
            {
                // A list of patterns (extglob) belongs to the word, with what it holds.
                Flush(literal, parts);
                parts.Add(new LiteralPart("(", IsQuoted: false));
                _source.Position++;
                _source.EnterNesting();
                parts.AddRange(ReadParts(Place.Word, static source => source.Peek() == ')'));
                _source.LeaveNesting();
                if (!_source.TryRead(')'))
                {
                    throw SourceText.Unmatched(')', _source.Line);
                }

                parts.Add(new LiteralPart(")", IsQuoted: false));
            }
            else if (_source.Peek() == '\\' && _source.Peek(1) == '\n' && place != Place.Regex)
            {
                _source.Position += 2;
            }
            else
            {
                literal.Append(_source.Peek());
                _source.Position++;
            }
        }

        Flush(literal, parts);
        return parts;
    }

    /// <summary>A quoted piece or an expansion at the position; null: what is there stands for itself.</summary>
    private WordPart? ReadQuoteOrExpansion(Place place)
    {
        bool isQuoted = place is Place.Quotes or Place.Document or Place.QuotedBraces;
        switch (_source.Peek())
        {
            case '\\':
                return ReadEscape(place, isQuoted);
            case '\'' when !isQuoted && place != Place.Expression:
                return ReadSingleQuotes();
            case '"' when place is not (Place.Quotes or Place.Document):
                return ReadDoubleQuotes();
            case '`':
                return ReadBackquotes(isQuoted);
            case '$':
                return ReadDollar(place, isQuoted);
            case '<' or '>' when place is Place.Word or Place.Braces or Place.Regex && IsAtProcess(_source):
                return ReadProcess();
            default:
                return null;
        }
    }

    private LiteralPart? ReadEscape(Place place, bool isQuoted)
    {
        char next = _source.Peek(1);
        if (next == '\n')
        {
            return null;
        }

        if (isQuoted || place == Place.Expression)
        {
            bool escapes = next is '$' or '`' or '\\' || (next == '"' && place != Place.Document) || (next == '}' && place == Place.QuotedBraces);
            if (!escapes || _source.Position + 1 >= _source.Text.Length)
            {
                return null;
            }
        }

        if (_source.Position + 1 >= _source.Text.Length)
        {
            return null;
        }

        _source.Position += 2;
        return new LiteralPart(next.ToString(), IsQuoted: true);
    }

    private LiteralPart ReadSingleQuotes()
    {
        int line = _source.Line, close = _source.Text.IndexOf('\'', _source.Position + 1);
        if (close < 0)
        {
            throw SourceText.Unmatched('\'', line);
        }

        string text = _source.Text[(_source.Position + 1)..close];
        _source.Position = close + 1;
        return new LiteralPart(text, IsQuoted: true);
    }

    private QuotedPart ReadDoubleQuotes()
    {
        int line = _source.Line;
        _source.Position++;
        List<WordPart> parts = ReadParts(Place.Quotes, static source => source.Peek() == '"');
        return _source.TryRead('"') ? new QuotedPart(parts) : throw SourceText.Unmatched('"', line);
    }

    private BackquotePart ReadBackquotes(bool isQuoted)
    {
        int line = _source.Line;
        StringBuilder text = new();
        for (_source.Position++; !_source.IsAtEnd; _source.Position++)
        {
            char c = _source.Peek();
            if (c == '`')
            {
                _source.Position++;
                return new BackquotePart(text.ToString());
            }

            if (c == '\\' && _source.Peek(1) == '\n')
            {
                _source.Position++;
                continue;
            }

            if (c == '\\' && (_source.Peek(1) is '`' or '\\' or '$' || (isQuoted && _source.Peek(1) == '"')))
            {
                _source.Position++;
            }

            text.Append(_source.Peek());
        }

        throw SourceText.Unmatched('`', line);
    }

    private WordPart? ReadDollar(Place place, bool isQuoted)
    {
        if (_source.Peek(1) == '\\' && _source.Peek(2) == '\n')
        {
            // In double quotes too.
            _source.JoinLines();
        }

        if (_source.Peek(1) == '(' && _source.Peek(2) == '\\' && _source.Peek(3) == '\n')
        {
            _source.Position++;
            _source.JoinLines();
            _source.Position--;
        }

        switch (_source.Peek(1))
        {
            case '\'' when !isQuoted && place != Place.Expression:
                return ReadAnsiQuotes();
            case '"' when !isQuoted && place != Place.Expression:
                _source.Position++;
                return ReadDoubleQuotes();
            case '(' when _source.Peek(2) == '(':
                return ReadArithmetic() is { } arithmetic ? arithmetic : ReadCommand();
            case '(':
                return ReadCommand();
            case '[':
                _source.Position += 2;
                Word old = ReadExpression(static source => source.Peek() == ']');
                _source.Position++;
                return new ArithmeticPart(old);
            case '{':
                return _parameters.ReadBraced(place);
            default:
                return _parameters.ReadPlain();
        }
    }

    private LiteralPart ReadAnsiQuotes()
    {
        int line = _source.Line, start = _source.Position + 2, end = start;
        while (end < _source.Text.Length && _source.Text[end] != '\'')
        {
            end += _source.Text[end] == '\\' ? 2 : 1;
        }

        if (end >= _source.Text.Length)
        {
            throw SourceText.Unmatched('\'', line);
        }

        _source.Position = end + 1;
        return new LiteralPart(Escapes.DecodeAnsi(_source.Text[start..end]), IsQuoted: true);
    }

    private CommandPart ReadCommand()
    {
        _source.Position += 2;
        return new CommandPart(_commands.ParseSubstitution());
    }

    private ProcessPart ReadProcess()
    {
        bool isInput = _source.Peek() == '<';
        _source.Position += 2;
        return new ProcessPart(isInput, _commands.ParseSubstitution());
    }

    // Null: the brackets do not close as those of an expression do; it is a command in a subshell.
    private ArithmeticPart? ReadArithmetic()
    {
        int start = _source.Position;
        _source.Position += 3;
        Word expression;
        try
        {
            expression = ReadExpression(static source => source.Peek() == ')');
        }
        catch (SyntaxException)
        {
            _source.Position = start;
            return null;
        }

        if (_source.Peek(1) == '\\')
        {
            _source.JoinLines();
        }

        if (_source.TryRead("))"))
        {
            return new ArithmeticPart(expression);
        }

        _source.Position = start;
        return null;
    }

    /// <summary>An expression up to where it ends; brackets in it are counted.</summary>
    public Word ReadExpression(Func<SourceText, bool> ends)
    {
        int start = _source.Position, round = 0, square = 0;
        _source.EnterNesting();
        List<WordPart> parts = ReadParts(Place.Expression, source =>
        {
            char c = source.Peek();
            if (round == 0 && square == 0 && ends(source))
            {
                return true;
            }

            round += c == '(' ? 1 : c == ')' && round > 0 ? -1 : 0;
            square += c == '[' ? 1 : c == ']' && square > 0 ? -1 : 0;
            return false;
        });
        _source.LeaveNesting();
        return new Word(_source.Text[start.._source.Position], parts);
    }

    // In a regular expression brackets and bars belong to the word.
    private List<WordPart> ReadRegex()
    {
        int depth = 0;
        return ReadParts(Place.Regex, source =>
        {
            char c = source.Peek();
            if (depth == 0 && (c is ' ' or '\t' or '\n' or ')' || source.IsAt("&&") || source.IsAt("||")))
            {
                return true;
            }

            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            return c == '\n';
        });
    }

    // <(command) is a part of the word that it stands in.
    private static bool IsAtProcess(SourceText source) => source.Peek() is '<' or '>' && source.Peek(1) == '(' && !source.IsDash;

    private bool EndsWord(SourceText source) => SourceText.EndsWord(source.Peek()) && !IsAtProcess(source) && !(HasPatternLists && source.Peek() == '(' && source.Position > 0 && source.Text[source.Position - 1] is '?' or '*' or '+' or '@' or '!');

    private bool IsAtPatternList(StringBuilder literal) => HasPatternLists && literal.Length > 0 && literal[^1] is '?' or '*' or '+' or '@' or '!' && _source.Text[_source.Position - 1] == literal[^1];

    private static void Flush(StringBuilder literal, List<WordPart> parts)
    {
        if (literal.Length > 0)
        {
            parts.Add(new LiteralPart(literal.ToString(), IsQuoted: false));
            literal.Clear();
        }
    }
}
