using System.Numerics;
using System.Text;

namespace Blackwall.Tarpit.Shell.Python;

/// <summary>Reads the parts that expressions are made of: names, numbers, texts, and what stands in brackets.</summary>
internal sealed class PythonAtoms(TokenReader words, PythonExpressions expressions)
{
    public PythonNode Read()
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
            items.Add(expressions.ReadItem());
            if (items.Count == 1 && (words.Is("for") || words.Is("async")))
            {
                PythonNode comprehension = ReadComprehension(open, items[0], null, start);
                words.Expect(close);
                return comprehension;
            }

            if (!words.Take(","))
            {
                expressions.Comma(item);
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
                pairs.Add((null, expressions.ReadLevel(0)));
            }
            else
            {
                PythonNode key = expressions.ReadItem();
                PythonNode? value = words.Take(":") ? expressions.Read() : null;
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
                expressions.Comma(item);
                break;
            }
        }

        words.Expect("}");
        return items.Count > 0 ? pairs.Count > 0 ? throw words.Invalid() : new Sequence('{', items, words.Since(start)) : new Mapping(pairs, words.Since(start));
    }

    public Comprehension ReadComprehension(char kind, PythonNode element, PythonNode? value, Place start)
    {
        List<ComprehensionPart> parts = [];
        while (true)
        {
            words.Take("async");
            if (words.Take("for"))
            {
                PythonNode target = expressions.ReadTargets();
                words.Expect("in");
                parts.Add(new ComprehensionPart(target, expressions.ReadOr()));
            }
            else if (words.Take("if"))
            {
                parts.Add(new ComprehensionPart(null, expressions.ReadOr()));
            }
            else
            {
                return new Comprehension(kind, element, value, parts, words.Since(start));
            }
        }
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
