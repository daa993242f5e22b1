namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Reads expressions.</summary>
internal sealed class PythonExpressions
{
    private const int LongestChain = 1000;

    private static readonly string[][] s_levels = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"]];

    private readonly TokenReader _words;
    private readonly PythonAtoms _atoms;

    public PythonExpressions(TokenReader words) => (_words, _atoms) = (words, new PythonAtoms(words, this));

    /// <summary>Whether a yield was read since it was asked last.</summary>
    public bool HasYield { get; set; }

    /// <summary>One, or several with commas between them: a tuple.</summary>
    public PythonNode ReadList()
    {
        Place start = _words.Now.Place;
        PythonNode first = ReadItem();
        if (!_words.Is(","))
        {
            return first is Starred ? throw new PythonSyntaxException("can't use starred expression here", first.Place) : first;
        }

        List<PythonNode> items = [first];
        while (_words.Take(",") && IsStart())
        {
            items.Add(ReadItem());
        }

        return new Sequence('(', items, _words.Since(start));
    }

    /// <summary>Whether an expression may begin here.</summary>
    public bool IsStart() => _words.Now.Kind switch
    {
        TokenKind.Number or TokenKind.Text => true,
        TokenKind.Name => !TokenReader.IsKeyword(_words.Now.Text) || _words.Now.Text is "None" or "True" or "False" or "not" or "lambda" or "await" or "yield",
        TokenKind.Operator => _words.Now.Text is "(" or "[" or "{" or "-" or "+" or "~" or "*" or "..." or "**",
        _ => false,
    };

    public PythonNode ReadItem()
    {
        Place start = _words.Now.Place;
        return _words.Take("*") ? new Starred(ReadLevel(0), _words.Since(start)) : ReadNamed();
    }

    public PythonNode ReadNamed()
    {
        Place start = _words.Now.Place;
        PythonNode value = Read();
        return value is NameUse name && _words.Take(":=") ? new NamedValue(name.Name, Read(), _words.Since(start)) : value;
    }

    public PythonNode Read()
    {
        _words.Enter();
        Place start = _words.Now.Place;
        PythonNode value = _words.Is("lambda") ? ReadLambda() : _words.Is("yield") ? ReadYield() : ReadChoice(start);
        _words.Leave();
        return value;
    }

    private PythonNode ReadChoice(Place start)
    {
        PythonNode value = ReadOr();
        if (!_words.Take("if"))
        {
            return value;
        }

        PythonNode condition = ReadOr();
        if (!_words.Take("else"))
        {
            throw new PythonSyntaxException("expected 'else' after 'if' expression", _words.Since(start));
        }

        PythonNode other = Read();
        return new Choice(condition, value, other, _words.Since(start));
    }

    private YieldValue ReadYield()
    {
        Place start = _words.Next().Place;
        HasYield = true;
        bool isFrom = _words.Take("from");
        PythonNode? value = IsStart() ? isFrom ? Read() : ReadList() : null;
        return new YieldValue(value, isFrom, _words.Since(start));
    }

    private Lambda ReadLambda()
    {
        Place start = _words.Next().Place;
        List<Parameter> parameters = ReadParameters(":", hasTypes: false);
        _words.Expect(":");
        PythonNode body = Read();
        return new Lambda(parameters, body, _words.Since(start));
    }

    public List<Parameter> ReadParameters(string end, bool hasTypes)
    {
        List<Parameter> parameters = [];
        while (!_words.Is(end))
        {
            string star = _words.Take("**") ? "**" : _words.Take("*") ? "*" : "";
            if (_words.Take("/") || (star is "*" && _words.Is(",")))
            {
                _words.Take(",");
                continue;
            }

            string name = _words.Name().Text;
            if (hasTypes && _words.Take(":"))
            {
                Read();
            }

            parameters.Add(new Parameter(name, star, _words.Take("=") ? Read() : null));
            if (!_words.Take(","))
            {
                break;
            }
        }

        return parameters;
    }

    public PythonNode ReadOr() => ReadChain("or", isAnd: false, ReadAnd);

    private PythonNode ReadAnd() => ReadChain("and", isAnd: true, ReadNot);

    private PythonNode ReadChain(string word, bool isAnd, Func<PythonNode> readPart)
    {
        Place start = _words.Now.Place;
        PythonNode left = readPart();
        for (int length = 1; _words.Take(word); length++)
        {
            Check(length, start);
            left = new Logical(isAnd, left, readPart(), _words.Since(start));
        }

        return left;
    }

    private PythonNode ReadNot()
    {
        Place start = _words.Now.Place;
        if (!_words.Take("not"))
        {
            return ReadComparison();
        }

        _words.Enter();
        PythonNode value = ReadNot();
        _words.Leave();
        return new Unary("not", value, _words.Since(start));
    }

    private PythonNode ReadComparison()
    {
        Place start = _words.Now.Place;
        PythonNode first = ReadLevel(0);
        List<(string, PythonNode)> rest = [];
        while (true)
        {
            string? found = _words.Now.Text is "<" or ">" or "<=" or ">=" or "==" or "!=" && _words.Now.Kind is TokenKind.Operator ? _words.Next().Text
                : _words.Take("in") ? "in"
                : _words.Is("not") && _words.After().Text is "in" ? Both("not in")
                : _words.Is("is") ? _words.After().Text is "not" ? Both("is not") : _words.Next().Text : null;
            if (found is null)
            {
                return rest.Count == 0 ? first : new Comparison(first, rest, _words.Since(start));
            }

            rest.Add((found, ReadLevel(0)));
        }

        string Both(string name)
        {
            _words.Next();
            _words.Next();
            return name;
        }
    }

    public PythonNode ReadLevel(int level)
    {
        if (level == s_levels.Length)
        {
            return ReadFactor();
        }

        Place start = _words.Now.Place;
        PythonNode left = ReadLevel(level + 1);
        int length = 0;
        while (_words.Now.Kind is TokenKind.Operator && s_levels[level].Contains(_words.Now.Text, StringComparer.Ordinal))
        {
            Check(++length, start);
            Token mark = _words.Next();
            PythonNode right = ReadLevel(level + 1);
            left = new Binary(mark.Text, left, right, mark.Place, _words.Since(start));
        }

        return left;
    }

    private PythonNode ReadFactor()
    {
        Place start = _words.Now.Place;
        if (_words.Now.Kind is TokenKind.Operator && _words.Now.Text is "-" or "+" or "~")
        {
            _words.Enter();
            string sign = _words.Next().Text;
            PythonNode value = ReadFactor();
            _words.Leave();
            return new Unary(sign, value, _words.Since(start));
        }

        _words.Take("await");
        PythonNode power = ReadPrimary();
        if (_words.Is("**"))
        {
            _words.Enter();
            Token mark = _words.Next();
            PythonNode right = ReadFactor();
            _words.Leave();
            return new Binary("**", power, right, mark.Place, _words.Since(start));
        }

        return power;
    }

    // Each part of a chain is a level of the tree.
    private static void Check(int length, Place start)
    {
        if (length >= LongestChain)
        {
            throw PythonSyntaxException.Deep(start);
        }
    }

    public PythonNode ReadPrimary()
    {
        Place start = _words.Now.Place;
        PythonNode value = _atoms.Read();
        for (int length = 0; ; length++)
        {
            Check(length, start);
            if (_words.Take("."))
            {
                string name = _words.Name().Text;
                value = new Member(value, name, _words.Since(start));
            }
            else if (_words.Take("("))
            {
                List<Argument> arguments = ReadArguments();
                value = new Call(value, arguments, _words.Since(start));
            }
            else if (_words.Take("["))
            {
                PythonNode index = ReadIndex();
                _words.Expect("]");
                value = new Subscript(value, index, _words.Since(start));
            }
            else
            {
                return value;
            }
        }
    }

    /// <summary>What stands between the brackets of a call, and the closing one.</summary>
    public List<Argument> ReadArguments()
    {
        List<Argument> arguments = [];
        while (!_words.Is(")"))
        {
            Place start = _words.Now.Place;
            string star = _words.Take("**") ? "**" : _words.Take("*") ? "*" : "";
            string? name = star.Length == 0 && _words.Now.Kind is TokenKind.Name && _words.After().Text is "=" && _words.After().Kind is TokenKind.Operator ? _words.Name().Text : null;
            if (name is not null)
            {
                _words.Next();
            }

            PythonNode value = name is null && star.Length == 0 ? ReadNamed() : Read();
            if (_words.Is("for") || _words.Is("async"))
            {
                value = _atoms.ReadComprehension('(', value, null, start);
            }

            arguments.Add(new Argument(name, star, value));
            if (!_words.Take(","))
            {
                Comma(start);
                break;
            }
        }

        _words.Expect(")");
        return arguments;
    }

    // Two expressions side by side within brackets.
    public void Comma(Place start)
    {
        if (_words.Now.Kind is TokenKind.Name or TokenKind.Number or TokenKind.Text && IsStart() && !_words.Is("not"))
        {
            Token stray = _words.Next();
            throw new PythonSyntaxException("invalid syntax. Perhaps you forgot a comma?", start.Line == stray.Place.Line ? start with { End = stray.Place.End } : start with { End = int.MaxValue });
        }
    }

    private PythonNode ReadIndex()
    {
        Place start = _words.Now.Place;
        List<PythonNode> items = [ReadSlice()];
        bool isTuple = false;
        while (_words.Take(","))
        {
            isTuple = true;
            if (!_words.Is("]"))
            {
                items.Add(ReadSlice());
            }
        }

        return isTuple ? new Sequence('(', items, _words.Since(start)) : items[0];
    }

    private PythonNode ReadSlice()
    {
        Place start = _words.Now.Place;
        PythonNode? from = _words.Is(":") ? null : ReadNamed();
        if (!_words.Take(":"))
        {
            return from!;
        }

        PythonNode? to = _words.Is(":") || _words.Is("]") || _words.Is(",") ? null : Read();
        PythonNode? step = _words.Take(":") && !_words.Is("]") && !_words.Is(",") ? Read() : null;
        return new SliceOf(from, to, step, _words.Since(start));
    }

    /// <summary>What stands between "for" and "in".</summary>
    public PythonNode ReadTargets()
    {
        Place start = _words.Now.Place;
        List<PythonNode> items = [];
        bool isTuple = false;
        do
        {
            if (_words.Is("in"))
            {
                break;
            }

            Place item = _words.Now.Place;
            items.Add(_words.Take("*") ? new Starred(ReadPrimary(), _words.Since(item)) : ReadPrimary());
            isTuple |= _words.Is(",");
        }
        while (_words.Take(","));
        return isTuple ? new Sequence('(', items, _words.Since(start)) : items[0];
    }
}
