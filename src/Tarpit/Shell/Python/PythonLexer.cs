using System.Globalization;
using System.Numerics;
using System.Text;

namespace Blackwall.Tarpit.Shell.Python;

internal enum TokenKind
{
    Name,
    Number,
    Text,
    Operator,
    NewLine,
    Indent,
    Dedent,
    End,
}

/// <param name="Text">As it stands; of a string its content, without quotes and with its escapes.</param>
/// <param name="Prefix">Of a string, in small letters: "rb".</param>
internal sealed record Token(TokenKind Kind, string Text, Place Place, string Prefix = "", object? Value = null);

/// <summary>Cuts a program into its words; lines are joined within brackets, and indentation becomes words of its own.</summary>
internal sealed class PythonLexer(string source)
{
    private const int MostTokens = 100_000, MostBrackets = 200;
    private static readonly string[] s_operators = ["**=", "//=", ">>=", "<<=", "...", "**", "//", ">>", "<<", "<=", ">=", "==", "!=", "->", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", ":=", "+", "-", "*", "/", "%", "@", "&", "|", "^", "~", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", ".", ";", "="];

    private readonly List<Token> _tokens = [];
    private readonly Stack<(char Open, Place Place)> _brackets = new();
    private readonly Stack<int> _indents = new([0]);
    private int _at, _line = 1, _lineStart;

    public IReadOnlyList<Token> Read()
    {
        bool isLineStart = true;
        while (_at < source.Length)
        {
            if (_tokens.Count > MostTokens)
            {
                throw new PythonSyntaxException("too many statically nested blocks", Here(1));
            }

            if (isLineStart && _brackets.Count == 0)
            {
                if (!TryIndent())
                {
                    continue;
                }

                isLineStart = false;
            }

            char c = source[_at];
            if (c == '\n')
            {
                if (_brackets.Count == 0)
                {
                    Add(TokenKind.NewLine, "\n", 1);
                    isLineStart = true;
                }

                NextLine();
            }
            else if (c is ' ' or '\t' or '\r' or '\f')
            {
                _at++;
            }
            else if (c == '#')
            {
                _at = source.IndexOf('\n', _at) is >= 0 and var end ? end : source.Length;
            }
            else if (c == '\\')
            {
                Continue();
            }
            else if (!TryText() && !TryName() && !TryNumber())
            {
                ReadOperator(c);
            }
        }

        if (_brackets.TryPeek(out (char Open, Place Place) open))
        {
            throw new PythonSyntaxException($"'{open.Open}' was never closed", open.Place);
        }

        if (_tokens.Count > 0 && _tokens[^1].Kind is not TokenKind.NewLine)
        {
            Add(TokenKind.NewLine, "\n", 1);
        }

        while (_indents.Pop() > 0)
        {
            Add(TokenKind.Dedent, "", 1);
        }

        Add(TokenKind.End, "", 1);
        return _tokens;
    }

    private Place Here(int length) => new(_line, _at - _lineStart, _at - _lineStart + length);

    private void Add(TokenKind kind, string text, int length) => _tokens.Add(new Token(kind, text, Here(length)));

    private void NextLine()
    {
        _at++;
        _line++;
        _lineStart = _at;
    }

    private void Continue()
    {
        if (_at + 1 < source.Length && source[_at + 1] == '\n')
        {
            _at++;
            NextLine();
            return;
        }

        _at++;
        throw new PythonSyntaxException("unexpected character after line continuation character", Here(1));
    }

    // False: the line is empty, and was left.
    private bool TryIndent()
    {
        int column = 0;
        while (_at < source.Length && source[_at] is ' ' or '\t' or '\f')
        {
            column = source[_at] == '\t' ? (column / 8 * 8) + 8 : column + 1;
            _at++;
        }

        if (_at >= source.Length || source[_at] is '\n' or '#' or '\r')
        {
            _at = source.IndexOf('\n', _at) is >= 0 and var end ? end : source.Length;
            if (_at < source.Length)
            {
                NextLine();
            }

            return false;
        }

        if (column > _indents.Peek())
        {
            if (_indents.Count > 99)
            {
                throw new PythonSyntaxException("too many levels of indentation", Here(1), "IndentationError");
            }

            _indents.Push(column);
            Add(TokenKind.Indent, "", 1);
        }

        while (column < _indents.Peek())
        {
            _indents.Pop();
            if (column > _indents.Peek())
            {
                int end = source.IndexOf('\n', _at) is >= 0 and var found ? found : source.Length;
                throw new PythonSyntaxException("unindent does not match any outer indentation level", new Place(_line, end - _lineStart, end - _lineStart + 1), "IndentationError");
            }

            Add(TokenKind.Dedent, "", 1);
        }

        return true;
    }

    private bool TryName()
    {
        int end = _at;
        while (end < source.Length && (source[end] == '_' || char.IsLetterOrDigit(source[end])))
        {
            end++;
        }

        if (end == _at || char.IsAsciiDigit(source[_at]))
        {
            return false;
        }

        Add(TokenKind.Name, source[_at..end], end - _at);
        _at = end;
        return true;
    }

    private bool TryNumber()
    {
        char c = source[_at];
        if (!char.IsAsciiDigit(c) && !(c == '.' && _at + 1 < source.Length && char.IsAsciiDigit(source[_at + 1])))
        {
            return false;
        }

        int end = _at;
        int radix = c == '0' && _at + 1 < source.Length ? char.ToLowerInvariant(source[_at + 1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 } : 10;
        bool isReal = false;
        end += radix == 10 ? 0 : 2;
        while (end < source.Length && (char.IsAsciiDigit(source[end]) || source[end] == '_' || (radix == 16 && char.IsAsciiHexDigit(source[end]))
            || (radix == 10 && (source[end] is '.' or 'e' or 'E' || (source[end] is '+' or '-' && source[end - 1] is 'e' or 'E')))))
        {
            isReal |= radix == 10 && source[end] is '.' or 'e' or 'E';
            end++;
        }

        string digits = source[_at..end].Replace("_", "", StringComparison.Ordinal);
        if (end < source.Length && (char.IsLetter(source[end]) || source[end] == '_'))
        {
            throw new PythonSyntaxException(radix switch { 16 => "invalid hexadecimal literal", 8 => "invalid octal literal", 2 => "invalid binary literal", _ => "invalid decimal literal" }, new Place(_line, end - _lineStart - 1, end - _lineStart));
        }

        if (!isReal && radix == 10 && digits.Length > 1 && digits[0] == '0' && digits.Trim('0').Length > 0)
        {
            throw new PythonSyntaxException("leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers", new Place(_line, _at - _lineStart, _at - _lineStart + 1));
        }

        object? value = isReal ? double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? real : null : Whole(radix == 10 ? digits : digits[2..], radix);
        _tokens.Add(new Token(TokenKind.Number, digits, Here(end - _at), "", value ?? throw new PythonSyntaxException("invalid decimal literal", Here(1))));
        _at = end;
        return true;
    }

    /// <summary>A whole number in a radix; null: it is none.</summary>
    public static BigInteger? Whole(string digits, int radix)
    {
        const int longest = 5000;
        if (digits.Length is 0 or > longest)
        {
            return null;
        }

        BigInteger number = 0;
        foreach (char digit in digits)
        {
            int value = char.IsAsciiDigit(digit) ? digit - '0' : char.IsAsciiLetter(digit) ? char.ToLowerInvariant(digit) - 'a' + 10 : radix;
            if (value >= radix)
            {
                return null;
            }

            number = (number * radix) + value;
        }

        return number;
    }

    private bool TryText()
    {
        int quote = _at;
        while (quote < source.Length && quote - _at < 2 && source[quote] is 'r' or 'R' or 'b' or 'B' or 'u' or 'U' or 'f' or 'F')
        {
            quote++;
        }

        if (quote >= source.Length || source[quote] is not ('"' or '\''))
        {
            return false;
        }

        string prefix = source[_at..quote].ToLowerInvariant();
        char mark = source[quote];
        bool isLong = string.CompareOrdinal(source, quote, new string(mark, 3), 0, 3) == 0;
        Place place = new(_line, _at - _lineStart, _at - _lineStart + 1);
        int at = quote + (isLong ? 3 : 1), line = _line, lineStart = _lineStart;
        StringBuilder text = new();
        while (true)
        {
            if (at >= source.Length || (!isLong && source[at] == '\n'))
            {
                throw new PythonSyntaxException(string.Create(CultureInfo.InvariantCulture, $"unterminated {(isLong ? "triple-quoted " : "")}{(prefix.Contains('f', StringComparison.Ordinal) ? "f-" : "")}string literal (detected at line {line})"), place);
            }

            if (source[at] == mark && (!isLong || string.CompareOrdinal(source, at, new string(mark, 3), 0, 3) == 0))
            {
                break;
            }

            int length = source[at] == '\\' && at + 1 < source.Length ? 2 : 1;
            text.Append(source, at, length);
            for (int n = 0; n < length; n++, at++)
            {
                if (source[at] == '\n')
                {
                    line++;
                    lineStart = at + 1;
                }
            }
        }

        at += isLong ? 3 : 1;
        _tokens.Add(new Token(TokenKind.Text, text.ToString(), place with { End = at - _lineStart }, prefix));
        (_at, _line, _lineStart) = (at, line, lineStart);
        return true;
    }

    private void ReadOperator(char c)
    {
        string? found = Array.Find(s_operators, word => string.CompareOrdinal(source, _at, word, 0, word.Length) == 0);
        if (found is null)
        {
            throw new PythonSyntaxException(c is '$' or '?' or '`' or '!' ? "invalid syntax" : char.IsControl(c) ? string.Create(CultureInfo.InvariantCulture, $"invalid non-printable character U+{(int)c:X4}") : string.Create(CultureInfo.InvariantCulture, $"invalid character '{c}' (U+{(int)c:X4})"), Here(1));
        }

        if (found is "(" or "[" or "{")
        {
            _brackets.Push((found[0], Here(1)));
            if (_brackets.Count > MostBrackets)
            {
                throw new PythonSyntaxException("too many nested parentheses", Here(1));
            }
        }
        else if (found is ")" or "]" or "}")
        {
            if (!_brackets.TryPop(out (char Open, Place Place) open))
            {
                throw new PythonSyntaxException($"unmatched '{found}'", Here(1));
            }

            if ((open.Open, found[0]) is not (('(', ')') or ('[', ']') or ('{', '}')))
            {
                throw new PythonSyntaxException($"closing parenthesis '{found}' does not match opening parenthesis '{open.Open}'{(open.Place.Line == _line ? "" : string.Create(CultureInfo.InvariantCulture, $" on line {open.Place.Line}"))}", Here(1));
            }
        }

        Add(TokenKind.Operator, found, found.Length);
        _at += found.Length;
    }
}
