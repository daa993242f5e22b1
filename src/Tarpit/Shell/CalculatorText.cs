using System.Globalization;

namespace Blackwall.Tarpit.Shell;

/// <summary>The text of an expression, read token by token as bash does it, so that its errors name the same token.</summary>
internal abstract class CalculatorText(string text)
{
    private static readonly string[] Assigning = ["<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="];
    private static readonly string[] Doubled = ["||", "&&", "==", "!=", "<=", ">=", "<<", ">>", "**"];
    private int _start;

    protected enum TokenKind
    {
        End,
        Name,
        Number,

        /// <summary>What "++" before a name made: it cannot be assigned to.</summary>
        Stepped,

        /// <summary>"++" or "--" before a name.</summary>
        Step,

        /// <summary>"++" or "--" behind a name.</summary>
        StepBehind,
        Assignment,
        Operator,
    }

    protected string Text => text;

    /// <summary>Behind the token that was read last.</summary>
    protected int Place { get; private set; }

    protected Token Current { get; set; } = new(TokenKind.End, "");

    /// <summary>What kind the token before the current one was.</summary>
    protected TokenKind Before { get; set; }

    /// <summary>The name that was read last.</summary>
    protected string LastName { get; set; } = "";

    /// <summary>Within a part that is not evaluated.</summary>
    protected int Skips { get; set; }

    protected bool Is(string operation) => Current.Kind is TokenKind.Operator && string.Equals(Current.Text, operation, StringComparison.Ordinal);

    protected ShellErrorException Error(string message, int? from = null)
    {
        int start = from ?? _start;
        return new($"{text.TrimStart(' ', '\t', '\n')}: {message} (error token is \"{text[Math.Min(start, text.Length)..].TrimStart(from is null ? [] : [' ', '\t'])}\")") { IsArithmetic = true };
    }

    /// <summary>Reads the next token.</summary>
    protected void Read()
    {
        while (Place < text.Length && char.IsWhiteSpace(text[Place]))
        {
            Place++;
        }

        TokenKind before = Current.Kind;
        if (Place == text.Length)
        {
            (Before, Current) = (before, new Token(TokenKind.End, ""));
            return;
        }

        _start = Place;
        int end = Syntax.ParameterReader.NameEnd(text, Place);
        if (end > Place)
        {
            Place = end < text.Length && text[end] == '[' ? SubscriptEnd(end) : end;
            Take(TokenKind.Name, before);
            LastName = Current.Text;
        }
        else if (char.IsAsciiDigit(text[Place]))
        {
            while (Place < text.Length && (char.IsAsciiLetterOrDigit(text[Place]) || text[Place] is '#' or '@' or '_'))
            {
                Place++;
            }

            Take(TokenKind.Number, before);
        }
        else
        {
            ReadOperator(before);
        }
    }

    /// <summary>Whether "=" comes next, so that the value of the current name is not asked for. What is wrong there is told first.</summary>
    protected bool IsAssignedNext()
    {
        (int place, int start, Token current, TokenKind before, string name) = (Place, _start, Current, Before, LastName);
        Read();
        bool isAssigned = Current is { Kind: TokenKind.Assignment, Text: "=" };
        (Place, _start, Current, Before, LastName) = (place, start, current, before, name);
        return isAssigned;
    }

    protected long Number(string number)
    {
        int radix = 10;
        string digits = number;
        if (number.IndexOf('#', StringComparison.Ordinal) is > 0 and var hash)
        {
            if (number.IndexOf('#', hash + 1) > 0 || !int.TryParse(number.AsSpan(0, hash), NumberStyles.None, CultureInfo.InvariantCulture, out radix) || radix == 0)
            {
                throw Invalid(number, "invalid number");
            }

            digits = radix is < 2 or > 64 ? throw Invalid(number, "invalid arithmetic base") : number[(hash + 1)..];
            if (digits.Length == 0)
            {
                throw Invalid(number, "invalid integer constant");
            }
        }
        else if (number.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            (radix, digits) = (16, number[2..]);
        }
        else if (number.Length > 1 && number[0] == '0')
        {
            (radix, digits) = (8, number[1..]);
        }

        long value = 0;
        foreach (char digit in digits)
        {
            int one = char.IsAsciiDigit(digit) ? digit - '0' : char.IsAsciiLetterLower(digit) ? digit - 'a' + 10 : char.IsAsciiLetterUpper(digit) ? digit - 'A' + (radix <= 36 ? 10 : 36) : digit == '@' ? 62 : digit == '_' ? 63 : 99;
            if (one >= radix)
            {
                throw Invalid(number, "value too great for base");
            }

            value = unchecked((value * radix) + one);
        }

        return value;
    }

    // The text ends with the number for these.
    private ShellErrorException Invalid(string number, string message) => new($"{text[..Place].TrimStart()}: {message} (error token is \"{number}\")") { IsArithmetic = true };

    private void ReadOperator(TokenKind before)
    {
        char c = text[Place], next = Place + 1 < text.Length ? text[Place + 1] : '\0';
        if (Array.Find(Assigning, IsAt) is { } assigning)
        {
            Place += assigning.Length;
            Take(TokenKind.Assignment, before);
        }
        else if (Array.Find(Doubled, IsAt) is { } doubled)
        {
            Place += doubled.Length;
            Take(TokenKind.Operator, before);
        }
        else if (c is '+' or '-' && next == c && before is TokenKind.Name)
        {
            Place += 2;
            Take(TokenKind.StepBehind, before);
        }
        else if (c is '+' or '-' && next == c && before is TokenKind.Stepped)
        {
            throw Error($"{c}{c}: assignment requires lvalue");
        }
        else if (c is '+' or '-' && next == c && IsNameAt(Place + 2))
        {
            Place += 2;
            Take(TokenKind.Step, before);
        }
        else if ("=<>+-*/%!()&|^~?:,".Contains(c, StringComparison.Ordinal))
        {
            Place++;
            Take(c == '=' ? TokenKind.Assignment : TokenKind.Operator, before);
        }
        else
        {
            throw Error(before is TokenKind.Name or TokenKind.Number or TokenKind.Stepped || Is(")") ? "syntax error: invalid arithmetic operator" : "syntax error: operand expected");
        }
    }

    private void Take(TokenKind kind, TokenKind before)
    {
        (Before, Current) = (before, new Token(kind, text[_start..Place]));
    }

    private bool IsAt(string wanted) => string.CompareOrdinal(text, Place, wanted, 0, wanted.Length) == 0;

    private bool IsNameAt(int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return Syntax.ParameterReader.NameEnd(text, at) > at;
    }

    private int SubscriptEnd(int open)
    {
        int depth = 0;
        for (int close = open; close < text.Length; close++)
        {
            depth += text[close] == '[' ? 1 : text[close] == ']' ? -1 : 0;
            if (depth == 0)
            {
                return close + 1;
            }
        }

        throw new ShellErrorException($"{text[_start..]}: bad array subscript (error token is \"{text[_start..]}\")") { IsArithmetic = true };
    }

    protected readonly record struct Token(TokenKind Kind, string Text);
}
