using System.Globalization;
using System.Numerics;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>expr(1): numbers, comparisons and matching, each operator a word of its own.</summary>
internal sealed class ExprCommand
{
    private const int Deepest = 200;
    private static readonly string[][] Levels = [["|"], ["&"], ["<", "<=", "=", "==", "!=", ">=", ">"], ["+", "-"], ["*", "/", "%"], [":"]];

    private readonly IReadOnlyList<string> _words;
    private int _at;
    private int _depth;
    private bool _isIdle;

    private ExprCommand(IReadOnlyList<string> words) => _words = words;

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        IReadOnlyList<string> words = i.Arguments is ["--", ..] ? [.. i.Arguments.Skip(1)] : i.Arguments;
        if (words.Count == 0)
        {
            await i.Streams.Error.WriteAsync("expr: missing operand\nTry 'expr --help' for more information.\n", i.Cancellation);
            return 2;
        }

        try
        {
            ExprCommand expression = new(words);
            string value = expression.Binary(0);
            if (expression._at < words.Count)
            {
                throw new FormatException(Characters.ToBytes($"syntax error: unexpected argument ‘{words[expression._at]}’"));
            }

            await i.PrintAsync(value + "\n");
            return IsNothing(value) ? 1 : 0;
        }
        catch (FormatException e)
        {
            return await i.FailAsync(e.Message, 2);
        }
    }

    private string Binary(int level)
    {
        if (level == Levels.Length)
        {
            return Primary();
        }

        if (++_depth > Deepest)
        {
            throw new FormatException("syntax error");
        }

        string left = Binary(level + 1);
        while (_at < _words.Count && Array.IndexOf(Levels[level], _words[_at]) >= 0)
        {
            string operation = _words[_at++];
            if (_at >= _words.Count)
            {
                throw new FormatException(Characters.ToBytes($"syntax error: missing argument after ‘{operation}’"));
            }

            // What does not matter any more is read and not computed.
            bool isIdle = _isIdle;
            _isIdle |= operation is "|" && !IsNothing(left) || (operation is "&" && IsNothing(left));
            string right = Binary(level + 1);
            _isIdle = isIdle;
            left = Apply(left, operation, right);
        }

        _depth--;
        return left;
    }

    private string Apply(string left, string operation, string right)
    {
        if (_isIdle)
        {
            return left;
        }

        switch (operation)
        {
            case "|":
                return !IsNothing(left) ? left : !IsNothing(right) ? right : "0";
            case "&":
                return IsNothing(left) || IsNothing(right) ? "0" : left;
            case ":":
                return Match(left, right);
            case "+" or "-" or "*" or "/" or "%":
                return Compute(Number(left), operation, Number(right)).ToString(CultureInfo.InvariantCulture);
            default:
                int order = IsNumber(left) && IsNumber(right) ? Number(left).CompareTo(Number(right)) : string.CompareOrdinal(left, right);
                bool holds = operation switch { "<" => order < 0, "<=" => order <= 0, "=" or "==" => order == 0, "!=" => order != 0, ">=" => order >= 0, _ => order > 0 };
                return holds ? "1" : "0";
        }
    }

    private static BigInteger Compute(BigInteger left, string operation, BigInteger right) => operation switch
    {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        _ when right.IsZero => throw new FormatException("division by zero"),
        "/" => BigInteger.Divide(left, right),
        _ => BigInteger.Remainder(left, right),
    };

    private static string Match(string text, string pattern)
    {
        if (Patterns.Compile(Characters.Of(pattern), isExtended: false, ignoreCase: false) is not { } regex)
        {
            throw new FormatException("Invalid regular expression");
        }

        bool hasGroup = pattern.Contains("\\(", StringComparison.Ordinal);
        System.Text.RegularExpressions.Match match = regex.Match(Characters.Of(text));
        return !match.Success || match.Index > 0 ? hasGroup ? "" : "0" : hasGroup ? Characters.ToBytes(match.Groups[1].Value) : match.Length.ToString(CultureInfo.InvariantCulture);
    }

    private string Primary()
    {
        string word = Take();
        switch (word)
        {
            case "(":
                string inner = Binary(0);
                return _at < _words.Count && _words[_at++] is ")" ? inner : throw new FormatException(Characters.ToBytes($"syntax error: expecting ')' after ‘{_words[Math.Min(_at, _words.Count) - 1]}’"));
            case "+" when _at < _words.Count:
                return Take();
            case "length" when _at < _words.Count:
                return Characters.Count(Primary()).ToString(CultureInfo.InvariantCulture);
            case "index" when _at + 1 < _words.Count:
                string text = Characters.Of(Primary()), wanted = Characters.Of(Primary());
                return (text.AsSpan().IndexOfAny(wanted) + 1).ToString(CultureInfo.InvariantCulture);
            case "substr" when _at + 2 < _words.Count:
                return Substring(Characters.Of(Primary()), Primary(), Primary());
            case "match" when _at + 1 < _words.Count:
                string left = Primary();
                return Match(left, Primary());
            default:
                return word;
        }
    }

    private static string Substring(string text, string position, string length)
    {
        if (!int.TryParse(position, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int at) || !int.TryParse(length, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int count) || at < 1 || count < 1 || at > text.Length)
        {
            return "";
        }

        return Characters.ToBytes(text.Substring(at - 1, Math.Min(count, text.Length - at + 1)));
    }

    private string Take() => _at < _words.Count ? _words[_at++] : throw new FormatException(Characters.ToBytes($"syntax error: missing argument after ‘{_words[^1]}’"));

    private static bool IsNothing(string value) => value.Length == 0 || (value.TrimStart('-').Length > 0 && value.TrimStart('-').All(c => c == '0'));

    private static bool IsNumber(string text) => text.Length > 0 && text.AsSpan(text[0] == '-' ? 1 : 0) is { Length: > 0 and < 200 } digits && digits.IndexOfAnyExceptInRange('0', '9') < 0;

    private static BigInteger Number(string text) => IsNumber(text) ? BigInteger.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : throw new FormatException("non-integer argument");
}
