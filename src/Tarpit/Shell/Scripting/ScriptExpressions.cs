namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>Reads expressions of Perl and PHP.</summary>
internal sealed class ScriptExpressions
{
    private static readonly string[][] s_levels =
    [
        ["||", "//", "??"], ["&&"], ["|"], ["^"], ["&"], ["===", "!==", "<=>", "==", "!=", "eq", "ne", "cmp"], ["<=", ">=", "<", ">", "lt", "gt", "le", "ge"], ["<<", ">>"], ["+", "-", "."], ["*", "/", "%", "x"],
    ];

    private readonly ScriptSource _source;
    private readonly ScriptPrimaries _primaries;

    public ScriptExpressions(ScriptSource source, Func<Block> readBlock) => (_source, _primaries) = (source, new ScriptPrimaries(source, readBlock, this));

    public Items ReadList()
    {
        int line = _source.Line;
        List<ScriptNode> items = [];
        do
        {
            if (IsOver())
            {
                break;
            }

            items.Add(Assign());
        }
        while (_source.Take("=>") || _source.Take(","));
        if (items.Count == 1 && (_source.Is("or") || _source.Is("and") || _source.Is("xor")))
        {
            items[0] = Low(items[0]);
        }

        return new Items(items, false, false, line);
    }

    public bool IsOver() => _source.IsEnd || _source.Is(")") || _source.Is("]") || _source.Is("}") || _source.Is(";") || _source.Is(":") || _source.Is("?>") || (!_source.IsPhp && (_source.Is("if") || _source.Is("unless") || _source.Is("for") || _source.Is("foreach") || _source.Is("while"))) || _source.Is("or") || _source.Is("and");

    public ScriptNode Read() => Low(Assign());

    private ScriptNode Low(ScriptNode left)
    {
        for (int length = 0; ; length++)
        {
            _source.CheckChain(length);
            int line = _source.Line;
            if (_source.Take("or") || _source.Take("xor"))
            {
                left = new Operation("||", left, Assign(), line);
            }
            else if (_source.Take("and"))
            {
                left = new Operation("&&", left, Assign(), line);
            }
            else
            {
                return left;
            }
        }
    }

    public ScriptNode Assign()
    {
        _source.Enter();
        int line = _source.Line;
        if (_source.Take("not"))
        {
            _source.Leave();
            return new Operation("!", Assign(), null, line);
        }

        ScriptNode left = Range();
        if (_source.Take("?"))
        {
            ScriptNode? then = _source.Is(":") ? null : Assign();
            _source.Expect(":");
            left = new Conditional(left, then, Assign(), line);
        }

        foreach (string sign in (string[])["**=", "||=", "&&=", "//=", "??=", "<<=", ">>=", "+=", "-=", "*=", "/=", ".=", "%=", "x=", "|=", "&=", "^=", "="])
        {
            if (_source.Is(sign) && !(sign is "=" && _source.After(1) is '=' or '~' or '>') && !(sign is "x=" && _source.After(2) is '='))
            {
                _source.Take(sign);
                _source.Take("&");
                left = new Storing(sign, left, Assign(), line);
                break;
            }
        }

        _source.Leave();
        return left;
    }

    private ScriptNode Range()
    {
        ScriptNode left = Level(0);
        int line = _source.Line;
        return !_source.IsPhp && _source.Is("..") && _source.Take("..") ? new Operation("..", left, Level(0), line) : left;
    }

    private ScriptNode Level(int level)
    {
        if (level == s_levels.Length)
        {
            return Bound();
        }

        ScriptNode left = Level(level + 1);
        for (int length = 0; ; length++)
        {
            _source.CheckChain(length);
            int line = _source.Line;
            string? sign = Array.Find(s_levels[level], word => _source.Is(word) && Fits(word));
            if (sign is null)
            {
                return left;
            }

            _source.Take(sign);
            left = new Operation(sign, left, Level(level + 1), line);
        }
    }

    private bool Fits(string word)
    {
        char next = _source.After(word.Length);
        return (_source.IsPhp ? !char.IsAsciiLetter(word[0]) : word is not ("===" or "!==" or "??"))
            && !(next == '=' && word is not ("==" or "!=" or "<=" or ">=" or "===" or "!==" or "eq" or "ne" or "<=>" or "cmp") && word[^1] is not ('=' or '>') && word is not ("<" or ">"))
            && !(word is "<" or ">" && next == '=') && !(word is "<=" && next == '>') && !(word is "|" or "&" && next == word[0]) && !(word is "." && next == '.') && !(word is "-" or "+" && next == word[0] && _source.After(2) is ';' or ')')
            && !(word is "*" && next == '*') && !(word is "x" && next == '=' && _source.After(2) != '=');
    }

    private ScriptNode Bound()
    {
        ScriptNode left = Prefix();
        int line = _source.Line;
        bool isNegated = _source.Is("!~");
        if (_source.IsPhp || (!_source.Take("=~") && !_source.Take("!~")))
        {
            return left;
        }

        return Prefix() switch
        {
            Matching match => match with { Subject = left, IsNegated = isNegated },
            Transliterating change => change with { Subject = left },
            var pattern => new Matching(left, pattern, null, "", isNegated, line),
        };
    }

    public ScriptNode Prefix()
    {
        int line = _source.Line;
        _source.Skip();
        foreach (string sign in (string[])["!", "++", "--", "-", "+", "\\", "~", "@"])
        {
            bool isFileTest = sign is "-" && !_source.IsPhp && char.IsAsciiLetter(_source.After(1)) && !ScriptSource.IsLetter(_source.After(2));
            if (!_source.Is(sign) || (sign is "!" && _source.After(1) is '=' or '~') || (sign is "@" && !_source.IsPhp) || (sign is "\\" && _source.IsPhp))
            {
                continue;
            }

            _source.At += sign.Length;
            _source.Enter();
            if (isFileTest)
            {
                string test = "-" + _source.Now;
                _source.At++;
                ScriptNode file = IsOver() ? new VariableUse("$_", line) : Prefix();
                _source.Leave();
                return new Calling(test, [file], line);
            }

            ScriptNode operand = Prefix();
            _source.Leave();
            return sign is "+" or "@" ? operand : sign is "\\" ? new Calling("\\", [operand], line) : sign is "++" or "--" ? new Storing(sign[..1] + "=", operand, new Literal(1.0, line), line) : new Operation(sign is "-" ? "neg" : sign, operand, null, line);
        }

        ScriptNode value = Postfix();
        return _source.Is("**") && _source.After(2) != '=' && _source.Take("**") ? new Operation("**", value, Prefix(), line) : value;
    }

    private ScriptNode Postfix()
    {
        ScriptNode value = _primaries.Read();
        for (int length = 0; ; length++)
        {
            _source.CheckChain(length);
            int line = _source.Line;
            if (_source.Now == '[' && value is not Literal and not Calling { Name: not ("\\" or "deref$") })
            {
                _source.At++;
                ScriptNode? key = _source.Is("]") ? null : Assign();
                _source.Expect("]");
                value = new Element(_source.IsPhp ? value : Container(value, '@'), key, line);
            }
            else if (_source.Now == '{' && !_source.IsPhp && value is VariableUse { Name: ['$', ..] } or Element)
            {
                value = new Element(Container(value, '%'), Key(), line);
            }
            else if (_source.Take("->"))
            {
                if (_source.Now is '[' or '{')
                {
                    bool isList = _source.Now == '[';
                    ScriptNode key = isList ? Bracket() : Key();
                    value = new Element(value, key, line);
                }
                else
                {
                    string name = _source.Name() ?? throw _source.Fault();
                    value = _source.Now == '(' ? new MethodCalling(value, name, Arguments(), line) : _source.IsPhp ? new Element(value, new Literal(name, line), line) : new MethodCalling(value, name, [], line);
                }
            }
            else if (_source.Is("++") || _source.Is("--"))
            {
                bool isUp = _source.Take("++");
                _ = isUp || _source.Take("--");
                value = new Storing(isUp ? "post+" : "post-", value, new Literal(1.0, line), line);
            }
            else
            {
                return value;
            }
        }
    }

    // $x[0] is an element of @x, $x{k} of %x.
    private static ScriptNode Container(ScriptNode value, char sign) => value is Calling { Name: "deref$", Arguments: [var reference] } ? reference : value is VariableUse { Name: ['$', .. var name] } use ? use with { Name = sign + name } : value;

    private ScriptNode Bracket()
    {
        _source.Expect("[");
        ScriptNode key = Assign();
        _source.Expect("]");
        return key;
    }

    // {name} and {-name} are texts.
    private ScriptNode Key()
    {
        int line = _source.Line;
        _source.Expect("{");
        int start = _source.At;
        if (_source.Name() is { } word && _source.Take("}"))
        {
            return new Literal(word, line);
        }

        _source.At = start;
        ScriptNode key = Assign();
        _source.Expect("}");
        return key;
    }

    public List<ScriptNode> Arguments()
    {
        _source.Expect("(");
        List<ScriptNode> values = [.. ReadList().Values];
        _source.Expect(")");
        return values;
    }
}
