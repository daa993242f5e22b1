using System.Globalization;

namespace Blackwall.Tarpit.Shell;

/// <summary>Shell arithmetic (bash(1), ARITHMETIC EVALUATION): 64-bit integers, C's operators. Depth is bounded.</summary>
internal sealed class Calculator : CalculatorText
{
    private const int Deepest = 120;
    private static readonly string[][] Levels = [["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<=", ">=", "<", ">"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]];
    private static readonly string[] Assigning = ["<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "="];

    private readonly ShellState _state;
    private int _depth;
    private int _skips;

    private Calculator(string text, ShellState state, int depth)
        : base(text) => (_state, _depth) = (state, depth);

    /// <summary>The value of an expression; an empty one is 0.</summary>
    /// <exception cref="ShellErrorException">It is none.</exception>
    public static long Evaluate(string expression, ShellState state) => Evaluate(expression, state, 0);

    private static long Evaluate(string expression, ShellState state, int depth)
    {
        Calculator calculator = new(expression, state, depth);
        calculator.Skip();
        if (calculator.Place == expression.Length)
        {
            return 0;
        }

        long value = calculator.List();
        calculator.Skip();
        return calculator.Place == expression.Length ? value : throw calculator.Error(calculator.Place > 0 && IsOperandEnd(calculator.Before()) && !IsOperator(expression[calculator.Place]) ? "syntax error in expression" : "syntax error: invalid arithmetic operator");
    }

    private char Before()
    {
        int at = Place - 1;
        while (at > 0 && char.IsWhiteSpace(Text[at]))
        {
            at--;
        }

        return at >= 0 ? Text[at] : '\0';
    }

    private static bool IsOperandEnd(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or ')' or ']' or ' ';

    private static bool IsOperator(char c) => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '(' or ')');

    private ShellErrorException Error(string message) => new($"{Text.TrimStart()}: {message} (error token is \"{Text[Math.Min(Place, Text.Length)..]}\")") { IsArithmetic = true };

    private long List()
    {
        long value = Assignment();
        while (TryRead(","))
        {
            value = Assignment();
        }

        return value;
    }

    private long Assignment()
    {
        Enter();
        int start = Place;
        if (Name() is { } name)
        {
            Skip();
            string? operation = Array.Find(Assigning, IsAt);
            if (operation is not null && (operation.Length > 1 || At(1) != '='))
            {
                Place += operation.Length;
                long right = Assignment();
                long value = operation.Length == 1 ? right : Apply(operation[..^1], Value(name), right);
                Store(name, value);
                _depth--;
                return value;
            }

            Place = start;
        }

        long result = Condition();
        _depth--;
        return result;
    }

    private long Condition()
    {
        long condition = Binary(0);
        if (!TryRead("?"))
        {
            return condition;
        }

        _skips += condition == 0 ? 1 : 0;
        long yes = List();
        _skips -= condition == 0 ? 1 : 0;
        if (!TryRead(":"))
        {
            throw Error("`:' expected for conditional expression");
        }

        _skips += condition != 0 ? 1 : 0;
        long no = Assignment();
        _skips -= condition != 0 ? 1 : 0;
        return condition != 0 ? yes : no;
    }

    private long Binary(int level)
    {
        if (level == Levels.Length)
        {
            return Power();
        }

        long left = Binary(level + 1);
        while (true)
        {
            string? found = Array.Find(Levels[level], IsHere);
            if (found is null)
            {
                return left;
            }

            Place += found.Length;
            if (found is "||" or "&&")
            {
                // What decides already leaves the other side alone.
                bool decides = left != 0 == found is "||";
                _skips += decides ? 1 : 0;
                long other = Binary(level + 1);
                _skips -= decides ? 1 : 0;
                left = decides ? (left != 0 ? 1 : 0) : other != 0 ? 1 : 0;
                continue;
            }

            left = Apply(found, left, Binary(level + 1));
        }
    }

    // "<" is not the beginning of "<<", nor "&" that of "&&".
    private bool IsHere(string operation)
    {
        Skip();
        if (!IsAt(operation))
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

    private long Power()
    {
        long left = Unary();
        if (!TryRead("**"))
        {
            return left;
        }

        Enter();
        long right = Power();
        _depth--;
        if (right < 0)
        {
            throw Error("exponent less than 0");
        }

        long result = 1;
        for (; right > 0; right >>= 1)
        {
            result = (right & 1) != 0 ? unchecked(result * left) : result;
            left = unchecked(left * left);
        }

        return result;
    }

    private long Unary()
    {
        Enter();
        long value;
        if (TryRead("++") || TryRead("--"))
        {
            long step = Text[Place - 1] == '+' ? 1 : -1;
            int behind = Place;
            if (Name() is { } name)
            {
                value = unchecked(Value(name) + step);
                Store(name, value);
            }
            else
            {
                // Two signs before a number.
                Place = behind;
                value = Unary();
            }
        }
        else if (IsAt("!") && At(1) != '=' && TryRead("!"))
        {
            value = Unary() == 0 ? 1 : 0;
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
            value = Primary();
        }

        _depth--;
        return value;
    }

    private long Primary()
    {
        Skip();
        if (TryRead("("))
        {
            long value = List();
            return TryRead(")") ? value : throw Error("missing `)'");
        }

        if (Name() is { } name)
        {
            long value = Value(name);
            if (TryRead("++") || TryRead("--"))
            {
                Store(name, unchecked(value + (Text[Place - 1] == '+' ? 1 : -1)));
            }

            return value;
        }

        int start = Place;
        if (!char.IsAsciiDigit(At(0)))
        {
            throw Error("syntax error: operand expected");
        }

        while (char.IsAsciiLetterOrDigit(At(0)) || At(0) is '#' or '@' or '_')
        {
            Place++;
        }

        return Number(Text[start..Place]);
    }

    private long Apply(string operation, long left, long right)
    {
        if (operation is "/" or "%" && right == 0)
        {
            return _skips > 0 ? 0 : throw new ShellErrorException($"{Text.TrimStart()}: division by 0 (error token is \"{LastOperand()}\")") { IsArithmetic = true };
        }

        return operation switch
        {
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
            "/" => right == -1 ? unchecked(-left) : left / right,
            _ => right == -1 ? 0 : left % right,
        };
    }

    /// <summary>A variable's value: a number, or an expression of its own.</summary>
    private long Value(string name)
    {
        if (_skips > 0)
        {
            return 0;
        }

        string? found = name.EndsWith(']') ? Element(name) : Expansion.ShellParameters.Find(_state, name);
        if (found is null && _state.Has("nounset"))
        {
            throw new ShellErrorException($"{name}: unbound variable", _state.IsInteractive ? null : 127);
        }

        string text = (found ?? "").Trim();
        return text.Length > 0 && text.Length < 18 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && (text[0] != '0' || text.Length == 1) ? long.Parse(text, CultureInfo.InvariantCulture)
            : _depth > Deepest / 2 ? throw new ShellErrorException($"{text}: expression recursion level exceeded (error token is \"{text}\")")
            : Evaluate(text, _state, _depth + 10);
    }

    private string? Element(string name)
    {
        (string array, string key) = Split(name);
        return _state.Variables.Find(array) is { } variable ? variable.Array is { } found ? found.Get(key) : key is "0" ? variable.Value : null : null;
    }

    private void Store(string name, long value)
    {
        if (_skips > 0)
        {
            return;
        }

        string text = value.ToString(CultureInfo.InvariantCulture);
        if (name.EndsWith(']'))
        {
            (string array, string key) = Split(name);
            _state.Set(array, text, key);
        }
        else
        {
            _state.Set(name, text);
        }
    }

    private (string Array, string Key) Split(string name)
    {
        int open = name.IndexOf('[', StringComparison.Ordinal);
        string array = name[..open], key = name[(open + 1)..^1];
        if (_state.Variables.Find(array)?.Array is { IsAssociative: true })
        {
            return (array, _state.Key(isAssociative: true, key));
        }

        return string.IsNullOrWhiteSpace(key) ? throw new ShellErrorException($"{name}: bad array subscript") : (array, Evaluate(key, _state, _depth + 10).ToString(CultureInfo.InvariantCulture));
    }

    private long Number(string text)
    {
        int radix = 10;
        string digits = text;
        if (text.IndexOf('#', StringComparison.Ordinal) is > 0 and var hash)
        {
            if (!int.TryParse(text.AsSpan(0, hash), NumberStyles.None, CultureInfo.InvariantCulture, out radix) || radix is < 2 or > 64)
            {
                Place -= text.Length;
                throw Error("invalid arithmetic base");
            }

            digits = text[(hash + 1)..];
        }
        else if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            (radix, digits) = (16, text[2..]);
        }
        else if (text.Length > 1 && text[0] == '0')
        {
            (radix, digits) = (8, text[1..]);
        }

        long value = 0;
        foreach (char digit in digits)
        {
            int one = char.IsAsciiDigit(digit) ? digit - '0' : char.IsAsciiLetterLower(digit) ? digit - 'a' + 10 : char.IsAsciiLetterUpper(digit) ? digit - 'A' + (radix <= 36 ? 10 : 36) : digit == '@' ? 62 : digit == '_' ? 63 : 99;
            if (one >= radix)
            {
                Place -= text.Length;
                throw Error("value too great for base");
            }

            value = unchecked((value * radix) + one);
        }

        return value;
    }

    private void Enter()
    {
        if (++_depth > Deepest)
        {
            throw new ShellErrorException($"{(Text.Length > 60 ? Text[..60] : Text)}: expression recursion level exceeded");
        }
    }
}
