using System.Text;
using System.Text.RegularExpressions;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>An operator with one operand.</summary>
internal sealed class Unary(string symbol, Expression operand) : Expression
{
    public override IReadOnlyList<Expression> Parts => [operand];

    protected override object? Compute(Scope scope)
    {
        object? value = operand.Evaluate(scope);
        return (symbol, value) switch
        {
            (_, null) => null,
            ("-", long number) when number != long.MinValue => -number,
            ("-", decimal number) => -number,
            ("-", _) => -Values.Number(value),
            ("~", _) => unchecked((ulong)~Values.Integer(value)),
            ("+", _) => value,
            _ => Values.Boolean(Values.Truth(value) == false),
        };
    }
}

/// <summary>An operator between two operands.</summary>
internal sealed class Binary(string symbol, Expression left, Expression right) : Expression
{
    public override IReadOnlyList<Expression> Parts => [left, right];

    protected override object? Compute(Scope scope)
    {
        object? a = left.Evaluate(scope);
        switch (symbol)
        {
            case "AND":
                return Values.Truth(a) is false ? 0L : Both(Values.Truth(a), Values.Truth(right.Evaluate(scope)));
            case "OR":
                return Values.Truth(a) is true ? 1L : Either(Values.Truth(a), Values.Truth(right.Evaluate(scope)));
        }

        object? b = right.Evaluate(scope);
        if (symbol is "<=>")
        {
            return Values.Boolean(a is null || b is null ? a is null && b is null : Values.Compare(a, b) == 0);
        }

        if (a is null || b is null)
        {
            return null;
        }

        return symbol switch
        {
            "=" => Values.Boolean(Values.Compare(a, b) == 0),
            "<>" or "!=" => Values.Boolean(Values.Compare(a, b) != 0),
            "<" => Values.Boolean(Values.Compare(a, b) < 0),
            ">" => Values.Boolean(Values.Compare(a, b) > 0),
            "<=" => Values.Boolean(Values.Compare(a, b) <= 0),
            ">=" => Values.Boolean(Values.Compare(a, b) >= 0),
            "XOR" => Values.Boolean(Values.Truth(a) != Values.Truth(b)),
            "&" => unchecked(Values.Integer(a) & Values.Integer(b)),
            "|" => unchecked(Values.Integer(a) | Values.Integer(b)),
            "^" => unchecked(Values.Integer(a) ^ Values.Integer(b)),
            "<<" => Values.Integer(b) is >= 0 and < 64 and var by ? unchecked((ulong)Values.Integer(a) << (int)by) : 0L,
            ">>" => Values.Integer(b) is >= 0 and < 64 and var by ? unchecked((ulong)Values.Integer(a) >> (int)by) : 0L,
            _ => Calculate(a, b),
        };
    }

    private static long? Both(bool? a, bool? b) => b is false ? 0L : a is null || b is null ? null : 1L;

    private static long? Either(bool? a, bool? b) => b is true ? 1L : a is null || b is null ? null : 0L;

    private object? Calculate(object a, object b)
    {
        if (a is long x && b is long y)
        {
            try
            {
                switch (symbol)
                {
                    case "+":
                        return checked(x + y);
                    case "-":
                        return checked(x - y);
                    case "*":
                        return checked(x * y);
                    case "DIV":
                        return y == 0 ? null : checked(x / y);
                    case "%":
                        return y is 0 ? null : y is -1 ? 0L : x % y;
                    case "/":
                        return y == 0 ? null : Math.Round((decimal)x / y, 4, MidpointRounding.AwayFromZero);
                }
            }
            catch (OverflowException)
            {
                throw new MySqlException(new MySqlError(1690, "22003", $"BIGINT value is out of range in '({x.ToString(System.Globalization.CultureInfo.InvariantCulture)} {symbol} {y.ToString(System.Globalization.CultureInfo.InvariantCulture)})'"));
            }
        }

        if (a is long or decimal && b is long or decimal)
        {
            try
            {
                (decimal m, decimal n) = (Convert.ToDecimal(a, null), Convert.ToDecimal(b, null));
                return symbol switch
                {
                    "+" => m + n,
                    "-" => m - n,
                    "*" => m * n,
                    "DIV" => n == 0 ? null : (object)(long)(m / n),
                    "%" => n == 0 ? null : m % n,
                    _ => n == 0 ? null : Math.Round(m / n, 4, MidpointRounding.AwayFromZero),
                };
            }
            catch (OverflowException)
            {
                // Larger than fits: the sum of reals is near enough.
            }
        }

        (double p, double q) = (Values.Number(a), Values.Number(b));
        double result = symbol switch
        {
            "+" => p + q,
            "-" => p - q,
            "*" => p * q,
            "%" => q == 0 ? double.NaN : p % q,
            _ => q == 0 ? double.NaN : p / q,
        };
        return double.IsNaN(result) ? null : symbol is "DIV" ? (object)(long)Math.Clamp(result, long.MinValue, 9.2e18)
            : double.IsInfinity(result) ? throw new MySqlException(new MySqlError(1690, "22003", $"DOUBLE value is out of range in '{Source}'")) : result;
    }
}

/// <summary>LIKE and REGEXP.</summary>
internal sealed class Match(Expression value, Expression pattern, bool isRegex, char escape) : Expression
{
    private const int CharactersAStep = 16;
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(50);

    private string? _last;
    private Regex? _regex;

    public override IReadOnlyList<Expression> Parts => [value, pattern];

    protected override object? Compute(Scope scope)
    {
        if (value.Evaluate(scope) is not { } subject || pattern.Evaluate(scope) is not { } sought)
        {
            return null;
        }

        string text = Values.Text(subject)!, like = Values.Text(sought)!;
        bool ignoresCase = subject is not byte[] && sought is not byte[];
        return Guarded(() =>
        {
            if (!string.Equals(_last, like, StringComparison.Ordinal))
            {
                _regex = isRegex ? Compile(like, ignoresCase) : new Regex(Translate(like), Options(ignoresCase) | RegexOptions.Singleline, s_limit);
                _last = like;
            }

            scope.Evaluation.Spend(1 + (text.Length / CharactersAStep));
            return Values.Boolean(_regex!.IsMatch(text));
        });
    }

    /// <summary>REGEXP_LIKE.</summary>
    /// <exception cref="MySqlException">It is no expression, or one that takes too long.</exception>
    public static bool IsRegexMatch(string text, string pattern, bool ignoresCase, Evaluation evaluation)
    {
        evaluation.Spend(1 + (text.Length / CharactersAStep));
        return Guarded(() => Compile(pattern, ignoresCase).IsMatch(text));
    }

    private static RegexOptions Options(bool ignoresCase) => RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | (ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None);

    private static Regex Compile(string pattern, bool ignoresCase) => new(pattern, Options(ignoresCase), s_limit);

    private static T Guarded<T>(Func<T> match)
    {
        try
        {
            return match();
        }
        catch (RegexParseException e)
        {
            throw new MySqlException(e.Error is RegexParseError.InsufficientClosingParentheses or RegexParseError.InsufficientOpeningParentheses
                ? new MySqlError(3691, "HY000", "Mismatched parenthesis in regular expression.")
                : e.Error is RegexParseError.UnterminatedBracket ? new MySqlError(3696, "HY000", "The regular expression contains an unclosed bracket expression.")
                : new MySqlError(3688, "HY000", "Syntax error in regular expression on line 1, character 1."));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            // What ICU matches and a matcher without backtracking does not.
            throw new MySqlException(new MySqlError(3687, "HY000", "Unimplemented feature in regular expression."));
        }
        catch (RegexMatchTimeoutException)
        {
            throw new MySqlException(new MySqlError(3699, "HY000", "Timeout exceeded in regular expression match."));
        }
    }

    public static bool IsLike(string text, string pattern) => Regex.IsMatch(text, Translate(pattern, '\\'), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline, s_limit);

    private string Translate(string pattern) => Translate(pattern, escape);

    private static string Translate(string pattern, char escape)
    {
        const int longest = 2000;
        StringBuilder regex = new(@"\A");
        for (int i = 0; i < Math.Min(pattern.Length, longest); i++)
        {
            char c = pattern[i];
            if (c == escape && i + 1 < pattern.Length)
            {
                regex.Append(Regex.Escape(pattern[++i].ToString()));
            }
            else
            {
                regex.Append(c switch { '%' => ".*", '_' => ".", _ => Regex.Escape(c.ToString()) });
            }
        }

        return regex.Append(@"\z").ToString();
    }
}

/// <summary>IN with a list or a query.</summary>
internal sealed class In(Expression value, IReadOnlyList<Expression> list) : Expression
{
    public override IReadOnlyList<Expression> Parts => [value, .. list];

    protected override object? Compute(Scope scope)
    {
        if (value.Evaluate(scope) is not { } sought)
        {
            return null;
        }

        bool sawNull = false;
        IEnumerable<object?> candidates = list is [Subquery query] ? query.Query.Run(scope.Evaluation, scope).Rows.Select(row => row[0]) : list.Select(item => item.Evaluate(scope));
        foreach (object? candidate in candidates)
        {
            switch (Values.Compare(sought, candidate))
            {
                case 0:
                    return 1L;
                case null:
                    sawNull = true;
                    break;
            }
        }

        return sawNull ? null : 0L;
    }
}

/// <summary>BETWEEN.</summary>
internal sealed class Between(Expression value, Expression low, Expression high) : Expression
{
    public override IReadOnlyList<Expression> Parts => [value, low, high];

    protected override object? Compute(Scope scope)
    {
        object? sought = value.Evaluate(scope);
        return Values.Compare(sought, low.Evaluate(scope)) is { } below && Values.Compare(sought, high.Evaluate(scope)) is { } above ? Values.Boolean(below >= 0 && above <= 0) : null;
    }
}

/// <summary>IS NULL, IS TRUE, IS FALSE.</summary>
internal sealed class Is(Expression value, bool? what) : Expression
{
    public override IReadOnlyList<Expression> Parts => [value];

    protected override object? Compute(Scope scope) => value.Evaluate(scope) is var found && what is null ? Values.Boolean(found is null) : Values.Boolean(Values.Truth(found) == what);
}
