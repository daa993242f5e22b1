using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.Shell;

/// <summary>Writes a regular expression of POSIX, basic or extended with GNU's additions, in the syntax of .NET.</summary>
internal sealed class RegexTranslator
{
    private const int LargestCount = 1000;
    private const int Deepest = 100;

    // Pieces, with those that counts repeat.
    private const int MostPieces = 1500;

    private readonly string _pattern;
    private readonly bool _isMultiline;
    private readonly StringBuilder _made = new();
    private readonly RegexAlternatives _alternatives = new();
    private int _at;
    private int _open;
    private int _groups;
    private bool _isWrong;

    // Whether something is there that "*" could repeat.
    private bool _hasAtom;

    // Pieces of the groups that are open, of the group that is read, and of its last piece.
    private readonly Stack<int> _outer = new();
    private int _pieces;
    private int _lastPieces;
    private int _piecesBefore;

    private RegexTranslator(string extended, bool isMultiline) => (_pattern, _isMultiline) = (extended, isMultiline);

    /// <summary>Null: it is no expression.</summary>
    public static string? Translate(string pattern, bool isExtended, bool isMultiline)
    {
        RegexTranslator translator = new(isExtended ? pattern : ToExtended(pattern), isMultiline);
        return translator.Translate();
    }

    /// <summary>A basic expression as an extended one: the backslashes before ( ) { } | + ? change their meaning, and anchors stand at ends only.</summary>
    public static string ToExtended(string pattern)
    {
        StringBuilder extended = new();
        bool isStart = true;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            bool wasStart = isStart;
            isStart = false;
            if (c == '\\' && i + 1 < pattern.Length)
            {
                char next = pattern[++i];
                _ = next is '(' or ')' or '{' or '}' or '|' or '+' or '?' ? extended.Append(wasStart && next is '+' or '?' or '{' && wasStart ? "\\" + next : next.ToString()) : extended.Append('\\').Append(next);
                isStart = next is '(' or '|';
            }
            else if (c == '[' && BracketEnd(pattern, i) is > 0 and var end)
            {
                extended.Append(pattern, i, end - i + 1);
                i = end;
            }
            else if (c is '(' or ')' or '{' or '}' or '|' or '+' or '?')
            {
                extended.Append('\\').Append(c);
            }
            else if (c == '*' && wasStart)
            {
                extended.Append("\\*");
            }
            else if (c == '^')
            {
                extended.Append(wasStart ? "^" : "\\^");
                isStart = wasStart;
            }
            else if (c == '$')
            {
                bool isEnd = i + 1 == pattern.Length || (pattern[i + 1] == '\\' && i + 2 < pattern.Length && pattern[i + 2] is ')' or '|');
                extended.Append(isEnd ? "$" : "\\$");
            }
            else
            {
                extended.Append(c);
            }
        }

        return extended.ToString();
    }

    private string? Translate()
    {
        while (_at < _pattern.Length && !_isWrong)
        {
            One(_pattern[_at++]);
        }

        if (_isWrong || _open > 0)
        {
            return null;
        }

        _alternatives.Close(_made);
        return _made.ToString();
    }

    private void One(char c)
    {
        Count(1);
        switch (c)
        {
            case '\\':
                Escape();
                break;
            case '[':
                Bracket();
                break;
            case '(':
                _open++;
                _groups++;
                _outer.Push(_pieces);
                _pieces = 0;
                _isWrong |= _open > Deepest;
                _made.Append('(');
                _alternatives.Open(_made.Length);
                _hasAtom = false;
                break;
            case ')' when _open > 0:
                _open--;
                _alternatives.Close(_made);
                _lastPieces = _pieces;
                _pieces += _outer.Pop();
                _made.Append(')');
                _hasAtom = true;
                break;
            case '|':
                _made.Append('|');
                _alternatives.Next(_made.Length);
                _hasAtom = false;
                break;
            case '*' or '+' or '?':
                Repeat(c.ToString());
                break;
            case '{' when Interval() is { } interval:
                Repeat(interval);
                break;
            case '^':
                _made.Append('^');
                _hasAtom = false;
                break;
            case '$':
                _made.Append(_isMultiline ? "$" : "\\z");
                _hasAtom = true;
                break;
            case '.':
                _made.Append('.');
                _hasAtom = true;
                break;
            default:
                Literal(c);
                break;
        }
    }

    private void Count(int pieces)
    {
        _piecesBefore = _lastPieces;
        _lastPieces = pieces;
        _pieces += pieces;
        _isWrong |= _pieces > MostPieces;
    }

    private void Literal(char c)
    {
        _ = c is '{' or '}' or ')' or '(' or '|' or '.' or '*' or '+' or '?' or '^' or '$' or '[' or ']' or '\\' or '#' or ' ' ? _made.Append('\\').Append(c) : _made.Append(c);
        _hasAtom = true;
    }

    // What repeats nothing stands for itself; several in a row are one.
    private void Repeat(string times)
    {
        if (!_hasAtom)
        {
            if (times is "*" or "+" or "?")
            {
                _ = _made.Length == 0 || _made[^1] is '^' or '(' or '|' ? _made.Append('\\').Append(times) : _made;
                _hasAtom = _made.Length > 0 && _made[^1] == times[0];
            }

            return;
        }

        if (_made.Length > 1 && _made[^1] is '*' or '+' or '?' or '}' && _made[^2] != '\\')
        {
            // a*? would be something else in .NET.
            int start = AtomStart();
            _made.Insert(start, "(?:").Append(')');
        }

        _made.Append(times);
    }

    // Where the piece that was repeated last begins: a group, a set or a character.
    private int AtomStart()
    {
        int at = _made.Length - 1;
        if (_made[at] == '}')
        {
            while (at > 0 && _made[at] != '{')
            {
                at--;
            }
        }

        at--;
        if (_made[at] is ')' or ']' && (at == 0 || _made[at - 1] != '\\'))
        {
            char open = _made[at] == ')' ? '(' : '[', close = _made[at];
            int depth = 0;
            for (; at > 0; at--)
            {
                bool isEscaped = at > 0 && _made[at - 1] == '\\';
                depth += isEscaped ? 0 : _made[at] == close ? 1 : _made[at] == open ? -1 : 0;
                if (depth == 0)
                {
                    break;
                }
            }

            return at;
        }

        return at > 0 && _made[at - 1] == '\\' ? at - 1 : at;
    }

    private string? Interval()
    {
        int end = _pattern.IndexOf('}', _at);
        if (end < 0)
        {
            return null;
        }

        string[] parts = _pattern[_at..end].Split(',');
        if (parts.Length > 2 || (parts[0].Length == 0 && parts.Length == 1) || parts.Any(part => part.Any(c => !char.IsAsciiDigit(c))))
        {
            return null;
        }

        int least = parts[0].Length == 0 ? 0 : Count(parts[0]);
        int most = parts.Length == 1 ? least : parts[1].Length == 0 ? -1 : Count(parts[1]);
        _isWrong |= least > LargestCount || most > LargestCount || (most >= 0 && most < least);
        _at = end + 1;
        if (!_isWrong)
        {
            // The brace counted as a piece itself.
            Count(_piecesBefore * Math.Max(Math.Max(least, most), 1));
        }

        return parts.Length == 1 ? string.Create(CultureInfo.InvariantCulture, $"{{{least}}}") : most < 0 ? string.Create(CultureInfo.InvariantCulture, $"{{{least},}}") : string.Create(CultureInfo.InvariantCulture, $"{{{least},{most}}}");
    }

    private static int Count(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) ? count : int.MaxValue;

    private void Escape()
    {
        if (_at >= _pattern.Length)
        {
            _isWrong = true;
            return;
        }

        char c = _pattern[_at++];
        string? made = c switch
        {
            '<' or '>' or 'b' => "\\b",
            'B' => "\\B",
            'w' => "[A-Za-z0-9_]",
            'W' => "[^A-Za-z0-9_]",
            's' => "[ \\t\\n\\r\\f\\v]",
            'S' => "[^ \\t\\n\\r\\f\\v]",
            '`' => "\\A",
            '\'' => "\\z",
            'n' => "\\n",
            't' => "\\t",
            _ => null,
        };
        if (made is not null)
        {
            _made.Append(made);
            _hasAtom = c is not ('<' or '>' or 'b' or 'B' or '`');
            return;
        }

        if (c is >= '1' and <= '9')
        {
            _isWrong |= c - '0' > _groups;
            _made.Append("(?:\\").Append(c).Append(')');
            _hasAtom = true;
            return;
        }

        Literal(c);
    }

    private void Bracket()
    {
        int end = BracketEnd(_pattern, _at - 1);
        if (end < 0)
        {
            _isWrong = true;
            return;
        }

        string inner = _pattern[_at..end];
        _at = end + 1;
        bool isNegated = inner.StartsWith('^');
        StringBuilder set = new();
        for (int i = isNegated ? 1 : 0; i < inner.Length; i++)
        {
            if (inner[i] == '[' && i + 1 < inner.Length && inner[i + 1] is ':' or '.' or '=')
            {
                int close = inner.IndexOf($"{inner[i + 1]}]", i + 2, StringComparison.Ordinal);
                if (close > 0)
                {
                    string name = inner[(i + 2)..close];
                    string? made = inner[i + 1] == ':' ? Class(name) : name.Length == 1 ? Escaped(name[0]) : null;
                    _isWrong |= made is null;
                    set.Append(made);
                    i = close + 1;
                    continue;
                }
            }

            if (inner[i] == '-' && i > (isNegated ? 1 : 0) && i + 1 < inner.Length && set.Length > 0)
            {
                _isWrong |= inner[i - 1] > inner[i + 1] && inner[i + 1] != '[';
                set.Append('-');
                continue;
            }

            // \n and \t in a set are what awk and sed make of them.
            set.Append(Escaped(inner[i]));
        }

        _made.Append(isNegated ? "[^" : "[").Append(set).Append(']');
        _hasAtom = true;
    }

    private static string Escaped(char c) => c is '\\' or ']' or '[' or '^' or '-' ? "\\" + c : c.ToString();

    private static int BracketEnd(string pattern, int open)
    {
        int at = open + 1;
        at += at < pattern.Length && pattern[at] == '^' ? 1 : 0;
        at += at < pattern.Length && pattern[at] == ']' ? 1 : 0;
        for (; at < pattern.Length; at++)
        {
            if (pattern[at] == ']')
            {
                return at;
            }

            if (pattern[at] == '[' && at + 1 < pattern.Length && pattern[at + 1] is ':' or '.' or '=')
            {
                int close = pattern.IndexOf($"{pattern[at + 1]}]", at + 2, StringComparison.Ordinal);
                at = close > 0 ? close + 1 : at;
            }
        }

        return -1;
    }

    private static string? Class(string name) => name switch
    {
        "alpha" => "a-zA-Z\\u00AA-\\u02FF\\u0370-\\uFFFD",
        "digit" => "0-9",
        "alnum" => "a-zA-Z0-9\\u00AA-\\u02FF\\u0370-\\uFFFD",
        "space" => " \\t\\n\\r\\f\\v",
        "upper" => "A-Z",
        "lower" => "a-z",
        "blank" => " \\t",
        "xdigit" => "0-9a-fA-F",
        "punct" => "!-/:-@\\[-`{-~",
        "cntrl" => "\\x00-\\x1F\\x7F",
        "print" => " -~\\u00A0-\\uFFFD",
        "graph" => "!-~\\u00A1-\\uFFFD",
        _ => null,
    };
}
