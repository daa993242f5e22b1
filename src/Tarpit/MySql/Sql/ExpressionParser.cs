using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>Reads expressions by the precedence of MySQL's operators.</summary>
internal sealed class ExpressionParser(TokenStream tokens)
{
    private static readonly HashSet<string> s_bare = new(StringComparer.OrdinalIgnoreCase) { "CURRENT_USER", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME", "LOCALTIMESTAMP", "UTC_TIMESTAMP", "UTC_DATE", "UTC_TIME" };

    private const int Deepest = 1000;

    private CallParser Calls => new(tokens, this);

    public Expression Read()
    {
        Token start = tokens.Current;
        tokens.Enter();
        Expression left = ReadAnd(ReadXorOperand);
        while (tokens.Current.IsWord("OR") || tokens.Current.IsSymbol("||") || tokens.Current.IsWord("XOR"))
        {
            string symbol = tokens.Next().Text.Equals("XOR", StringComparison.OrdinalIgnoreCase) ? "XOR" : "OR";
            left = Checked(new Binary(symbol, left, ReadAnd(ReadXorOperand)));
        }

        tokens.Leave();
        left.Source = tokens.Between(start);
        return Checked(left);
    }

    // A chain of operators nests as parentheses do: each turn puts what was read before one level lower.
    private static Expression Checked(Expression expression) => expression.Depth > Deepest ? throw new MySqlException(MySqlError.TooDeep) : expression;

    private Expression ReadXorOperand() => ReadNot();

    private Expression ReadAnd(Func<Expression> operand)
    {
        Expression left = operand();
        while (tokens.Current.IsWord("AND") || tokens.Current.IsSymbol("&&"))
        {
            tokens.Next();
            left = Checked(new Binary("AND", left, operand()));
        }

        return left;
    }

    private Expression ReadNot()
    {
        if (!tokens.TryWords("NOT"))
        {
            return ReadComparison();
        }

        tokens.Enter();
        Expression inner = ReadNot();
        tokens.Leave();
        return new Unary("NOT", inner);
    }

    private Expression ReadComparison()
    {
        Expression left = ReadBits();
        while (true)
        {
            Token token = tokens.Current;
            if (token.Kind is TokenKind.Symbol && token.Text is "=" or "<=>" or "<" or ">" or "<=" or ">=" or "<>" or "!=")
            {
                tokens.Next();
                if (tokens.TryWords("ANY") || tokens.TryWords("SOME"))
                {
                    left = Checked(new In(left, [ReadPrimary()]));
                }
                else
                {
                    left = Checked(new Binary(token.Text, left, ReadBits()));
                }
            }
            else if (tokens.TryWords("IS"))
            {
                bool isNot = tokens.TryWords("NOT");
                bool? what = tokens.TryWords("NULL") || tokens.TryWords("UNKNOWN") ? null : tokens.TryWords("TRUE") ? true : tokens.TryWords("FALSE") ? false : throw tokens.Wrong();
                left = new Is(left, what);
                left = Checked(isNot ? new Unary("NOT", left) : left);
            }
            else if (ReadTest(left) is { } test)
            {
                left = Checked(test);
            }
            else
            {
                return left;
            }
        }
    }

    private Expression? ReadTest(Expression left)
    {
        bool isNot = tokens.Current.IsWord("NOT") && tokens.Following is var next && (next.IsWord("LIKE") || next.IsWord("IN") || next.IsWord("BETWEEN") || next.IsWord("REGEXP") || next.IsWord("RLIKE"));
        if (isNot)
        {
            tokens.Next();
        }

        Expression? test = null;
        if (tokens.TryWords("LIKE"))
        {
            Expression pattern = ReadBits();
            test = new Match(left, pattern, isRegex: false, tokens.TryWords("ESCAPE") ? tokens.Text().FirstOrDefault('\\') : '\\');
        }
        else if (tokens.TryWords("REGEXP") || tokens.TryWords("RLIKE"))
        {
            test = new Match(left, ReadBits(), isRegex: true, '\\');
        }
        else if (tokens.TryWords("BETWEEN"))
        {
            Expression low = ReadBits();
            tokens.ExpectWords("AND");
            test = new Between(left, low, ReadBits());
        }
        else if (tokens.TryWords("IN"))
        {
            tokens.ExpectSymbol("(");
            test = new In(left, IsQuery ? [ReadSubquery()] : ReadList());
            tokens.ExpectSymbol(")");
        }

        return isNot && test is not null ? new Unary("NOT", test) : test;
    }

    private static readonly string[][] s_levels = [["|"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%", "DIV", "MOD"], ["^"]];

    /// <summary>An expression without comparisons.</summary>
    public Expression ReadBits() => ReadLevel(0);

    private Expression ReadLevel(int level)
    {
        if (level == s_levels.Length)
        {
            return ReadUnary();
        }

        Expression left = ReadLevel(level + 1);
        while (Operator(s_levels[level]) is { } symbol)
        {
            tokens.Next();
            if (symbol is "+" or "-" && tokens.Current.IsWord("INTERVAL"))
            {
                left = Checked(new Call(symbol is "+" ? "DATE_ADD" : "DATE_SUB", [left, .. Calls.ReadInterval()]));
                continue;
            }

            left = Checked(new Binary(symbol is "MOD" ? "%" : symbol, left, ReadLevel(level + 1)));
        }

        return left;
    }

    private string? Operator(string[] symbols)
    {
        Token token = tokens.Current;
        return token.Kind is TokenKind.Symbol or TokenKind.Word ? Array.Find(symbols, symbol => string.Equals(symbol, token.Text, StringComparison.OrdinalIgnoreCase)) : null;
    }

    private Expression ReadUnary()
    {
        Token token = tokens.Current;
        tokens.Enter();
        Expression result;
        if (token.Kind is TokenKind.Symbol && token.Text is "-" or "+" or "~" or "!")
        {
            tokens.Next();
            result = new Unary(token.Text, ReadUnary());
        }
        else if (tokens.TryWords("BINARY"))
        {
            result = new Cast(ReadUnary(), "BINARY", 0);
        }
        else
        {
            result = ReadPrimary();
            while (tokens.TryWords("COLLATE"))
            {
                string collation = tokens.Current.Kind is TokenKind.String ? tokens.Text() : tokens.Name();
                result = collation.EndsWith("_bin", StringComparison.OrdinalIgnoreCase) ? Checked(new Cast(result, "BINARY", 0)) : result;
            }
        }

        tokens.Leave();
        return result;
    }

    private Expression ReadPrimary()
    {
        Token token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.String:
                StringBuilder text = new(tokens.Next().Text);
                while (tokens.Current.Kind is TokenKind.String)
                {
                    text.Append(tokens.Next().Text);
                }

                return new Literal(text.ToString());
            case TokenKind.Number:
                return new Literal(Number(tokens.Next().Text));
            case TokenKind.Hex:
                return new Literal(Encoding.Latin1.GetBytes(tokens.Next().Text));
            case TokenKind.Parameter:
                tokens.Next();
                return new Parameter(tokens.NextParameter());
            case TokenKind.SystemVariable:
                return new SystemVariable(tokens.Next().Text);
            case TokenKind.UserVariable:
                string name = tokens.Next().Text;
                return tokens.TrySymbol(":=") ? new Assignment(name, Read()) : new UserVariable(name);
            case TokenKind.Symbol when tokens.TrySymbol("("):
                Expression inner = IsQuery ? ReadSubquery() : Read();
                tokens.ExpectSymbol(")");
                return inner;
            case TokenKind.Word:
                return ReadWord(token);
            case TokenKind.Name:
                return ReadName();
            default:
                throw tokens.Wrong();
        }
    }

    private Expression ReadWord(Token token)
    {
        if (tokens.TryWords("NULL"))
        {
            return new Literal(null);
        }

        if (tokens.TryWords("TRUE"))
        {
            return new Literal(1L);
        }

        if (tokens.TryWords("FALSE"))
        {
            return new Literal(0L);
        }

        if (tokens.TryWords("CASE"))
        {
            return ReadCase();
        }

        if (tokens.TryWords("EXISTS"))
        {
            tokens.ExpectSymbol("(");
            Query query = ((Subquery)ReadSubquery()).Query;
            tokens.ExpectSymbol(")");
            return new Exists(query);
        }

        // _utf8mb4'text': the character set of a literal.
        if (token.Text.StartsWith('_') && tokens.Following.Kind is TokenKind.String or TokenKind.Hex)
        {
            tokens.Next();
            Expression value = ReadPrimary();
            return value is Literal { Value: byte[] bytes } && !token.IsWord("_binary") ? new Literal(Encoding.UTF8.GetString(bytes)) : token.IsWord("_binary") ? new Cast(value, "BINARY", 0) : value;
        }

        if (tokens.Following.IsSymbol("("))
        {
            tokens.Next();
            tokens.Next();
            return Calls.Read(token.Text.ToUpperInvariant());
        }

        if (s_bare.Contains(token.Text))
        {
            tokens.Next();
            return new Call(token.Text.ToUpperInvariant(), []);
        }

        return ReadName();
    }

    private ColumnName ReadName()
    {
        string first = tokens.Name();
        if (!tokens.TrySymbol("."))
        {
            return new ColumnName(null, null, first);
        }

        string second = Part();
        if (tokens.Current.IsSymbol("("))
        {
            throw new MySqlException(MySqlError.UnknownFunction(first, second));
        }

        return tokens.TrySymbol(".") ? new ColumnName(first, second, Part()) : new ColumnName(null, first, second);
    }

    private string Part() => tokens.Current.Kind is TokenKind.Word or TokenKind.Name ? tokens.Next().Text : throw tokens.Wrong();

    private Case ReadCase()
    {
        Expression? subject = tokens.Current.IsWord("WHEN") ? null : Read(), otherwise = null;
        List<(Expression, Expression)> branches = [];
        while (tokens.TryWords("WHEN"))
        {
            Expression when = Read();
            tokens.ExpectWords("THEN");
            branches.Add((when, Read()));
        }

        if (tokens.TryWords("ELSE"))
        {
            otherwise = Read();
        }

        tokens.ExpectWords("END");
        return branches.Count == 0 ? throw tokens.Wrong() : new Case(subject, branches, otherwise);
    }

    /// <summary>Expressions with ASC or DESC.</summary>
    public List<(Expression Expression, bool Descending)> ReadOrder()
    {
        List<(Expression, bool)> order = [];
        do
        {
            Expression by = Read();
            bool isDescending = tokens.TryWords("DESC");
            if (!isDescending)
            {
                tokens.TryWords("ASC");
            }

            order.Add((by, isDescending));
        }
        while (tokens.TrySymbol(","));
        return order;
    }

    public List<Expression> ReadList()
    {
        List<Expression> list = [];
        do
        {
            list.Add(Read());
        }
        while (tokens.TrySymbol(","));
        return list;
    }

    /// <summary>A query begins here.</summary>
    public bool IsQuery => tokens.Current.IsWord("SELECT");

    public Subquery ReadSubquery() => new(new QueryParser(tokens, this).Read());

    // Each as what it is: a conditional would make them all of one type.
    private static object Number(string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long whole))
        {
            return whole;
        }

        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong large))
        {
            return large;
        }

        return text.AsSpan().IndexOfAny('e', 'E') < 0 && text.Contains('.', StringComparison.Ordinal) && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal exact)
            ? exact : (object)double.Parse(text, CultureInfo.InvariantCulture);
    }
}
