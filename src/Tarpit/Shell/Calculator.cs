using System.Globalization;

namespace Blackwall.Tarpit.Shell;

/// <summary>Shell arithmetic: 64-bit integers, C's operators. A wrong expression is 0; depth is bounded.</summary>
internal sealed class Calculator
{
    private const int Deepest = 100;
    private static readonly string[][] Levels = [["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<=", ">=", "<", ">"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]];

    private readonly string _text;
    private readonly ShellState _state;
    private int _at;
    private int _depth;

    private Calculator(string text, ShellState state) => (_text, _state) = (text, state);

    public static long Evaluate(string expression, ShellState state)
    {
        Calculator calculator = new(expression, state);
        long value = 0;
        do
        {
            value = calculator.Assignment();
        }
        while (calculator.TryRead(","));
        return value;
    }

    private long Assignment()
    {
        if (++_depth > Deepest)
        {
            return 0;
        }

        int start = _at;
        if (Name() is { } name)
        {
            foreach (string operation in new[] { "<<=", ">>=", "=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=" })
            {
                Skip();
                if (string.CompareOrdinal(_text, _at, operation, 0, operation.Length) == 0 && (operation.Length > 1 || At(1) != '='))
                {
                    _at += operation.Length;
                    long right = Assignment(), left = operation.Length == 1 ? 0 : Value(name);
                    long value = operation.Length == 1 ? right : Apply(operation[..^1], left, right);
                    Store(name, value);
                    _depth--;
                    return value;
                }
            }

            _at = start;
        }

        long condition = Binary(0);
        if (TryRead("?"))
        {
            long yes = Assignment();
            TryRead(":");
            long no = Assignment();
            condition = condition != 0 ? yes : no;
        }

        _depth--;
        return condition;
    }

    private long Binary(int level)
    {
        if (level == Levels.Length)
        {
            return Unary();
        }

        long left = Binary(level + 1);
        while (true)
        {
            string? found = Array.Find(Levels[level], IsHere);
            if (found is null)
            {
                return left;
            }

            _at += found.Length;
            left = Apply(found, left, Binary(level + 1));
        }
    }

    // "<" is not the beginning of "<<", nor "&" that of "&&".
    private bool IsHere(string operation)
    {
        Skip();
        if (string.CompareOrdinal(_text, _at, operation, 0, operation.Length) != 0)
        {
            return false;
        }

        char next = At(operation.Length);
        return operation switch
        {
            "|" or "&" or "<" or ">" => next != operation[0] && next != '=',
            "*" => next is not ('*' or '='),
            "+" or "-" or "/" or "%" or "^" or "<<" or ">>" => next != '=',
            _ => true,
        };
    }

    private long Unary()
    {
        if (++_depth > Deepest)
        {
            return 0;
        }

        long value;
        if (TryRead("!"))
        {
            value = Unary() == 0 ? 1 : 0;
        }
        else if (TryRead("++") || TryRead("--"))
        {
            bool up = _text[_at - 1] == '+';
            string name = Name() ?? "";
            value = Value(name) + (up ? 1 : -1);
            Store(name, value);
        }
        else if (TryRead("-"))
        {
            value = unchecked(-Unary());
        }
        else if (TryRead("+"))
        {
            value = Unary();
        }
        else if (TryRead("~"))
        {
            value = ~Unary();
        }
        else
        {
            value = Power();
        }

        _depth--;
        return value;
    }

    private long Power()
    {
        long left = Primary();
        if (!TryRead("**"))
        {
            return left;
        }

        long right = Unary(), result = 1;
        for (long i = 0; i < Math.Min(right, 64); i++)
        {
            result = unchecked(result * left);
        }

        return result;
    }

    private long Primary()
    {
        if (TryRead("("))
        {
            long value = Assignment();
            while (TryRead(","))
            {
                value = Assignment();
            }

            TryRead(")");
            return value;
        }

        if (Name() is { } name)
        {
            long value = Value(name);
            if (TryRead("++") || TryRead("--"))
            {
                Store(name, value + (_text[_at - 1] == '+' ? 1 : -1));
            }

            return value;
        }

        Skip();
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '#'))
        {
            _at++;
        }

        if (_at == start && _at < _text.Length)
        {
            // What is no operand ends the expression.
            _at = _text.Length;
        }

        return Number(_text[start.._at]);
    }

    private static long Apply(string operation, long left, long right) => operation switch
    {
        "||" => left != 0 || right != 0 ? 1 : 0,
        "&&" => left != 0 && right != 0 ? 1 : 0,
        "|" => left | right,
        "^" => left ^ right,
        "&" => left & right,
        "==" => left == right ? 1 : 0,
        "!=" => left != right ? 1 : 0,
        "<=" => left <= right ? 1 : 0,
        ">=" => left >= right ? 1 : 0,
        "<" => left < right ? 1 : 0,
        ">" => left > right ? 1 : 0,
        "<<" => left << (int)(right & 63),
        ">>" => left >> (int)(right & 63),
        "+" => unchecked(left + right),
        "-" => unchecked(left - right),
        "*" => unchecked(left * right),
        "/" => right == 0 ? 0 : right == -1 ? unchecked(-left) : left / right,
        "%" => right is 0 or -1 ? 0 : left % right,
        _ => 0,
    };

    /// <summary>A variable's value: a number, or an expression of its own.</summary>
    private long Value(string name)
    {
        string text = (name.Contains('[', StringComparison.Ordinal) ? Element(name) : _state.Get(name)).Trim();
        return text.Length == 0 || char.IsAsciiDigit(text[0]) || (text[0] is '-' or '+' && text.Length > 1 && char.IsAsciiDigit(text[1]) && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0) || _depth > Deepest / 2
            ? Number(text) : new Calculator(text, _state) { _depth = _depth + 10 }.Assignment();
    }

    private string Element(string name)
    {
        (string array, string key) = Split(name);
        return _state.Arrays.TryGetValue(array, out ShellArray? found) ? found.Get(key) ?? "" : key is "0" ? _state.Get(array) : "";
    }

    private void Store(string name, long value)
    {
        string text = value.ToString(CultureInfo.InvariantCulture);
        if (!name.Contains('[', StringComparison.Ordinal))
        {
            _state.Set(name, text);
            return;
        }

        (string array, string key) = Split(name);
        _state.Array(array).Set(key, text);
    }

    private (string Array, string Key) Split(string name)
    {
        int open = name.IndexOf('[', StringComparison.Ordinal);
        string array = name[..open], key = name[(open + 1)..^1];
        return (array, _state.Arrays.TryGetValue(array, out ShellArray? found) && found.IsAssociative ? key : new Calculator(key, _state) { _depth = _depth + 10 }.Assignment().ToString(CultureInfo.InvariantCulture));
    }

    private static long Number(string text)
    {
        text = text.Trim();
        try
        {
            return text.IndexOf('#', StringComparison.Ordinal) is > 0 and var hash && int.TryParse(text.AsSpan(0, hash), NumberStyles.None, CultureInfo.InvariantCulture, out int radix) && radix is >= 2 and <= 36 ? OfBase(text[(hash + 1)..], radix)
                : text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? Convert.ToInt64(text, 16)
                : text.Length > 1 && text[0] == '0' ? Convert.ToInt64(text, 8)
                : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : 0;
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            return 0;
        }
    }

    private static long OfBase(string digits, int radix)
    {
        long value = 0;
        foreach (char digit in digits)
        {
            int one = char.IsAsciiDigit(digit) ? digit - '0' : char.IsAsciiLetter(digit) ? char.ToLowerInvariant(digit) - 'a' + 10 : radix;
            if (one >= radix)
            {
                return 0;
            }

            value = unchecked((value * radix) + one);
        }

        return value;
    }

    private string? Name()
    {
        Skip();
        int start = _at;
        if (_at < _text.Length && (char.IsAsciiLetter(_text[_at]) || _text[_at] == '_'))
        {
            while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] == '_'))
            {
                _at++;
            }
        }

        if (_at > start && _at < _text.Length && _text[_at] == '[')
        {
            int depth = 0;
            for (int end = _at; end < _text.Length; end++)
            {
                depth += _text[end] == '[' ? 1 : _text[end] == ']' ? -1 : 0;
                if (depth == 0)
                {
                    _at = end + 1;
                    break;
                }
            }
        }

        return _at == start ? null : _text[start.._at];
    }

    private char At(int ahead) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private void Skip()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private bool TryRead(string wanted)
    {
        Skip();
        if (string.CompareOrdinal(_text, _at, wanted, 0, wanted.Length) != 0)
        {
            return false;
        }

        _at += wanted.Length;
        return true;
    }
}
