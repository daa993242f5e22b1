namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Parses shell text: lists, pipelines and simple commands. Bounded in depth; throws nothing but <see cref="SyntaxException"/>.</summary>
internal sealed class Parser : ICommandParser
{
    private static readonly HashSet<string> Declarers = new(StringComparer.Ordinal) { "declare", "typeset", "local", "export", "readonly", "let", "eval" };

    private readonly Lexer _lexer;
    private readonly SourceText _source;
    private readonly RedirectionParser _redirections;
    private readonly AssignmentParser _assignments;
    private readonly CompoundParser _compounds;
    private bool _stopsAtLine;

    private Parser(string text, int firstLine)
    {
        _lexer = new Lexer(text, firstLine, this);
        _source = _lexer.Source;
        _redirections = new RedirectionParser(_lexer);
        _assignments = new AssignmentParser(_lexer);
        _compounds = new CompoundParser(_lexer, this);
    }

    public WordReader Words => _lexer.Words;

    public bool IsDash
    {
        set => _source.IsDash = value;
    }

    public Func<string, string?>? Aliases
    {
        set => _source.Aliases = value;
    }

    /// <summary>Whether a here-document ended with the text and not with its last line.</summary>
    public bool HasCutDocument => _lexer.HereDocuments.IsCut;

    /// <summary>Text of which one line of commands is parsed after the other, as a shell reads a script.</summary>
    public static Parser Open(string text, int firstLine = 1, Func<string, string?>? aliases = null)
    {
        return new Parser(text, firstLine) { Aliases = aliases };
    }

    /// <summary>Here-documents that ended with the text, as bash tells it; they are told once.</summary>
    public IReadOnlyList<(int Line, string Message)> TakeWarnings() => _lexer.HereDocuments.TakeWarnings();

    /// <summary>The text of a line, for messages.</summary>
    public string LineText(int line) => _source.LineText(line);

    /// <summary>The commands of the next line, and of those that they reach over; null: the text is over.</summary>
    public Command? ParseLine()
    {
        _lexer.SkipLines();
        if (_source.IsAtEnd)
        {
            return null;
        }

        _stopsAtLine = true;
        Sequence line;
        try
        {
            line = ParseList();
            _source.SkipBlanks();
            if (!_source.IsAtEnd && _source.Peek() is not '\n')
            {
                throw _source.Unexpected();
            }
        }
        catch (SyntaxException e) when (!e.IsIncomplete && _lexer.HereDocuments.HasPending)
        {
            // Their text is read before the error is told.
            int end = _source.Text.IndexOf('\n', _source.Position);
            _source.Position = end < 0 ? _source.Text.Length : end + 1;
            _lexer.HereDocuments.ReadPending();
            throw;
        }

        // What follows "<<" on this line is behind it.
        if (_source.TryRead('\n'))
        {
            _lexer.HereDocuments.ReadPending();
        }

        if (_source.IsAtEnd && _lexer.HereDocuments.HasPending)
        {
            _lexer.HereDocuments.ReadToEnd();
        }

        return line;
    }

    /// <summary>False: the command continues on the next line.</summary>
    public static bool IsComplete(string text)
    {
        try
        {
            Parser parser = Open(text);
            while (parser.ParseLine() is not null)
            {
                // All lines.
            }

            return !parser.HasCutDocument && !text.EndsWith("\\\n", StringComparison.Ordinal);
        }
        catch (SyntaxException e)
        {
            return !e.IsIncomplete;
        }
    }

    public static Command Parse(string text, int firstLine = 1, Func<string, string?>? aliases = null)
    {
        Parser parser = Open(text, firstLine, aliases);
        Command command = parser.ParseList();
        parser._source.SkipBlanks();
        if (!parser._source.IsAtEnd)
        {
            throw parser._source.Unexpected();
        }

        if (parser._lexer.HereDocuments.HasPending)
        {
            parser._lexer.HereDocuments.ReadToEnd();
        }

        return command;
    }

    public Sequence ParseList(params ReadOnlySpan<string> closers)
    {
        _source.EnterNesting();
        bool stops = _stopsAtLine;
        _stopsAtLine = false;
        List<(Command, string?)> commands = [];
        while (true)
        {
            if (!stops)
            {
                _lexer.SkipLines();
            }

            _source.SkipBlanks();
            if (EndsList(closers, isFirst: stops && commands.Count == 0) || (stops && _source.Peek() == '\n'))
            {
                break;
            }

            _source.ReplaceAlias();
            if (_source.IsAtEnd || _source.Peek() == '\n')
            {
                // The alias was a comment, or nothing.
                continue;
            }

            int start = _source.Position;
            Command command = ParseAndOr();
            _source.SkipBlanks();
            string? background = _source.Peek() == '&' && _source.Peek(1) != '&' ? _source.Text[start.._source.Position].TrimEnd() : null;
            if (background is not null || (_source.Peek() == ';' && _source.Peek(1) is not (';' or '&')))
            {
                _source.Position++;
            }
            else if (!_source.IsAtEnd && _source.Peek() is not ('\n' or ')') && !_lexer.IsAtCaseEnd && !(IsCompound(command) && _source.PeekWord() is { } word && CompoundParser.IsCloser(word)))
            {
                throw _source.Unexpected();
            }

            commands.Add((command, background));
        }

        _source.LeaveNesting();
        return new Sequence(commands);
    }

    public Command ParseSubstitution()
    {
        int line = _source.Line;
        bool stops = _stopsAtLine, isWithin = _lexer.HereDocuments.IsInSubstitution;
        (_stopsAtLine, _lexer.HereDocuments.IsInSubstitution) = (false, true);
        Sequence body = ParseList();
        (_stopsAtLine, _lexer.HereDocuments.IsInSubstitution) = (stops, isWithin);
        if (_source.IsAtEnd)
        {
            throw SourceText.Unmatched(')', line);
        }

        return _source.TryRead(')') ? body : throw _source.Unexpected();
    }

    public Command ParseStage()
    {
        _source.SkipBlanks();
        if (_source.IsAtEnd)
        {
            throw _source.UnexpectedEnd();
        }

        _source.ReplaceAlias();
        _source.EnterNesting();
        int line = _source.Line;
        Command? compound = _compounds.Parse();
        _source.LeaveNesting();
        if (compound is null)
        {
            return ParseSimple();
        }

        compound = compound.Line == 1 ? compound with { Line = line } : compound;

        List<Redirection> redirections = [];
        while (_redirections.TryParse(redirections))
        {
            // All of them.
        }

        if (redirections.Count == 0)
        {
            return compound;
        }

        // Those behind a function are part of its body.
        return compound is Function function ? function with { Body = new Redirected(function.Body, redirections) } : new Redirected(compound, redirections) { Line = compound.Line };
    }

    private bool EndsList(ReadOnlySpan<string> closers, bool isFirst) => _source.IsAtEnd || (_source.Peek() is ')' && !isFirst) || (_lexer.IsAtCaseEnd && !isFirst)
        || (_source.PeekWord() is { } word && (closers.Contains(word) || CompoundParser.IsCloser(word)));

    // Behind the end of a compound command a reserved word needs no separator.
    private static bool IsCompound(Command command) => command switch
    {
        Pipeline pipeline => IsCompound(pipeline.Stages[^1]),
        Conditional conditional => IsCompound(conditional.Right),
        SimpleCommand or Redirected or Sequence => false,
        _ => true,
    };

    private Command ParseAndOr()
    {
        Command left = ParsePipeline();
        while (true)
        {
            _source.SkipBlanks();
            bool isAnd = _source.IsAt("&&");
            if (!isAnd && !_source.IsAt("||"))
            {
                return left;
            }

            _source.Position += 2;
            _lexer.SkipLines();
            left = new Conditional(left, isAnd, ParsePipeline()) { Line = left.Line };
        }
    }

    private Command ParsePipeline()
    {
        bool isNegated = false, isTimed = false, isPortable = false;
        _source.SkipBlanks();
        int line = _source.Line;
        while (_source.PeekWord() is "!" or "time")
        {
            bool isTime = _source.Peek() == 't';
            _source.Position += isTime ? 4 : 1;
            isTimed |= isTime;
            isNegated ^= !isTime;
            _source.SkipBlanks();
            if (isTime && _source.PeekWord() is "-p" or "--")
            {
                isPortable |= _source.PeekWord() is "-p";
                _source.Position += 2;
                _source.SkipBlanks();
            }
        }

        if ((isTimed || isNegated) && (_source.IsAtEnd || _source.Peek() is ';' or '\n'))
        {
            return new Pipeline([new Sequence([])], isNegated, isTimed) { IsPortable = isPortable, Line = line };
        }

        List<Command> stages = [ParseStage()];
        while (true)
        {
            _source.SkipBlanks();
            if (_source.Peek() != '|' || _source.Peek(1) == '|')
            {
                return stages.Count == 1 && !isNegated && !isTimed ? stages[0] : new Pipeline(stages, isNegated, isTimed) { IsPortable = isPortable, Line = line };
            }

            if (_source.Peek(1) == '&')
            {
                _source.Position += 2;
                stages[^1] = new Redirected(stages[^1], [new Redirection(2, null, ">&", new Word("1", [new LiteralPart("1", IsQuoted: false)]))]);
            }
            else
            {
                _source.Position++;
            }

            _lexer.SkipLines();
            stages.Add(ParseStage());
        }
    }

    private SimpleCommand ParseSimple()
    {
        List<Assignment> assignments = [];
        List<Word> words = [];
        List<Redirection> redirections = [];
        int line = _source.Line;
        while (true)
        {
            if (_redirections.TryParse(redirections))
            {
                if (words.Count == 0)
                {
                    _source.SkipBlanks();
                    _source.ReplaceAlias();
                }

                continue;
            }

            bool declares = words.Count > 0 && Declarers.Contains(words[0].Text), isWrapped = words.Count > 1 && words[0].Text is "command" or "builtin" && Declarers.Contains(words[1].Text);
            if ((words.Count == 0 || declares || isWrapped) && _assignments.TryParse(takesLists: !isWrapped) is { } assignment)
            {
                if (words.Count == 0)
                {
                    assignments.Add(assignment);
                    _source.SkipBlanks();
                    _source.ReplaceAlias();
                }
                else
                {
                    words.Add(words[0].Text is not ("let" or "eval") ? assignment.Source with { Parts = [new AssignmentPart(assignment)] }
                        : assignment.Elements is null ? assignment.Source : WordReader.ReadWhole(assignment.Source.Text));
                }
            }
            else if (_lexer.ReadWord() is { } word)
            {
                words.Add(word);
            }
            else
            {
                break;
            }
        }

        if (words.Count > 0 && _source.Peek() == '(')
        {
            throw _source.Unexpected();
        }

        return assignments.Count + words.Count + redirections.Count == 0 ? throw _source.Unexpected() : new SimpleCommand(assignments, words, redirections) { Line = line };
    }
}

/// <summary>An assignment that is a word of declare and its kin.</summary>
internal sealed record AssignmentPart(Assignment Assignment) : WordPart;
