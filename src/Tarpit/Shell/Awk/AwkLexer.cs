using System.Text;

namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>Words of an awk program (POSIX awk, Lexical Conventions). A slash is a division behind a value, else the beginning of an expression.</summary>
internal sealed class AwkLexer(string text)
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "BEGIN", "END", "function", "func", "if", "else", "while", "for", "do", "break", "continue", "next", "nextfile", "exit", "return", "delete", "in", "getline", "print", "printf",
    };

    private static readonly string[] Operators =
    [
        "**=", "&&", "||", "==", "!=", "<=", ">=", "++", "--", "+=", "-=", "*=", "/=", "%=", "^=", "!~", ">>", "**", "{", "}", "(", ")", "[", "]", ";", ",", "+", "-", "*", "/", "%", "^", "!", ">", "<", "|", "?", ":", "~", "$", "=",
    ];

    private readonly List<AwkToken> _tokens = [];
    private int _at;
    private int _line = 1;

    /// <exception cref="AwkSyntaxException">It is no program.</exception>
    public IReadOnlyList<AwkToken> Read()
    {
        while (_at < text.Length)
        {
            char c = text[_at];
            if (c is ' ' or '\t' or '\r')
            {
                _at++;
            }
            else if (c == '\\' && _at + 1 < text.Length && text[_at + 1] == '\n')
            {
                _at += 2;
                _line++;
            }
            else if (c == '\n')
            {
                Add(AwkTokenKind.NewLine, "\n");
                _line++;
                _at++;
            }
            else if (c == '#')
            {
                int end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end;
            }
            else if (c == '"')
            {
                _at++;
                Add(AwkTokenKind.Text, Until('"', isRegex: false));
            }
            else if (c == '/' && !IsAfterValue)
            {
                _at++;
                Add(AwkTokenKind.Regex, Until('/', isRegex: true));
            }
            else if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])))
            {
                ReadNumber();
            }
            else if (char.IsAsciiLetter(c) || c == '_')
            {
                ReadName();
            }
            else if (Operators.FirstOrDefault(one => string.CompareOrdinal(text, _at, one, 0, one.Length) == 0) is { } found)
            {
                Add(AwkTokenKind.Operator, found switch { "**" => "^", "**=" => "^=", _ => found });
                _at += found.Length;
            }
            else
            {
                throw new AwkSyntaxException(_line, c.ToString());
            }
        }

        Add(AwkTokenKind.NewLine, "\n");
        Add(AwkTokenKind.End, "end of program");
        return _tokens;
    }

    private bool IsAfterValue => _tokens is [.., { Kind: AwkTokenKind.Number or AwkTokenKind.Text or AwkTokenKind.Regex or AwkTokenKind.Name or AwkTokenKind.BuiltIn } or { Kind: AwkTokenKind.Operator, Text: ")" or "]" or "$" or "++" or "--" }];

    private void Add(AwkTokenKind kind, string word) => _tokens.Add(new AwkToken(kind, word, _line));

    private void ReadNumber()
    {
        int start = _at;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.'))
        {
            _at++;
        }

        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            int exponent = _at + 1;
            if (exponent < text.Length && text[exponent] is '+' or '-')
            {
                exponent++;
            }

            if (exponent < text.Length && char.IsAsciiDigit(text[exponent]))
            {
                _at = exponent;
                while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                {
                    _at++;
                }
            }
        }

        Add(AwkTokenKind.Number, text[start.._at]);
    }

    private void ReadName()
    {
        int start = _at;
        while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
        {
            _at++;
        }

        string name = text[start.._at];
        Add(
            Words.Contains(name) ? AwkTokenKind.Word
            : AwkFunctions.IsKnown(name) ? AwkTokenKind.BuiltIn
            : _at < text.Length && text[_at] == '(' ? AwkTokenKind.CalledName
            : AwkTokenKind.Name,
            name is "func" ? "function" : name);
    }

    private string Until(char end, bool isRegex)
    {
        StringBuilder found = new();
        bool isInBracket = false;
        while (_at < text.Length && (text[_at] != end || isInBracket))
        {
            char c = text[_at++];
            if (c == '\n')
            {
                throw new AwkSyntaxException(_line, isRegex ? "/" : "\"");
            }

            if (isRegex && c is '[' or ']')
            {
                isInBracket = c == '[' && text.IndexOf(']', _at) >= 0;
            }

            if (c != '\\' || _at >= text.Length)
            {
                found.Append(c);
                continue;
            }

            char next = text[_at++];
            _ = next == end ? found.Append(end)
                : isRegex ? found.Append('\\').Append(next)
                : Decode(next, found);
        }

        if (_at >= text.Length)
        {
            throw new AwkSyntaxException(_line, isRegex ? "/" : "\"");
        }

        _at++;
        return found.ToString();
    }

    private StringBuilder Decode(char next, StringBuilder found)
    {
        if (next is >= '0' and <= '7')
        {
            int value = next - '0';
            for (int digits = 1; digits < 3 && _at < text.Length && text[_at] is >= '0' and <= '7'; digits++)
            {
                value = (value * 8) + text[_at++] - '0';
            }

            return found.Append((char)(value & 0xFF));
        }

        return next switch
        {
            'n' => found.Append('\n'),
            't' => found.Append('\t'),
            'r' => found.Append('\r'),
            'a' => found.Append('\a'),
            'b' => found.Append('\b'),
            'f' => found.Append('\f'),
            'v' => found.Append('\v'),
            '\\' or '"' or '/' => found.Append(next),
            '\n' => found,
            _ => found.Append('\\').Append(next),
        };
    }
}
