namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>Makes a program of its text.</summary>
internal sealed class AwkParser : AwkExpressions
{
    private const int Deepest = 100;
    private readonly List<AwkStatement> _begin = [];
    private readonly List<AwkRule> _rules = [];
    private readonly List<AwkStatement> _end = [];
    private readonly Dictionary<string, AwkFunction> _functions = new(StringComparer.Ordinal);
    private int _depth;

    private AwkParser(IReadOnlyList<AwkToken> tokens)
        : base(tokens)
    {
    }

    /// <exception cref="AwkSyntaxException">It is no program.</exception>
    public static AwkProgram Parse(string text)
    {
        AwkParser parser = new(new AwkLexer(text).Read());
        parser.SkipTerminators();
        while (parser.Now.Kind != AwkTokenKind.End)
        {
            parser.ReadItem();
            parser.SkipTerminators();
        }

        // mawk looks before anything runs.
        if (parser.Called.Find(name => !parser._functions.ContainsKey(name)) is { } missing)
        {
            throw new AwkFailureException(FormattableString.Invariant($"line {parser.Now.Line + 1}: function {missing} never defined"));
        }

        return new AwkProgram(parser._begin, parser._rules, parser._end, parser._functions);
    }

    private void SkipTerminators()
    {
        while (Now.Kind == AwkTokenKind.NewLine || Now.Is(";"))
        {
            Take();
        }
    }

    private void ReadItem()
    {
        if (Skips("BEGIN"))
        {
            _begin.Add(Block());
        }
        else if (Skips("END"))
        {
            _end.Add(Block());
        }
        else if (Skips("function"))
        {
            ReadFunction();
        }
        else if (Now.Is("{"))
        {
            _rules.Add(new AwkRule(null, null, Block()));
        }
        else
        {
            AwkExpression pattern = Expression();
            AwkExpression? until = null;
            if (Skips(","))
            {
                SkipNewLines();
                until = Expression();
            }

            _rules.Add(new AwkRule(pattern, until, Now.Is("{") ? Block() : null));
        }
    }

    private void ReadFunction()
    {
        string name = Take().Text;
        Expect("(");
        List<string> parameters = [];
        while (!Skips(")"))
        {
            if (Now.Kind != AwkTokenKind.Name)
            {
                throw Unexpected();
            }

            parameters.Add(Take().Text);
            if (!Now.Is(")"))
            {
                Expect(",");
                SkipNewLines();
                if (Now.Kind != AwkTokenKind.Name)
                {
                    throw Unexpected();
                }
            }
        }

        SkipNewLines();
        Arrays.Clear();
        AwkBlock body = Block();
        _functions[name] = new AwkFunction(name, parameters, Arrays.ToHashSet(StringComparer.Ordinal), body);
    }

    private AwkBlock Block()
    {
        Expect("{");
        List<AwkStatement> statements = [];
        SkipTerminators();
        while (!Skips("}"))
        {
            if (Now.Kind == AwkTokenKind.End)
            {
                throw MissingBrace();
            }

            statements.Add(Statement());
            SkipTerminators();
        }

        return new AwkBlock(statements);
    }

    private AwkStatement Statement()
    {
        if (++_depth > Deepest)
        {
            throw Unexpected();
        }

        AwkStatement made = Now.Is("{") ? Block()
            : Skips(";") ? new AwkBlock([])
            : Skips("if") ? If()
            : Skips("while") ? While()
            : Skips("do") ? Do()
            : Skips("for") ? For()
            : Ended(Simple());
        _depth--;
        return made;
    }

    private AwkFailureException MissingBrace() => new(FormattableString.Invariant($"line {Now.Line + 1}: missing }} near end of file"));

    private AwkStatement Ended(AwkStatement statement) => Now.Kind is AwkTokenKind.End ? throw MissingBrace() : Now.Kind is AwkTokenKind.NewLine || Now.Is(";") || Now.Is("}") ? statement : throw Unexpected();

    private AwkStatement Body()
    {
        SkipNewLines();
        return Statement();
    }

    private AwkIf If()
    {
        AwkExpression condition = Parenthesized();
        AwkStatement then = Body();
        int ends = 0;
        while (Now.Kind == AwkTokenKind.NewLine || (Now.Is(";") && ends == 0))
        {
            // "else" may stand behind a semicolon and on a line of its own.
            if (Now.Is(";"))
            {
                ends++;
            }

            Take();
        }

        return new AwkIf(condition, then, Skips("else") ? Body() : null);
    }

    private AwkLoop While() => new(null, Parenthesized(), null, Body(), IsTestedLast: false);

    private AwkLoop Do()
    {
        AwkStatement body = Body();
        SkipTerminators();
        Expect("while");
        return new AwkLoop(null, Parenthesized(), null, body, IsTestedLast: true);
    }

    private AwkStatement For()
    {
        Expect("(");
        AwkStatement? before = Now.Is(";") ? null : Simple(hasIn: false);
        if (before is AwkEvaluate { Expression: AwkVariable { Name: { } variable } } && Skips("in"))
        {
            string array = ArrayName();
            Expect(")");
            return new AwkForIn(variable, array, Body());
        }

        Expect(";");
        SkipNewLines();
        AwkExpression? condition = Now.Is(";") ? null : Expression();
        Expect(";");
        SkipNewLines();
        AwkStatement? after = Now.Is(")") ? null : Simple();
        Expect(")");
        return new AwkLoop(before, condition, after, Body(), IsTestedLast: false);
    }

    private AwkExpression Parenthesized()
    {
        Expect("(");
        AwkExpression inside = Expression();
        SkipNewLines();
        Expect(")");
        return inside;
    }

    private AwkStatement Simple(bool hasIn = true)
    {
        if (Now.Is("print") || Now.Is("printf"))
        {
            return Print();
        }

        if (Skips("delete"))
        {
            string array = ArrayName();
            if (!Skips("["))
            {
                return new AwkDelete(array, null);
            }

            List<AwkExpression> index = List();
            Expect("]");
            return new AwkDelete(array, index);
        }

        foreach (string word in new[] { "break", "continue", "next", "nextfile", "exit", "return" })
        {
            if (Skips(word))
            {
                return new AwkJump(word, word is "exit" or "return" && !(Now.Kind is AwkTokenKind.NewLine or AwkTokenKind.End || Now.Is(";") || Now.Is("}")) ? Expression() : null);
            }
        }

        return new AwkEvaluate(Expression(hasIn: hasIn));
    }

    private AwkPrint Print()
    {
        bool isFormatted = Take().Text is "printf";
        List<AwkExpression> items = Now.Kind is AwkTokenKind.NewLine or AwkTokenKind.End || Now.Is(";") || Now.Is("}") || Now.Is(">") || Now.Is(">>") || Now.Is("|") ? [] : List(isPrinted: true);
        items = items is [AwkGroup group] ? [.. group.Items] : items;
        if (isFormatted && items.Count == 0)
        {
            throw Unexpected();
        }

        return Now.Is(">") || Now.Is(">>") || Now.Is("|") ? new AwkPrint(items, isFormatted, Take().Text, Expression(isPrinted: true)) : new AwkPrint(items, isFormatted, null, null);
    }
}
