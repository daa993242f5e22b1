using System.Globalization;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>test and [: as POSIX has it by the number of arguments, and with -a, -o and brackets beyond four.</summary>
internal sealed class ClassicTest(IReadOnlyList<string> words, ShellState state, ShellStreams streams)
{
    private const int Deepest = 200;

    private int _at;
    private int _depth;

    /// <summary>0: it holds; 1: it does not.</summary>
    /// <exception cref="FormatException">It is no expression; the message says why.</exception>
    public int Evaluate()
    {
        if (words.Count == 0)
        {
            return 1;
        }

        bool value = words.Count switch
        {
            1 => words[0].Length > 0,
            2 => Two(0),
            3 => Three(0),
            4 when words[0] is "!" => !Three(1),
            4 when words[0] is "(" && words[3] is ")" => Two(1),
            _ => Expression(),
        };
        return value ? 0 : 1;
    }

    private bool Two(int at) => words[at] is "!" ? words[at + 1].Length == 0
        : TestOperators.IsUnary(words[at]) ? TestOperators.Unary(words[at][1], words[at + 1], state, streams)
        : throw new FormatException($"{words[at]}: unary operator expected");

    private bool Three(int at) => TestOperators.IsBinary(words[at + 1]) ? Compare(words[at], words[at + 1], words[at + 2])
        : words[at + 1] is "-a" ? words[at].Length > 0 && words[at + 2].Length > 0
        : words[at + 1] is "-o" ? words[at].Length > 0 || words[at + 2].Length > 0
        : words[at] is "!" ? !Two(at + 1)
        : words[at] is "(" && words[at + 2] is ")" ? words[at + 1].Length > 0
        : throw new FormatException($"{words[at + 1]}: binary operator expected");

    private bool Expression()
    {
        bool value = Or();
        return _at == words.Count ? value : throw new FormatException("too many arguments");
    }

    private bool Or()
    {
        bool value = And();
        while (_at < words.Count && words[_at] is "-o")
        {
            _at++;
            value |= And();
        }

        return value;
    }

    private bool And()
    {
        bool value = Term();
        while (_at < words.Count && words[_at] is "-a")
        {
            _at++;
            value &= Term();
        }

        return value;
    }

    private bool Term()
    {
        if (_at >= words.Count)
        {
            throw new FormatException("argument expected");
        }

        if (++_depth > Deepest)
        {
            throw new FormatException("too many arguments");
        }

        try
        {
            if (words[_at] is "!")
            {
                _at++;
                return !Term();
            }

            if (words[_at] is "(")
            {
                _at++;
                bool inner = Or();
                return _at < words.Count && words[_at++] is ")" ? inner : throw new FormatException("`)' expected");
            }

            if (_at + 2 < words.Count && TestOperators.IsBinary(words[_at + 1]))
            {
                _at += 3;
                return Compare(words[_at - 3], words[_at - 2], words[_at - 1]);
            }

            if (TestOperators.IsUnary(words[_at]) && _at + 1 < words.Count)
            {
                _at += 2;
                return TestOperators.Unary(words[_at - 2][1], words[_at - 1], state, streams);
            }

            return words[_at++].Length > 0;
        }
        finally
        {
            _depth--;
        }
    }

    private bool Compare(string left, string operation, string right) => operation switch
    {
        "==" when state.IsDash => throw new FormatException($"{left}: unexpected operator"),
        "=" or "==" => string.Equals(left, right, StringComparison.Ordinal),
        "!=" => !string.Equals(left, right, StringComparison.Ordinal),
        "<" => string.CompareOrdinal(left, right) < 0,
        ">" => string.CompareOrdinal(left, right) > 0,
        "=~" => throw new FormatException("=~: binary operator expected"),
        _ => TestOperators.Files(left, operation, right, state) ?? TestOperators.Numbers(Number(left), operation, Number(right)),
    };

    private static long Number(string text) => long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : throw new FormatException($"{text}: integer expression expected");
}
