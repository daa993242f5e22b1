namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Reads statements.</summary>
internal sealed class PythonParser
{
    private const int MostBlocks = 60;
    private readonly TokenReader _words;
    private readonly PythonExpressions _expressions;
    private int _blocks;

    private PythonParser(string source)
    {
        _words = new TokenReader(new PythonLexer(source).Read());
        _expressions = new PythonExpressions(_words);
    }

    /// <exception cref="PythonSyntaxException">It is no program.</exception>
    public static IReadOnlyList<PythonNode> Read(string source)
    {
        PythonParser parser = new(source);
        List<PythonNode> statements = [];
        while (parser._words.Now.Kind is not TokenKind.End)
        {
            parser.ReadStatement(statements);
        }

        return statements;
    }

    /// <summary>A single expression, for eval().</summary>
    public static PythonNode ReadExpression(string source)
    {
        PythonParser parser = new(source.Trim());
        PythonNode value = parser._expressions.ReadList();
        return parser._words.Now.Kind is TokenKind.NewLine or TokenKind.End ? value : throw parser._words.Invalid();
    }

    private void ReadStatement(List<PythonNode> into)
    {
        while (_words.Now.Kind is TokenKind.NewLine)
        {
            _words.Next();
        }

        if (_words.Now.Kind is TokenKind.End)
        {
            return;
        }

        if (_words.Now.Kind is TokenKind.Indent)
        {
            throw _words.Invalid();
        }

        if (ReadCompound() is { } compound)
        {
            into.Add(compound);
            return;
        }

        do
        {
            if (_words.Now.Kind is TokenKind.NewLine)
            {
                break;
            }

            into.Add(ReadSimple());
        }
        while (_words.Take(";"));
        if (_words.Now.Kind is not (TokenKind.NewLine or TokenKind.End))
        {
            throw Stray(into[^1]);
        }

        _words.Next();
    }

    // print "x" of version 2, and words that do not belong together.
    private PythonSyntaxException Stray(PythonNode before)
    {
        if (before is ExpressionStatement { Value: NameUse { Name: "print" or "exec" } name } && _expressions.IsStart())
        {
            Place place = name.Place;
            while (_words.Now.Kind is not (TokenKind.NewLine or TokenKind.End) && !_words.Is(";"))
            {
                place = place with { End = _words.Next().Place.End };
            }

            return new PythonSyntaxException($"Missing parentheses in call to '{name.Name}'. Did you mean {name.Name}(...)?", place);
        }

        return _words.Invalid();
    }

    private List<PythonNode> ReadBlock(string kind, Place start)
    {
        _words.Expect(":", _words.Now.Kind is TokenKind.NewLine ? "expected ':'" : null);
        List<PythonNode> body = [];
        if (_words.Now.Kind is not TokenKind.NewLine)
        {
            do
            {
                if (_words.Now.Kind is TokenKind.NewLine)
                {
                    break;
                }

                body.Add(ReadSimple());
            }
            while (_words.Take(";"));
            if (_words.Now.Kind is not (TokenKind.NewLine or TokenKind.End))
            {
                throw Stray(body[^1]);
            }

            _words.Next();
            return body;
        }

        while (_words.Now.Kind is TokenKind.NewLine)
        {
            _words.Next();
        }

        if (_words.Now.Kind is not TokenKind.Indent)
        {
            throw new PythonSyntaxException(FormattableString.Invariant($"expected an indented block after {kind} on line {start.Line}"), _words.Now.Place with { End = _words.Now.Place.Start + 1 }, "IndentationError");
        }

        if (++_blocks > MostBlocks)
        {
            throw new PythonSyntaxException("too many statically nested blocks", start);
        }

        _words.Next();
        while (_words.Now.Kind is not (TokenKind.Dedent or TokenKind.End))
        {
            ReadStatement(body);
        }

        _blocks--;
        _words.Next();
        return body;
    }

    private PythonNode? ReadCompound()
    {
        Place start = _words.Now.Place;
        if (_words.Is("async") && _words.After().Text is "def" or "for" or "with")
        {
            _words.Next();
        }

        List<PythonNode> decorators = [];
        while (_words.Take("@"))
        {
            decorators.Add(_expressions.ReadNamed());
            _words.Next();
        }

        return _words.Now.Kind is not TokenKind.Name ? null : _words.Now.Text switch
        {
            "if" => ReadCondition(),
            "while" => ReadWhile(),
            "for" => ReadFor(),
            "try" => ReadTry(),
            "with" => ReadWith(),
            "def" => ReadFunction(decorators),
            "class" => ReadClass(decorators),
            _ => decorators.Count > 0 ? throw new PythonSyntaxException("invalid syntax", start) : null,
        };
    }

    private PythonNode ReadTest(string kind)
    {
        Place start = _words.Now.Place;
        PythonNode test = _expressions.ReadNamed();
        if (_words.Take("="))
        {
            _expressions.ReadNamed();
            throw new PythonSyntaxException("invalid syntax. Maybe you meant '==' or ':=' instead of '='?", _words.Since(start));
        }

        return _words.Is(":") ? test : throw (_expressions.IsStart() ? _words.Invalid() : new PythonSyntaxException(kind.Length > 0 && _words.Now.Kind is TokenKind.NewLine ? "expected ':'" : "invalid syntax", _words.Now.Place));
    }

    private Condition ReadCondition()
    {
        Token word = _words.Next();
        PythonNode test = ReadTest(word.Text);
        List<PythonNode> then = ReadBlock($"'{word.Text}' statement", word.Place);
        List<PythonNode> other = _words.Is("elif") ? [ReadCondition()] : ReadElse();
        return new Condition(test, then, other, word.Place);
    }

    private List<PythonNode> ReadElse()
    {
        Place start = _words.Now.Place;
        return _words.Take("else") ? ReadBlock("'else' statement", start) : [];
    }

    private WhileLoop ReadWhile()
    {
        Place start = _words.Next().Place;
        PythonNode test = ReadTest("while");
        List<PythonNode> body = ReadBlock("'while' statement", start);
        return new WhileLoop(test, body, ReadElse(), start);
    }

    private ForLoop ReadFor()
    {
        Place start = _words.Next().Place;
        PythonNode target = _expressions.ReadTargets();
        _words.Expect("in");
        PythonNode source = _expressions.ReadList();
        List<PythonNode> body = ReadBlock("'for' statement", start);
        return new ForLoop(target, source, body, ReadElse(), start);
    }

    private TryBlock ReadTry()
    {
        Place start = _words.Next().Place;
        List<PythonNode> body = ReadBlock("'try' statement", start);
        List<Handler> handlers = [];
        while (_words.Is("except"))
        {
            Place at = _words.Next().Place;
            _words.Take("*");
            PythonNode? type = _words.Is(":") ? null : _expressions.Read();
            if (_words.Is(","))
            {
                Place first = type!.Place;
                _words.Next();
                _expressions.ReadList();
                throw new PythonSyntaxException("multiple exception types must be parenthesized", _words.Since(first));
            }

            string? name = _words.Take("as") ? _words.Name().Text : null;
            handlers.Add(new Handler(type, name, ReadBlock("'except' statement", at)));
        }

        List<PythonNode> other = ReadElse();
        Place last = _words.Now.Place;
        List<PythonNode> end = _words.Take("finally") ? ReadBlock("'finally' statement", last) : [];
        return handlers.Count == 0 && end.Count == 0 ? throw new PythonSyntaxException("expected 'except' or 'finally' block", _words.Now.Place) : new TryBlock(body, handlers, other, end, start);
    }

    private WithBlock ReadWith()
    {
        Place start = _words.Next().Place;
        List<(PythonNode, PythonNode?)> items = [];
        do
        {
            PythonNode value = _expressions.Read();
            items.Add((value, _words.Take("as") ? _expressions.ReadTargets() : null));
        }
        while (_words.Take(","));
        return new WithBlock(items, ReadBlock("'with' statement", start), start);
    }

    private FunctionDefinition ReadFunction(List<PythonNode> decorators)
    {
        Place start = _words.Next().Place;
        string name = _words.Name().Text;
        _words.Expect("(", "expected '('");
        List<Parameter> parameters = _expressions.ReadParameters(")", hasTypes: true);
        _words.Expect(")");
        if (_words.Take("->"))
        {
            _expressions.Read();
        }

        bool before = _expressions.HasYield;
        _expressions.HasYield = false;
        List<PythonNode> body = ReadBlock("function definition", start);
        bool isGenerator = _expressions.HasYield;
        _expressions.HasYield = before;
        return new FunctionDefinition(name, parameters, body, decorators, isGenerator, start);
    }

    private ClassDefinition ReadClass(List<PythonNode> decorators)
    {
        Place start = _words.Next().Place;
        string name = _words.Name().Text;
        List<Argument> bases = _words.Take("(") ? _expressions.ReadArguments() : [];
        return new ClassDefinition(name, bases, ReadBlock("class definition", start), decorators, start);
    }

    private PythonNode ReadSimple()
    {
        Token word = _words.Now;
        Place start = word.Place;
        if (word.Kind is TokenKind.Name)
        {
            switch (word.Text)
            {
                case "pass" or "break" or "continue":
                    _words.Next();
                    return new Simple(word.Text, start);
                case "return":
                    _words.Next();
                    return new Return(_expressions.IsStart() ? _expressions.ReadList() : null, start);
                case "raise":
                    _words.Next();
                    PythonNode? raised = _expressions.IsStart() ? _expressions.Read() : null;
                    return new Raising(raised, _words.Take("from") ? _expressions.Read() : null, start);
                case "del":
                    _words.Next();
                    PythonNode removed = _expressions.ReadList();
                    return new Deletion(removed is Sequence { Kind: '(' } list ? list.Items : [removed], start);
                case "assert":
                    _words.Next();
                    return new Assertion(_expressions.Read(), _words.Take(",") ? _expressions.Read() : null, start);
                case "global" or "nonlocal":
                    _words.Next();
                    List<string> names = [_words.Name().Text];
                    while (_words.Take(","))
                    {
                        names.Add(_words.Name().Text);
                    }

                    return new OuterNames(word.Text is "global", names, start);
                case "import" or "from":
                    return ImportReader.Read(_words);
            }
        }

        return ReadExpression(start);
    }

    private PythonNode ReadExpression(Place start)
    {
        PythonNode value = _expressions.ReadList();
        if (_words.Now.Kind is TokenKind.Operator && _words.Now.Text is [.., '='] and not ("==" or "<=" or ">=" or "!=" or "=" or ":="))
        {
            Token mark = _words.Next();
            PythonNode change = _expressions.ReadList();
            return new Augmentation(Target(value), new Binary(mark.Text[..^1], value, change, mark.Place, _words.Since(start)), start);
        }

        if (_words.Take(":"))
        {
            // The type of a variable is not looked at.
            _expressions.Read();
            return _words.Take("=") ? new Assignment([Target(value)], _expressions.ReadList(), start) : new Simple("pass", start);
        }

        if (!_words.Is("="))
        {
            return new ExpressionStatement(value, _words.Since(start));
        }

        List<PythonNode> targets = [];
        while (_words.Take("="))
        {
            targets.Add(Target(value));
            value = _expressions.ReadList();
        }

        return new Assignment(targets, value, _words.Since(start));
    }

    private static PythonNode Target(PythonNode node) => node switch
    {
        NameUse or Member or Subscript => node,
        Sequence { Kind: '(' or '[' } list => list with { Items = [.. list.Items.Select(item => item is Starred star ? star with { Value = Target(star.Value) } : Target(item))] },
        Constant { Value: null or bool } constant => throw new PythonSyntaxException($"cannot assign to {(constant.Value is null ? "None" : (bool)constant.Value ? "True" : "False")}", node.Place),
        _ => throw new PythonSyntaxException($"cannot assign to {node switch { Constant => "literal", Call => "function call", Comparison => "comparison", Lambda => "lambda", Formatted => "f-string expression", Choice => "conditional expression", Mapping => "dict literal", Sequence => "set display", Comprehension => "comprehension", _ => "expression" }} here. Maybe you meant '==' instead of '='?", node.Place),
    };
}
