namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Compound commands and function definitions (bash(1), Compound Commands).</summary>
internal sealed class CompoundParser(Lexer lexer, ICommandParser commands)
{
    private static readonly HashSet<string> s_closers = new(StringComparer.Ordinal) { "then", "else", "elif", "fi", "do", "done", "esac", "}" };

    private readonly SourceText _source = lexer.Source;

    /// <summary>Whether a reserved word ends a list of commands.</summary>
    public static bool IsCloser(string word) => s_closers.Contains(word);

    /// <summary>The compound command at the position; null: there is none.</summary>
    public Command? Parse()
    {
        if (_source.Peek() == '(')
        {
            return _source.Peek(1) == '(' && TryParseArithmetic() is { } arithmetic ? arithmetic : ParseSubshell();
        }

        switch (_source.PeekWord())
        {
            case "{":
                return ParseGroup();
            case "if":
                return ParseIf();
            case "while":
                return ParseLoop(isUntil: false);
            case "until":
                return ParseLoop(isUntil: true);
            case "for":
                return ParseFor(isMenu: false);
            case "select":
                return ParseFor(isMenu: true);
            case "case":
                return ParseCase();
            case "[[" when !_source.IsDash:
                _source.Position += 2;
                return new TestParser(lexer).Parse();
            case "function" when !_source.IsDash:
                return ParseFunctionKeyword();
            case "coproc":
                return ParseCoprocess();
            case { } word when IsCloser(word):
                throw _source.Unexpected();
            default:
                return TryParseFunction();
        }
    }

    // Null: it is a subshell within a subshell.
    private Arithmetic? TryParseArithmetic()
    {
        int start = _source.Position;
        _source.Position += 2;
        try
        {
            Word expression = lexer.Words.ReadExpression(static source => source.Peek() == ')');
            if (_source.TryRead("))"))
            {
                return new Arithmetic(expression, _source.Text[start.._source.Position]);
            }
        }
        catch (SyntaxException) when (!_source.Text.AsSpan(start).Contains("))", StringComparison.Ordinal))
        {
            throw;
        }
        catch (SyntaxException)
        {
            // Read again as commands.
        }

        _source.Position = start;
        return null;
    }

    private Group ParseSubshell()
    {
        int line = _source.Line;
        _source.Position++;
        Sequence body = commands.ParseList();
        if (body.Commands.Count == 0)
        {
            throw _source.Unexpected();
        }

        lexer.Require(')');
        return new Group(body, IsSubshell: true) { Line = line };
    }

    private Group ParseGroup()
    {
        _source.Position++;
        Command body = ParseBody("}");
        lexer.RequireKeyword("}");
        return new Group(body, IsSubshell: false);
    }

    private Choice ParseIf()
    {
        List<(Command, Command)> branches = [];
        do
        {
            // "if" and "elif".
            _source.Position += _source.Peek() == 'i' ? 2 : 4;
            Command condition = ParseBody("then");
            lexer.RequireKeyword("then");
            branches.Add((condition, ParseBody("elif", "else", "fi")));
        }
        while (_source.PeekWord() is "elif");

        Command? otherwise = null;
        if (_source.PeekWord() is "else")
        {
            _source.Position += 4;
            otherwise = ParseBody("fi");
        }

        lexer.RequireKeyword("fi");
        return new Choice(branches, otherwise);
    }

    // A list that must not be empty.
    private Sequence ParseBody(params ReadOnlySpan<string> closers)
    {
        Sequence body = commands.ParseList(closers);
        return body.Commands.Count > 0 ? body : throw _source.Unexpected();
    }

    private Loop ParseLoop(bool isUntil)
    {
        _source.Position += 5;
        Command condition = ParseBody("do");
        return new Loop(condition, isUntil, ParseDo());
    }

    private Sequence ParseDo()
    {
        lexer.RequireKeyword("do");
        Sequence body = ParseBody("done");
        lexer.RequireKeyword("done");
        return body;
    }

    private Command ParseFor(bool isMenu)
    {
        int line = _source.Line;
        _source.Position += isMenu ? 6 : 3;
        _source.SkipBlanks();
        if (!isMenu && _source.IsAt("(("))
        {
            return ParseCounting();
        }

        string variable = lexer.RequireWord().Text;
        lexer.SkipLines();
        List<Word>? words = null;
        if (_source.PeekWord() is "in")
        {
            _source.Position += 2;
            words = [];
            for (_source.SkipBlanks(); lexer.ReadWord() is { } word; _source.SkipBlanks())
            {
                words.Add(word);
            }
        }

        _source.SkipBlanks();
        if (_source.Peek() == ';')
        {
            _source.Position++;
        }

        lexer.SkipLines();
        Command body = _source.PeekWord() is "{" ? ParseGroup() : ParseDo();
        return new Iteration(variable, words, body, isMenu) { Line = line };
    }

    private Counting ParseCounting()
    {
        int line = _source.Line;
        _source.Position += 2;
        Word before = lexer.Words.ReadExpression(static source => source.Peek() is ';' or ')');
        Word condition = _source.TryRead(';') ? lexer.Words.ReadExpression(static source => source.Peek() is ';' or ')') : throw _source.Unexpected();
        Word after = _source.TryRead(';') ? lexer.Words.ReadExpression(static source => source.Peek() == ')') : throw _source.Unexpected();
        if (!_source.TryRead("))"))
        {
            throw _source.Unexpected();
        }

        _source.SkipBlanks();
        if (_source.Peek() == ';')
        {
            _source.Position++;
        }

        lexer.SkipLines();
        Command body = _source.PeekWord() is "{" ? ParseGroup() : ParseDo();
        return new Counting(before, condition, after, body) { Line = line };
    }

    private Selection ParseCase()
    {
        int line = _source.Line;
        _source.Position += 4;
        Word word = lexer.RequireWord();
        lexer.RequireKeyword("in");
        List<(IReadOnlyList<Word>, Command, string)> cases = [];
        for (lexer.SkipLines(); _source.PeekWord() is not "esac"; lexer.SkipLines())
        {
            _source.TryRead('(');
            List<Word> patterns = [];
            do
            {
                patterns.Add(lexer.RequireWord());
                _source.SkipBlanks();
            }
            while (_source.TryRead('|'));

            lexer.Require(')');
            Command body = commands.ParseList("esac");
            _source.SkipBlanks();
            string end = ";;";
            if (lexer.IsAtCaseEnd)
            {
                end = _source.Peek(1) == '&' ? ";&" : _source.Peek(2) == '&' ? ";;&" : ";;";
                _source.Position += end.Length;
            }
            else if (_source.PeekWord() is not "esac")
            {
                throw _source.Unexpected();
            }

            cases.Add((patterns, body, end));
        }

        lexer.RequireKeyword("esac");
        return new Selection(word, cases) { Line = line };
    }

    private Function ParseFunctionKeyword()
    {
        int line = _source.Line, start = _source.Position;
        _source.Position += 8;
        string name = lexer.RequireWord().Text;
        _source.SkipBlanks();
        if (_source.TryRead('('))
        {
            lexer.Require(')');
        }

        return ParseFunctionBody(name, line, start);
    }

    // name() body; null: it is something else, and nothing was read.
    private Function? TryParseFunction()
    {
        string text = _source.Text;
        int line = _source.Line, start = _source.Position, end = start;
        int name = ParameterReader.NameEnd(text, start);
        while (end < text.Length && !SourceText.EndsWord(text[end]) && text[end] is not ('$' or '\'' or '"' or '\\' or '`') && !(text[end] == '=' && end == name))
        {
            end++;
        }

        int open = BehindBlanks(text, end);
        if (end == start || open >= text.Length || text[open] != '(')
        {
            return null;
        }

        int close = BehindBlanks(text, open + 1);
        if (close >= text.Length || text[close] != ')')
        {
            return null;
        }

        _source.Position = close + 1;
        return ParseFunctionBody(text[start..end], line, start);
    }

    private Function ParseFunctionBody(string name, int line, int start)
    {
        lexer.SkipLines();
        if (_source.IsAtEnd)
        {
            throw _source.UnexpectedEnd();
        }

        bool isCompound = _source.Peek() == '(' || _source.PeekWord() is "{" or "if" or "while" or "until" or "for" or "case" or "[[" or "select";
        return isCompound ? new Function(name, commands.ParseStage(), _source.Text[start.._source.Position]) { Line = line } : throw _source.Unexpected();
    }

    private Coprocess ParseCoprocess()
    {
        int line = _source.Line;
        _source.Position += 6;
        _source.SkipBlanks();
        string name = "COPROC";
        int end = ParameterReader.NameEnd(_source.Text, _source.Position), behind = BehindBlanks(_source.Text, end);
        if (end > _source.Position && behind > end && behind < _source.Text.Length && _source.Text[behind] is '{' or '(')
        {
            name = _source.Text[_source.Position..end];
            _source.Position = behind;
        }

        return new Coprocess(name, commands.ParseStage()) { Line = line };
    }

    private static int BehindBlanks(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t')
        {
            at++;
        }

        return at;
    }
}
