namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>Reads shell text. Bounded in depth; never throws anything but <see cref="SyntaxException"/>.</summary>
internal sealed partial class Parser
{
    private const int Deepest = 200;
    private static readonly HashSet<string> Closers = new(StringComparer.Ordinal) { "then", "else", "elif", "fi", "do", "done", "esac", "}" };

    private readonly string _text;
    private readonly List<(int Index, string Delimiter, bool StripTabs, bool IsLiteral, List<Redirection> Into)> _hereDocuments = [];
    private int _at;
    private int _depth;

    private Parser(string text) => _text = text;

    public static Command Parse(string text)
    {
        Parser parser = new(text);
        Command command = parser.List(closers: []);
        parser.SkipBlank();
        if (parser._at < text.Length)
        {
            throw parser.Unexpected();
        }

        return parser._hereDocuments.Count == 0 ? command : throw new SyntaxException("here-document delimited by end-of-file", isIncomplete: true);
    }

    private Sequence List(string[] closers)
    {
        if (++_depth > Deepest)
        {
            throw new SyntaxException("maximum nesting level exceeded");
        }

        List<(Command, bool)> commands = [];
        while (true)
        {
            SkipLines();
            if (_at >= _text.Length || Peek() is ')' || IsCaseEnd() || (PeekWord() is { } word && (Array.IndexOf(closers, word) >= 0 || Closers.Contains(word))))
            {
                break;
            }

            Command command = AndOr();
            SkipBlank();
            bool background = false;
            if (Peek() == '&' && Peek(1) != '&')
            {
                _at++;
                background = true;
            }
            else if (Peek() == ';' && Peek(1) != ';')
            {
                _at++;
            }
            else if (_at < _text.Length && Peek() is not ('\n' or ')') && !IsCaseEnd())
            {
                throw Unexpected();
            }

            commands.Add((command, background));
        }

        _depth--;
        return new Sequence(commands);
    }

    private Command AndOr()
    {
        Command left = PipelineOf();
        while (true)
        {
            SkipBlank();
            bool isAnd = Peek() == '&' && Peek(1) == '&';
            if (!isAnd && !(Peek() == '|' && Peek(1) == '|'))
            {
                return left;
            }

            _at += 2;
            SkipLines();
            left = new Conditional(left, isAnd, PipelineOf());
        }
    }

    private Command PipelineOf()
    {
        bool negated = false;
        SkipBlank();
        while (PeekWord() is "!")
        {
            _at++;
            negated = !negated;
            SkipBlank();
        }

        if (PeekWord() is "time")
        {
            _at += 4;
        }

        List<Command> stages = [Stage()];
        while (true)
        {
            SkipBlank();
            if (Peek() != '|' || Peek(1) == '|')
            {
                return stages.Count == 1 && !negated ? stages[0] : new Pipeline(stages, negated);
            }

            _at += Peek(1) == '&' ? 2 : 1;
            SkipLines();
            stages.Add(Stage());
        }
    }

    private Command Stage()
    {
        SkipBlank();
        if (_at >= _text.Length)
        {
            throw new SyntaxException("syntax error: unexpected end of file", isIncomplete: true);
        }

        if (++_depth > Deepest)
        {
            throw new SyntaxException("maximum nesting level exceeded");
        }

        Command? compound = Compound();
        _depth--;
        if (compound is null)
        {
            return Simple();
        }

        List<Redirection> redirections = [];
        while (TryRedirection(redirections))
        {
            // All of them.
        }

        return redirections.Count == 0 ? compound : new Redirected(compound, redirections);
    }

    private Command? Compound()
    {
        if (Peek() == '(' && Peek(1) == '(')
        {
            int end = _text.IndexOf("))", _at, StringComparison.Ordinal);
            if (end < 0)
            {
                throw new SyntaxException("syntax error: unexpected end of file", isIncomplete: true);
            }

            string expression = _text[(_at + 2)..end];
            _at = end + 2;
            return new Arithmetic(expression);
        }

        if (Peek() == '(')
        {
            _at++;
            Command body = List([]);
            Expect(')');
            return new Group(body, IsSubshell: true);
        }

        switch (PeekWord())
        {
            case "{":
                _at++;
                Command body = List(["}"]);
                Keyword("}");
                return new Group(body, IsSubshell: false);
            case "if":
                return If();
            case "while" or "until":
                bool isUntil = PeekWord() is "until";
                _at += 5;
                Command condition = List(["do"]);
                return new Loop(condition, isUntil, Do());
            case "for":
                return For();
            case "case":
                return Case();
            case "[[":
                return TestOf();
            case "function":
                _at += 8;
                SkipBlank();
                string named = Word() ?? throw Unexpected();
                SkipBlank();
                if (Peek() == '(')
                {
                    _at++;
                    Expect(')');
                }

                SkipLines();
                return new Function(named, Stage());
            case { } closer when Closers.Contains(closer):
                throw Unexpected();
            default:
                return FunctionOf();
        }
    }

    private Function? FunctionOf()
    {
        int start = _at, at = _at;
        while (at < _text.Length && (char.IsLetterOrDigit(_text[at]) || _text[at] is '_' or '-' or '.' or ':'))
        {
            at++;
        }

        int open = at;
        while (open < _text.Length && _text[open] is ' ' or '\t')
        {
            open++;
        }

        if (at == start || open >= _text.Length || _text[open] != '(')
        {
            return null;
        }

        int close = open + 1;
        while (close < _text.Length && _text[close] is ' ' or '\t')
        {
            close++;
        }

        if (close >= _text.Length || _text[close] != ')')
        {
            return null;
        }

        string name = _text[start..at];
        _at = close + 1;
        SkipLines();
        return new Function(name, Stage());
    }

    private SimpleCommand Simple()
    {
        List<string> assignments = [], words = [];
        List<Redirection> redirections = [];
        while (true)
        {
            SkipBlank();
            if (TryRedirection(redirections))
            {
                continue;
            }

            if (Word() is not { } word)
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

        return assignments.Count + words.Count + redirections.Count == 0 ? throw Unexpected() : new SimpleCommand(assignments, words, redirections);
    }

    private static bool IsAssignment(string word)
    {
        int at = 0;
        while (at < word.Length && (char.IsAsciiLetter(word[at]) || word[at] == '_' || (at > 0 && char.IsAsciiDigit(word[at]))))
        {
            at++;
        }

        return at > 0 && at < word.Length && (word[at] == '=' || (word[at] == '+' && at + 1 < word.Length && word[at + 1] == '='));
    }

}
