using System.Text;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>
/// Cuts statements into tokens. Comments are left out; what stands in <c>/*!40101 ... */</c> is read when the version is not newer than ours.
/// </summary>
internal sealed class Lexer(string text)
{
    private const int Version = 80_041;
    private const int MostTokens = 200_000;

    private static readonly string[] Symbols = ["<=>", ":=", "<<", ">>", "<=", ">=", "<>", "!=", "&&", "||", "->>", "->"];

    private int _at;
    private int _open;

    /// <summary>All tokens, an end behind them.</summary>
    /// <exception cref="MySqlException">A quote does not end, or there are too many.</exception>
    public List<Token> Read()
    {
        List<Token> tokens = [];
        while (true)
        {
            SkipSpace();
            if (_at >= text.Length)
            {
                tokens.Add(new Token(TokenKind.End, "", text.Length));
                return tokens;
            }

            if (tokens.Count == MostTokens)
            {
                throw new MySqlException(MySqlError.TooMuch);
            }

            tokens.Add(Next());
        }
    }

    private Token Next()
    {
        int start = _at;
        char c = text[_at];
        switch (c)
        {
            case '\'' or '"':
                return new Token(TokenKind.String, Quoted(c), start);
            case '`':
                return new Token(TokenKind.Name, Quoted(c), start);
            case '@':
                return Variable(start);
            case '?':
                _at++;
                return new Token(TokenKind.Parameter, "?", start);
            case 'x' or 'X' or 'b' or 'B' or 'n' or 'N' when At(_at + 1) == '\'':
                _at++;
                string inner = Quoted('\'');
                return c is 'n' or 'N' ? new Token(TokenKind.String, inner, start) : new Token(TokenKind.Hex, c is 'x' or 'X' ? FromHex(inner, start) : FromBits(inner), start);
            case '0' when At(_at + 1) is 'x' or 'X' && char.IsAsciiHexDigit(At(_at + 2)):
                _at += 2;
                return new Token(TokenKind.Hex, FromHex(While(char.IsAsciiHexDigit), start), start);
            case '.' when char.IsAsciiDigit(At(_at + 1)):
                return Number(start);
        }

        if (char.IsAsciiDigit(c))
        {
            return Number(start);
        }

        if (IsName(c))
        {
            return new Token(TokenKind.Word, While(IsName), start);
        }

        foreach (string symbol in Symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new Token(TokenKind.Symbol, symbol, start);
            }
        }

        _at++;
        return new Token(TokenKind.Symbol, c.ToString(), start);
    }

    // 12, 1.5, 1e3; a name may begin with a digit: 2fa.
    private Token Number(int start)
    {
        string digits = While(char.IsAsciiDigit);
        if (IsName(At(_at)) && At(_at) is not ('e' or 'E'))
        {
            return new Token(TokenKind.Word, digits + While(IsName), start);
        }

        if (At(_at) == '.')
        {
            _at++;
            digits += "." + While(char.IsAsciiDigit);
        }

        if (At(_at) is 'e' or 'E' && (char.IsAsciiDigit(At(_at + 1)) || (At(_at + 1) is '+' or '-' && char.IsAsciiDigit(At(_at + 2)))))
        {
            int from = _at;
            _at += 2;
            While(char.IsAsciiDigit);
            digits += text[from.._at];
        }

        return new Token(TokenKind.Number, digits.StartsWith('.') ? "0" + digits : digits, start);
    }

    private Token Variable(int start)
    {
        bool isSystem = At(_at + 1) == '@';
        _at += isSystem ? 2 : 1;
        if (At(_at) is '\'' or '"' or '`')
        {
            return new Token(isSystem ? TokenKind.SystemVariable : TokenKind.UserVariable, Quoted(text[_at]), start);
        }

        StringBuilder name = new();
        while (IsName(At(_at)) || (At(_at) == '.' && name.Length > 0))
        {
            name.Append(At(_at++));
        }

        return new Token(isSystem ? TokenKind.SystemVariable : TokenKind.UserVariable, name.ToString(), start);
    }

    private string Quoted(char quote)
    {
        int start = _at++;
        StringBuilder value = new();
        while (_at < text.Length)
        {
            char c = text[_at++];
            if (c == quote)
            {
                if (At(_at) != quote)
                {
                    return value.ToString();
                }

                _at++;
            }
            else if (c == '\\' && quote != '`' && _at < text.Length)
            {
                c = text[_at++] switch
                {
                    '0' => '\0',
                    'b' => '\b',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'Z' => '\x1a',
                    '%' => Kept(value, '%'),
                    '_' => Kept(value, '_'),
                    var other => other,
                };
            }

            value.Append(c);
        }

        throw new MySqlException(MySqlError.Syntax(text[start..], Line(start)));
    }

    // \% and \_ stay as they are, for LIKE.
    private static char Kept(StringBuilder value, char c)
    {
        value.Append('\\');
        return c;
    }

    private void SkipSpace()
    {
        while (_at < text.Length)
        {
            char c = text[_at];
            if (char.IsWhiteSpace(c) || c == '\0')
            {
                _at++;
            }
            else if (c == '#' || (c == '-' && At(_at + 1) == '-' && (_at + 2 >= text.Length || char.IsWhiteSpace(At(_at + 2)) || char.IsControl(At(_at + 2)))))
            {
                int end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end + 1;
            }
            else if (c == '/' && At(_at + 1) == '*')
            {
                Comment();
            }
            else if (c == '*' && At(_at + 1) == '/' && _open > 0)
            {
                _open--;
                _at += 2;
            }
            else
            {
                return;
            }
        }
    }

    private void Comment()
    {
        if (At(_at + 2) == '!')
        {
            int at = _at + 3, version = 0;
            for (; at < text.Length && char.IsAsciiDigit(text[at]) && at < _at + 9; at++)
            {
                version = (version * 10) + (text[at] - '0');
            }

            if (version <= Version)
            {
                _open++;
                _at = at;
                return;
            }
        }

        int end = text.IndexOf("*/", _at + 2, StringComparison.Ordinal);
        _at = end < 0 ? text.Length : end + 2;
    }

    private string FromHex(string digits, int start)
    {
        digits = digits.Length % 2 == 0 ? digits : "0" + digits;
        return digits.All(char.IsAsciiHexDigit) ? Encoding.Latin1.GetString(Convert.FromHexString(digits)) : throw new MySqlException(MySqlError.Syntax(text[start..], Line(start)));
    }

    private static string FromBits(string bits)
    {
        ulong value = 0;
        foreach (char bit in bits)
        {
            value = (value << 1) | (bit == '1' ? 1u : 0u);
        }

        int length = Math.Max(1, (Math.Min(bits.Length, 64) + 7) / 8);
        return string.Concat(Enumerable.Range(0, length).Reverse().Select(i => (char)((value >> (8 * i)) & 0xFF)));
    }

    public int Line(int at) => 1 + text.AsSpan(0, Math.Min(at, text.Length)).Count('\n');

    private string While(Func<char, bool> isPart)
    {
        int start = _at;
        while (_at < text.Length && isPart(text[_at]))
        {
            _at++;
        }

        return text[start.._at];
    }

    private char At(int at) => at < text.Length ? text[at] : '\0';

    private static bool IsName(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' || c >= 0x80;
}
