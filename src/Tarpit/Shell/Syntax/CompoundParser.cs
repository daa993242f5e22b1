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
            return _source.Peek(1) == '(' ? ParseArithmetic() : ParseSubshell();
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
                return ParseFor();
            case "case":
                return ParseCase();
            case "[[":
                return ParseTest();
            case "function":
                return ParseFunctionKeyword();
            case { } word when IsCloser(word):
                throw _source.Unexpected();
            default:
                return TryParseFunction();
        }
    }

    private Arithmetic ParseArithmetic()
    {
        // The two brackets that close those that opened.
        int end = _source.Position + 2;
        for (int depth = 0; end + 1 < _source.Text.Length && !(depth == 0 && _source.Text[end] == ')' && _source.Text[end + 1] == ')'); end++)
        {
            depth += _source.Text[end] == '(' ? 1 : _source.Text[end] == ')' ? -1 : 0;
        }

        if (end + 1 >= _source.Text.Length)
        {
            throw SourceText.UnexpectedEnd();
        }

        string expression = _source.Text[(_source.Position + 2)..end];
        _source.Position = end + 2;
        return new Arithmetic(expression);
    }

    private Group ParseSubshell()
    {
        _source.Position++;
        Command body = commands.ParseList();
        lexer.Require(')');
        return new Group(body, IsSubshell: true);
    }

    private Group ParseGroup()
    {
        _source.Position++;
        Command body = commands.ParseList("}");
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
            Command condition = commands.ParseList("then");
            lexer.RequireKeyword("then");
            branches.Add((condition, commands.ParseList("elif", "else", "fi")));
        }
        while (_source.PeekWord() is "elif");

        Command? otherwise = null;
        if (_source.PeekWord() is "else")
        {
            _source.Position += 4;
            otherwise = commands.ParseList("fi");
        }

        lexer.RequireKeyword("fi");
        return new Choice(branches, otherwise);
    }

    private Loop ParseLoop(bool isUntil)
    {
        _source.Position += 5;
        Command condition = commands.ParseList("do");
        return new Loop(condition, isUntil, ParseDo());
    }

    private Sequence ParseDo()
    {
        lexer.RequireKeyword("do");
        Sequence body = commands.ParseList("done");
        lexer.RequireKeyword("done");
        return body;
    }

    private Command ParseFor()
    {
        _source.Position += 3;
        _source.SkipBlanks();
        if (_source.Peek() == '(' && _source.Peek(1) == '(')
        {
            return ParseCounting();
        }

        string variable = lexer.RequireWord();
        lexer.SkipLines();
        List<string>? words = null;
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

        return new Iteration(variable, words, ParseDo());
    }

    private Counting ParseCounting()
    {
        string[] parts = ParseArithmetic().Expression.Split(';');
        if (parts.Length != 3)
        {
            throw _source.Unexpected();
        }

        _source.SkipBlanks();
        if (_source.Peek() == ';')
        {
            _source.Position++;
        }

        lexer.SkipLines();
        if (_source.PeekWord() is not "{")
        {
            return new Counting(parts[0], parts[1], parts[2], ParseDo());
        }

        return new Counting(parts[0], parts[1], parts[2], ParseGroup());
    }

    private Selection ParseCase()
    {
        _source.Position += 4;
        string word = lexer.RequireWord();
        lexer.RequireKeyword("in");
        List<(IReadOnlyList<string>, Command, string)> cases = [];
        for (lexer.SkipLines(); _source.PeekWord() is not "esac"; lexer.SkipLines())
        {
            _source.TryRead('(');
            List<string> patterns = [];
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

            cases.Add((patterns, body, end));
        }

        lexer.RequireKeyword("esac");
        return new Selection(word, cases);
    }

    private Test ParseTest()
    {
        _source.Position += 2;
        List<string> words = [];
        while (true)
        {
            lexer.SkipLines();
            if (_source.IsAtEnd)
            {
                throw SourceText.UnexpectedEnd();
            }

            if (_source.Peek() is '(' or ')' or '<' or '>' || (_source.Peek() is '&' or '|' && _source.Peek(1) == _source.Peek()))
            {
                int length = _source.Peek() is '&' or '|' ? 2 : 1;
                words.Add(_source.Text.Substring(_source.Position, length));
                _source.Position += length;
                continue;
            }

            string word = lexer.ReadWord() ?? throw _source.Unexpected();
            if (word is "]]")
            {
                return new Test(words);
            }

            words.Add(word);
        }
    }

    private Function ParseFunctionKeyword()
    {
        _source.Position += 8;
        string name = lexer.RequireWord();
        _source.SkipBlanks();
        if (_source.TryRead('('))
        {
            lexer.Require(')');
        }

        lexer.SkipLines();
        return new Function(name, commands.ParseStage());
    }

    // name() body; null: it is something else, and nothing was read.
    private Function? TryParseFunction()
    {
        string text = _source.Text;
        int start = _source.Position, end = start;
        while (end < text.Length && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '-' or '.' or ':'))
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
        lexer.SkipLines();
        return new Function(text[start..end], commands.ParseStage());
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
