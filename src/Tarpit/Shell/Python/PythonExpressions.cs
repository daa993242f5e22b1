using System.Numerics;
using System.Text;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Reads expressions.</summary>
internal sealed class PythonExpressions(TokenReader words)
{
    private static readonly string[][] s_levels = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "//", "%", "@"]];

    /// <summary>Whether a yield was read since it was asked last.</summary>
    public bool HasYield { get; set; }

    /// <summary>One, or several with commas between them: a tuple.</summary>
    public PythonNode ReadList()
    {
        Place start = words.Now.Place;
        PythonNode first = ReadItem();
        if (!words.Is(","))
        {
            return first is Starred ? throw new PythonSyntaxException("can't use starred expression here", first.Place) : first;
        }

        List<PythonNode> items = [first];
        while (words.Take(",") && IsStart())
        {
            items.Add(ReadItem());
        }

        return new Sequence('(', items, words.Since(start));
    }

    /// <summary>Whether an expression may begin here.</summary>
    public bool IsStart() => words.Now.Kind switch
    {
        TokenKind.Number or TokenKind.Text => true,
        TokenKind.Name => !TokenReader.IsKeyword(words.Now.Text) || words.Now.Text is "None" or "True" or "False" or "not" or "lambda" or "await" or "yield",
        TokenKind.Operator => words.Now.Text is "(" or "[" or "{" or "-" or "+" or "~" or "*" or "..." or "**",
        _ => false,
    };

    public PythonNode ReadItem()
    {
        Place start = words.Now.Place;
        return words.Take("*") ? new Starred(ReadLevel(0), words.Since(start)) : ReadNamed();
    }

    public PythonNode ReadNamed()
    {
        Place start = words.Now.Place;
        PythonNode value = Read();
        return value is NameUse name && words.Take(":=") ? new NamedValue(name.Name, Read(), words.Since(start)) : value;
    }

    public PythonNode Read()
    {
        words.Enter();
        Place start = words.Now.Place;
        PythonNode value = words.Is("lambda") ? ReadLambda() : words.Is("yield") ? ReadYield() : ReadChoice(start);
        words.Leave();
        return value;
    }

    private PythonNode ReadChoice(Place start)
    {
        PythonNode value = ReadOr();
        if (!words.Take("if"))
        {
            return value;
        }

        PythonNode condition = ReadOr();
        if (!words.Take("else"))
        {
            throw new PythonSyntaxException("expected 'else' after 'if' expression", words.Since(start));
        }

        PythonNode other = Read();
        return new Choice(condition, value, other, words.Since(start));
    }

    private YieldValue ReadYield()
    {
        Place start = words.Next().Place;
        HasYield = true;
        bool isFrom = words.Take("from");
        PythonNode? value = IsStart() ? isFrom ? Read() : ReadList() : null;
        return new YieldValue(value, isFrom, words.Since(start));
    }

    private Lambda ReadLambda()
    {
        Place start = words.Next().Place;
        List<Parameter> parameters = ReadParameters(":", hasTypes: false);
        words.Expect(":");
        PythonNode body = Read();
        return new Lambda(parameters, body, words.Since(start));
    }

    public List<Parameter> ReadParameters(string end, bool hasTypes)
    {
        List<Parameter> parameters = [];
        while (!words.Is(end))
        {
            string star = words.Take("**") ? "**" : words.Take("*") ? "*" : "";
            if (words.Take("/") || (star is "*" && words.Is(",")))
            {
                words.Take(",");
                continue;
            }

            string name = words.Name().Text;
            if (hasTypes && words.Take(":"))
            {
                Read();
            }

            parameters.Add(new Parameter(name, star, words.Take("=") ? Read() : null));
            if (!words.Take(","))
            {
                break;
            }
        }

        return parameters;
    }

    private PythonNode ReadOr()
    {
        Place start = words.Now.Place;
        PythonNode left = ReadAnd();
        while (words.Take("or"))
        {
            PythonNode right = ReadAnd();
            left = new Logical(false, left, right, words.Since(start));
        }

        return left;
    }

    private PythonNode ReadAnd()
    {
        Place start = words.Now.Place;
        PythonNode left = ReadNot();
        while (words.Take("and"))
        {
            PythonNode right = ReadNot();
            left = new Logical(true, left, right, words.Since(start));
        }

        return left;
    }

    private PythonNode ReadNot()
    {
        Place start = words.Now.Place;
        if (!words.Take("not"))
        {
            return ReadComparison();
        }

        words.Enter();
        PythonNode value = ReadNot();
        words.Leave();
        return new Unary("not", value, words.Since(start));
    }

    private PythonNode ReadComparison()
    {
        Place start = words.Now.Place;
        PythonNode first = ReadLevel(0);
        List<(string, PythonNode)> rest = [];
        while (true)
        {
            string? found = words.Now.Text is "<" or ">" or "<=" or ">=" or "==" or "!=" && words.Now.Kind is TokenKind.Operator ? words.Next().Text
                : words.Take("in") ? "in"
                : words.Is("not") && words.After().Text is "in" ? Both("not in")
                : words.Is("is") ? words.After().Text is "not" ? Both("is not") : words.Next().Text : null;
            if (found is null)
            {
                return rest.Count == 0 ? first : new Comparison(first, rest, words.Since(start));
            }

            rest.Add((found, ReadLevel(0)));
        }

        string Both(string name)
        {
            words.Next();
            words.Next();
            return name;
        }
    }

    private PythonNode ReadLevel(int level)
    {
        if (level == s_levels.Length)
        {
            return ReadFactor();
        }

        Place start = words.Now.Place;
        PythonNode left = ReadLevel(level + 1);
        while (words.Now.Kind is TokenKind.Operator && s_levels[level].Contains(words.Now.Text, StringComparer.Ordinal))
        {
            Token mark = words.Next();
            PythonNode right = ReadLevel(level + 1);
            left = new Binary(mark.Text, left, right, mark.Place, words.Since(start));
        }

        return left;
    }

    private PythonNode ReadFactor()
    {
        Place start = words.Now.Place;
        if (words.Now.Kind is TokenKind.Operator && words.Now.Text is "-" or "+" or "~")
        {
            words.Enter();
            string sign = words.Next().Text;
            PythonNode value = ReadFactor();
            words.Leave();
            return new Unary(sign, value, words.Since(start));
        }

        words.Take("await");
        PythonNode power = ReadPrimary();
        if (words.Is("**"))
        {
            words.Enter();
            Token mark = words.Next();
            PythonNode right = ReadFactor();
            words.Leave();
            return new Binary("**", power, right, mark.Place, words.Since(start));
        }

        return power;
    }

    private PythonNode ReadPrimary()
    {
        Place start = words.Now.Place;
        PythonNode value = ReadAtom();
        while (true)
        {
            if (words.Take("."))
            {
                string name = words.Name().Text;
                value = new Member(value, name, words.Since(start));
            }
            else if (words.Take("("))
            {
                List<Argument> arguments = ReadArguments();
                value = new Call(value, arguments, words.Since(start));
            }
            else if (words.Take("["))
            {
                PythonNode index = ReadIndex();
                words.Expect("]");
                value = new Subscript(value, index, words.Since(start));
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
        while (!words.Is(")"))
        {
            Place start = words.Now.Place;
            string star = words.Take("**") ? "**" : words.Take("*") ? "*" : "";
            string? name = star.Length == 0 && words.Now.Kind is TokenKind.Name && words.After().Text is "=" && words.After().Kind is TokenKind.Operator ? words.Name().Text : null;
            if (name is not null)
            {
                words.Next();
            }

            PythonNode value = name is null && star.Length == 0 ? ReadNamed() : Read();
            if (words.Is("for") || words.Is("async"))
            {
                value = ReadComprehension('(', value, null, start);
            }

            arguments.Add(new Argument(name, star, value));
            if (!words.Take(","))
            {
                Comma(start);
                break;
            }
        }

        words.Expect(")");
        return arguments;
    }

    // Two expressions side by side within brackets.
    private void Comma(Place start)
    {
        if (words.Now.Kind is TokenKind.Name or TokenKind.Number or TokenKind.Text && IsStart() && !words.Is("not"))
        {
            Token stray = words.Next();
            throw new PythonSyntaxException("invalid syntax. Perhaps you forgot a comma?", start.Line == stray.Place.Line ? start with { End = stray.Place.End } : start with { End = int.MaxValue });
        }
    }

    private PythonNode ReadIndex()
    {
        Place start = words.Now.Place;
        List<PythonNode> items = [ReadSlice()];
        bool isTuple = false;
        while (words.Take(","))
        {
            isTuple = true;
            if (!words.Is("]"))
            {
                items.Add(ReadSlice());
            }
        }

        return isTuple ? new Sequence('(', items, words.Since(start)) : items[0];
    }

    private PythonNode ReadSlice()
    {
        Place start = words.Now.Place;
        PythonNode? from = words.Is(":") ? null : ReadNamed();
        if (!words.Take(":"))
        {
            return from!;
        }

        PythonNode? to = words.Is(":") || words.Is("]") || words.Is(",") ? null : Read();
        PythonNode? step = words.Take(":") && !words.Is("]") && !words.Is(",") ? Read() : null;
        return new SliceOf(from, to, step, words.Since(start));
    }

    private PythonNode ReadAtom()
    {
        Token word = words.Now;
        switch (word.Kind)
        {
            case TokenKind.Number:
                words.Next();
                return new Constant(word.Value is BigInteger number ? number : word.Value, word.Place);
            case TokenKind.Text:
                return ReadTexts();
            case TokenKind.Name when word.Text is "None" or "True" or "False":
                words.Next();
                return new Constant(word.Text is "None" ? null : word.Text is "True", word.Place);
            case TokenKind.Name:
                words.Name();
                return new NameUse(word.Text, word.Place);
            case TokenKind.Operator when word.Text is "...":
                words.Next();
                return new NameUse("Ellipsis", word.Place);
            case TokenKind.Operator when word.Text is "(" or "[" or "{":
                words.Next();
                words.Enter();
                PythonNode value = word.Text is "{" ? ReadBraces(word.Place) : ReadBracket(word.Text[0], word.Place);
                words.Leave();
                return value;
            default:
                throw words.Invalid();
        }
    }

    private PythonNode ReadBracket(char open, Place start)
    {
        string close = open == '(' ? ")" : "]";
        List<PythonNode> items = [];
        bool isTuple = false;
        while (!words.Is(close))
        {
            Place item = words.Now.Place;
            items.Add(ReadItem());
            if (items.Count == 1 && (words.Is("for") || words.Is("async")))
            {
                PythonNode comprehension = ReadComprehension(open, items[0], null, start);
                words.Expect(close);
                return comprehension;
            }

            if (!words.Take(","))
            {
                Comma(item);
                break;
            }

            isTuple = true;
        }

        words.Expect(close);
        return open == '(' && items.Count == 1 && !isTuple ? items[0] : new Sequence(open, items, words.Since(start));
    }

    private PythonNode ReadBraces(Place start)
    {
        List<(PythonNode?, PythonNode)> pairs = [];
        List<PythonNode> items = [];
        while (!words.Is("}"))
        {
            Place item = words.Now.Place;
            if (words.Take("**"))
            {
                pairs.Add((null, ReadLevel(0)));
            }
            else
            {
                PythonNode key = ReadItem();
                PythonNode? value = words.Take(":") ? Read() : null;
                if (words.Is("for") || words.Is("async"))
                {
                    PythonNode comprehension = ReadComprehension(value is null ? '{' : ':', key, value, start);
                    words.Expect("}");
                    return comprehension;
                }

                if (value is null)
                {
                    items.Add(key);
                }
                else
                {
                    pairs.Add((key, value));
                }
            }

            if (!words.Take(","))
            {
                Comma(item);
                break;
            }
        }

        words.Expect("}");
        return items.Count > 0 ? pairs.Count > 0 ? throw words.Invalid() : new Sequence('{', items, words.Since(start)) : new Mapping(pairs, words.Since(start));
    }

    private Comprehension ReadComprehension(char kind, PythonNode element, PythonNode? value, Place start)
    {
        List<ComprehensionPart> parts = [];
        while (true)
        {
            words.Take("async");
            if (words.Take("for"))
            {
                PythonNode target = ReadTargets();
                words.Expect("in");
                parts.Add(new ComprehensionPart(target, ReadOr()));
            }
            else if (words.Take("if"))
            {
                parts.Add(new ComprehensionPart(null, ReadOr()));
            }
            else
            {
                return new Comprehension(kind, element, value, parts, words.Since(start));
            }
        }
    }

    /// <summary>What stands between "for" and "in".</summary>
    public PythonNode ReadTargets()
    {
        Place start = words.Now.Place;
        List<PythonNode> items = [];
        bool isTuple = false;
        do
        {
            if (words.Is("in"))
            {
                break;
            }

            Place item = words.Now.Place;
            items.Add(words.Take("*") ? new Starred(ReadPrimary(), words.Since(item)) : ReadPrimary());
            isTuple |= words.Is(",");
        }
        while (words.Take(","));
        return isTuple ? new Sequence('(', items, words.Since(start)) : items[0];
    }

    // Texts side by side are one.
    private PythonNode ReadTexts()
    {
        Place start = words.Now.Place;
        List<PythonNode> parts = [];
        StringBuilder bytes = new();
        bool isBytes = words.Now.Prefix.Contains('b', StringComparison.Ordinal);
        while (words.Now.Kind is TokenKind.Text)
        {
            Token word = words.Next();
            if (word.Prefix.Contains('b', StringComparison.Ordinal) != isBytes)
            {
                throw new PythonSyntaxException("cannot mix bytes and nonbytes literals", words.Since(start));
            }

            if (isBytes && word.Text.Any(c => c > 127))
            {
                throw new PythonSyntaxException("bytes can only contain ASCII literal characters", word.Place);
            }

            bool isRaw = word.Prefix.Contains('r', StringComparison.Ordinal);
            if (isBytes)
            {
                bytes.Append(isRaw ? word.Text : PythonEscapes.Read(word.Text, isBytes: true, word.Place));
            }
            else if (word.Prefix.Contains('f', StringComparison.Ordinal))
            {
                parts.AddRange(FormattedText.Read(word.Text, isRaw, word.Place));
            }
            else
            {
                parts.Add(new Constant(isRaw ? word.Text : PythonEscapes.Read(word.Text, isBytes: false, word.Place), word.Place));
            }
        }

        Place place = words.Since(start);
        return isBytes ? new Constant(Encoding.Latin1.GetBytes(bytes.ToString()), place)
            : parts.All(part => part is Constant) ? new Constant(string.Concat(parts.Select(part => (string?)((Constant)part).Value)), place) : new Formatted(parts, place);
    }
}
