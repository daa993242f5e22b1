using System.Globalization;
using System.Runtime.CompilerServices;

namespace Blackwall.Tarpit.Shell;

/// <summary>Shell arithmetic (bash(1), ARITHMETIC EVALUATION): 64-bit integers, C's operators. Depth is bounded.</summary>
internal sealed class Calculator : CalculatorText
{
    private const int Deepest = 1024;
    private static readonly string[][] Levels = [["||"], ["&&"], ["|"], ["^"], ["&"], ["==", "!="], ["<=", ">=", "<", ">"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]];

    private readonly ShellState _state;
    private readonly int _level;
    private int _nested;

    private Calculator(string text, ShellState state, int level)
        : base(text) => (_state, _level) = (state, level);

    /// <summary>The value of an expression; an empty one is 0.</summary>
    /// <exception cref="ShellErrorException">It is none.</exception>
    public static long Evaluate(string expression, ShellState state) => Evaluate(expression, state, 0);

    private static long Evaluate(string expression, ShellState state, int level)
    {
        if (string.IsNullOrWhiteSpace(expression))
        {
            return 0;
        }

        if (level >= Deepest || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TooDeep(expression);
        }

        Calculator calculator = new(expression, state, level);
        calculator.Read();
        long value = calculator.List();
        return calculator.Current.Kind is TokenKind.End ? value : throw calculator.Error("syntax error in expression");
    }

    private static ShellErrorException TooDeep(string expression) => new($"{(expression.Length > 60 ? expression[..60] : expression)}: expression recursion level exceeded (error token is \"{expression}\")") { IsArithmetic = true };

    private long List()
    {
        if (++_nested > Deepest || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TooDeep(Text);
        }

        long value = Assignment();
        while (Is(","))
        {
            Read();
            value = Assignment();
        }

        _nested--;
        return value;
    }

    private long Assignment()
    {
        long value = Condition();
        if (Current.Kind is not TokenKind.Assignment)
        {
            return value;
        }

        if (Before is not TokenKind.Name)
        {
            throw Error("attempted assignment to non-variable");
        }

        (string name, string operation) = (LastName, Current.Text);
        Read();
        long right = Nested(Assignment);
        if (operation is "/=" or "%=" && right == 0)
        {
            right = Skips > 0 ? 1 : throw Error("division by 0");
        }

        value = operation is "=" ? right : Apply(operation[..^1], value, right);
        Store(name, value);
        Before = TokenKind.Number;
        return value;
    }

    private long Nested(Func<long> part)
    {
        if (++_nested > Deepest || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TooDeep(Text);
        }

        long value = part();
        _nested--;
        return value;
    }

    private long Condition()
    {
        long condition = Binary(0);
        if (!Is("?"))
        {
            return condition;
        }

        Skips += condition == 0 ? 1 : 0;
        Read();
        if (Current.Kind is TokenKind.End || Is(":"))
        {
            throw Error("expression expected");
        }

        long yes = List();
        Skips -= condition == 0 ? 1 : 0;
        if (!Is(":"))
        {
            throw Error("`:' expected for conditional expression");
        }

        Skips += condition != 0 ? 1 : 0;
        Read();
        if (Current.Kind is TokenKind.End)
        {
            throw Error("expression expected");
        }

        long no = Nested(Condition);
        Skips -= condition != 0 ? 1 : 0;
        Before = TokenKind.Operator;
        return condition != 0 ? yes : no;
    }

    private long Binary(int level)
    {
        if (level == Levels.Length)
        {
            return Power();
        }

        long left = Binary(level + 1);
        while (Current.Kind is TokenKind.Operator && Array.IndexOf(Levels[level], Current.Text) >= 0)
        {
            string operation = Current.Text;
            int operand = Place;

            // What decides already leaves the other side alone.
            bool decides = operation is "||" or "&&" && left != 0 == operation is "||";
            Skips += decides ? 1 : 0;
            Read();
            long right = Binary(level + 1);
            Skips -= decides ? 1 : 0;
            if (operation is "/" or "%" && right == 0)
            {
                right = Skips > 0 ? 1 : throw Error("division by 0", operand);
            }

            left = operation switch { "||" => left != 0 || right != 0 ? 1 : 0, "&&" => left != 0 && right != 0 ? 1 : 0, _ => Apply(operation, left, right) };
            Before = TokenKind.Number;
        }

        return left;
    }

    private long Power()
    {
        long left = Unary();
        if (!Is("**"))
        {
            return left;
        }

        Read();
        long right = Nested(Power);
        Before = TokenKind.Number;
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
        if (Current is not { Kind: TokenKind.Operator, Text: "!" or "-" or "+" or "~" })
        {
            return Primary();
        }

        string operation = Current.Text;
        Read();
        long value = Nested(Unary);
        Before = TokenKind.Number;
        return operation switch { "!" => value == 0 ? 1 : 0, "-" => unchecked(-value), "~" => ~value, _ => value };
    }

    private long Primary()
    {
        long value;
        switch (Current)
        {
            case { Kind: TokenKind.Step }:
                long step = Current.Text is "++" ? 1 : -1;
                Read();
                LastName = Computed(LastName);
                value = unchecked(Value(LastName) + step);
                Store(LastName, value);
                Current = new Token(TokenKind.Stepped, "");
                Read();
                return value;
            case { Kind: TokenKind.Operator, Text: "(" }:
                Read();
                value = List();
                if (!Is(")"))
                {
                    throw Error("missing `)'");
                }

                Read();
                return value;
            case { Kind: TokenKind.Number }:
                value = Number(Current.Text);
                Read();
                return value;
            case { Kind: TokenKind.Name }:
                string name = Current.Text;
                bool isAssigned = IsAssignedNext();
                name = isAssigned ? name : Computed(name);
                value = isAssigned ? 0 : Value(name);
                Read();
                LastName = name;
                if (Current.Kind is TokenKind.StepBehind)
                {
                    Store(name, unchecked(value + (Current.Text is "++" ? 1 : -1)));
                    Current = new Token(TokenKind.Number, "");
                    Read();
                }

                return value;
            default:
                throw Error("syntax error: operand expected");
        }
    }

    private static long Apply(string operation, long left, long right) => operation switch
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

    /// <summary>A variable's value: a number, or an expression of its own.</summary>
    private long Value(string name)
    {
        if (Skips > 0)
        {
            return 0;
        }

        string? found = name.EndsWith(']') ? Element(name) : Expansion.ShellParameters.Find(_state, name);
        if (found is null && _state.Has("nounset"))
        {
            throw new ShellErrorException($"{name.Split('[')[0]}: unbound variable", Expansion.ShellParameters.FatalStatus(_state));
        }

        string text = found ?? "";
        return text.Length is > 0 and < 18 && text.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0 && (text[0] != '0' || text.Length == 1) ? long.Parse(text, CultureInfo.InvariantCulture) : Evaluate(text, _state, _level + 1);
    }

    private string? Element(string name)
    {
        (string array, string key) = Split(name);
        return _state.Variables.Find(array) is { } variable ? variable.Array is { } found ? found.Get(key) : key is "0" ? variable.Value : null : null;
    }

    private void Store(string name, long value)
    {
        if (Skips > 0)
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

    // With the number that its subscript is: what it does besides is done once.
    private string Computed(string name)
    {
        if (Skips > 0 || !name.EndsWith(']') || name.EndsWith("[]", StringComparison.Ordinal))
        {
            return name;
        }

        (string array, string key) = Split(name);
        return _state.Variables.Find(array)?.Array is { IsAssociative: true } ? name : $"{array}[{key}]";
    }

    private (string Array, string Key) Split(string name)
    {
        int open = name.IndexOf('[', StringComparison.Ordinal);
        string array = name[..open], key = name[(open + 1)..^1];
        if (_state.Variables.Find(array)?.Array is { IsAssociative: true })
        {
            return (array, _state.Key(isAssociative: true, key));
        }

        return key.Length == 0 ? throw new ShellErrorException($"{name}: bad array subscript") : (array, _level < Deepest ? _state.Index(key) : throw TooDeep(key));
    }
}
