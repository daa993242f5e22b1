namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Parses shell text: lists, pipelines and simple commands. Bounded in depth; throws nothing but <see cref="SyntaxException"/>.</summary>
internal sealed class Parser : ICommandParser
{
    private readonly Lexer _lexer;
    private readonly SourceText _source;
    private readonly RedirectionParser _redirections;
    private readonly CompoundParser _compounds;
    private bool _stopsAtLine;

    private Parser(string text)
    {
        _lexer = new Lexer(text);
        _source = _lexer.Source;
        _redirections = new RedirectionParser(_lexer);
        _compounds = new CompoundParser(_lexer, this);
    }

    /// <summary>Text of which one line of commands is parsed after the other, as a shell reads a script.</summary>
    public static Parser Open(string text) => new(text);

    /// <summary>The commands of the next line, and of those that they reach over; null: the text is over.</summary>
    public Command? ParseLine()
    {
        _lexer.SkipLines();
        if (_source.IsAtEnd)
        {
            return _lexer.HereDocuments.HasPending ? throw HereDocuments.Unended() : null;
        }

        _stopsAtLine = true;
        Sequence line = ParseList();
        _source.SkipBlanks();
        if (!_source.IsAtEnd && _source.Peek() is not '\n')
        {
            throw _source.Unexpected();
        }

        // What follows "<<" on this line is behind it.
        _lexer.SkipLines();
        return _source.IsAtEnd && _lexer.HereDocuments.HasPending ? throw HereDocuments.Unended() : line;
    }

    public static Command Parse(string text)
    {
        Parser parser = new(text);
        Command command = parser.ParseList();
        parser._source.SkipBlanks();
        if (!parser._source.IsAtEnd)
        {
            throw parser._source.Unexpected();
        }

        return parser._lexer.HereDocuments.HasPending ? throw HereDocuments.Unended() : command;
    }

    public Sequence ParseList(params ReadOnlySpan<string> closers)
    {
        _source.EnterNesting();
        bool stops = _stopsAtLine;
        _stopsAtLine = false;
        List<(Command, bool)> commands = [];
        while (true)
        {
            if (!stops)
            {
                _lexer.SkipLines();
            }

            _source.SkipBlanks();
            if (EndsList(closers) || (stops && _source.Peek() == '\n'))
            {
                break;
            }

            Command command = ParseAndOr();
            _source.SkipBlanks();
            bool inBackground = _source.Peek() == '&' && _source.Peek(1) != '&';
            if (inBackground || (_source.Peek() == ';' && _source.Peek(1) is not (';' or '&')))
            {
                _source.Position++;
            }
            else if (!_source.IsAtEnd && _source.Peek() is not ('\n' or ')') && !_lexer.IsAtCaseEnd)
            {
                throw _source.Unexpected();
            }

            commands.Add((command, inBackground));
        }

        _source.LeaveNesting();
        return new Sequence(commands);
    }

    public Command ParseStage()
    {
        _source.SkipBlanks();
        if (_source.IsAtEnd)
        {
            throw SourceText.UnexpectedEnd();
        }

        _source.EnterNesting();
        Command? compound = _compounds.Parse();
        _source.LeaveNesting();
        if (compound is null)
        {
            return ParseSimple();
        }

        List<Redirection> redirections = [];
        while (_redirections.TryParse(redirections))
        {
            // All of them.
        }

        return redirections.Count == 0 ? compound : new Redirected(compound, redirections);
    }

    private bool EndsList(ReadOnlySpan<string> closers) => _source.IsAtEnd || _source.Peek() is ')' || _lexer.IsAtCaseEnd
        || (_source.PeekWord() is { } word && (closers.Contains(word) || CompoundParser.IsCloser(word)));

    private Command ParseAndOr()
    {
        Command left = ParsePipeline();
        while (true)
        {
            _source.SkipBlanks();
            bool isAnd = _source.Peek() == '&' && _source.Peek(1) == '&';
            if (!isAnd && !(_source.Peek() == '|' && _source.Peek(1) == '|'))
            {
                return left;
            }

            _source.Position += 2;
            _lexer.SkipLines();
            left = new Conditional(left, isAnd, ParsePipeline());
        }
    }

    private Command ParsePipeline()
    {
        bool isNegated = false;
        _source.SkipBlanks();
        while (_source.PeekWord() is "!")
        {
            _source.Position++;
            isNegated = !isNegated;
            _source.SkipBlanks();
        }

        if (_source.PeekWord() is "time")
        {
            _source.Position += 4;
        }

        List<Command> stages = [ParseStage()];
        while (true)
        {
            _source.SkipBlanks();
            if (_source.Peek() != '|' || _source.Peek(1) == '|')
            {
                return stages.Count == 1 && !isNegated ? stages[0] : new Pipeline(stages, isNegated);
            }

            _source.Position += _source.Peek(1) == '&' ? 2 : 1;
            _lexer.SkipLines();
            stages.Add(ParseStage());
        }
    }

    private SimpleCommand ParseSimple()
    {
        List<string> assignments = [], words = [];
        List<Redirection> redirections = [];
        while (true)
        {
            if (_redirections.TryParse(redirections))
            {
                continue;
            }

            if (_lexer.ReadWord() is not { } word)
            {
                break;
            }

            if (words.Count == 0 && IsAssignment(word))
            {
                assignments.Add(word);
            }
            else
            {
                words.Add(word);
            }
        }

        return assignments.Count + words.Count + redirections.Count == 0 ? throw _source.Unexpected() : new SimpleCommand(assignments, words, redirections);
    }

    private static bool IsAssignment(string word)
    {
        int at = 0;
        while (at < word.Length && (char.IsAsciiLetter(word[at]) || word[at] == '_' || (at > 0 && char.IsAsciiDigit(word[at]))))
        {
            at++;
        }

        if (at > 0 && at < word.Length && word[at] == '[' && word.IndexOf(']', at) is > 0 and var close)
        {
            at = close + 1;
        }

        return at > 0 && at < word.Length && (word[at] == '=' || (word[at] == '+' && at + 1 < word.Length && word[at + 1] == '='));
    }
}
