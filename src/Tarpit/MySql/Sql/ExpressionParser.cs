using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>Reads expressions by the precedence of MySQL's operators.</summary>
internal sealed class ExpressionParser(TokenStream tokens)
{
    private static readonly HashSet<string> s_bare = new(StringComparer.OrdinalIgnoreCase) { "CURRENT_USER", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME", "LOCALTIME", "LOCALTIMESTAMP", "UTC_TIMESTAMP", "UTC_DATE", "UTC_TIME" };

    private static readonly HashSet<string> s_units = new(StringComparer.OrdinalIgnoreCase) { "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "MICROSECOND" };

    public Expression Read()
    {
        Token start = tokens.Current;
        tokens.Enter();
        Expression left = ReadAnd(ReadXorOperand);
        while (tokens.Current.IsWord("OR") || tokens.Current.IsSymbol("||") || tokens.Current.IsWord("XOR"))
        {
            string symbol = tokens.Take().Text.Equals("XOR", StringComparison.OrdinalIgnoreCase) ? "XOR" : "OR";
            left = new Binary(symbol, left, ReadAnd(ReadXorOperand));
        }

        tokens.Leave();
        left.Source = tokens.Between(start);
        return left;
    }

    private Expression ReadXorOperand() => ReadNot();

    private Expression ReadAnd(Func<Expression> operand)
    {
        Expression left = operand();
        while (tokens.Current.IsWord("AND") || tokens.Current.IsSymbol("&&"))
        {
            tokens.Take();
            left = new Binary("AND", left, operand());
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
                tokens.Take();
                if (tokens.TryWords("ANY") || tokens.TryWords("SOME"))
                {
                    left = new In(left, [ReadPrimary()]);
                }
                else
                {
                    left = new Binary(token.Text, left, ReadBits());
                }
            }
            else if (tokens.TryWords("IS"))
            {
                bool isNot = tokens.TryWords("NOT");
                bool? what = tokens.TryWords("NULL") || tokens.TryWords("UNKNOWN") ? null : tokens.TryWords("TRUE") ? true : tokens.TryWords("FALSE") ? false : throw tokens.Wrong();
                left = new Is(left, what);
                left = isNot ? new Unary("NOT", left) : left;
            }
            else if (ReadTest(left) is { } test)
            {
                left = test;
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
            tokens.Take();
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

    private Expression ReadBits() => ReadLevel(0);

    private Expression ReadLevel(int level)
    {
        if (level == s_levels.Length)
        {
            return ReadUnary();
        }

        Expression left = ReadLevel(level + 1);
        while (Operator(s_levels[level]) is { } symbol)
        {
            tokens.Take();
            if (symbol is "+" or "-" && tokens.Current.IsWord("INTERVAL"))
            {
                left = new Call(symbol is "+" ? "DATE_ADD" : "DATE_SUB", [left, .. ReadInterval()]);
                continue;
            }

            left = new Binary(symbol is "MOD" ? "%" : symbol, left, ReadLevel(level + 1));
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
            tokens.Take();
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
                result = collation.EndsWith("_bin", StringComparison.OrdinalIgnoreCase) ? new Cast(result, "BINARY", 0) : result;
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
                StringBuilder text = new(tokens.Take().Text);
                while (tokens.Current.Kind is TokenKind.String)
                {
                    text.Append(tokens.Take().Text);
                }

                return new Literal(text.ToString());
            case TokenKind.Number:
                return new Literal(Number(tokens.Take().Text));
            case TokenKind.Hex:
                return new Literal(Encoding.Latin1.GetBytes(tokens.Take().Text));
            case TokenKind.Parameter:
                tokens.Take();
                return new Parameter(tokens.NextParameter());
            case TokenKind.SystemVariable:
                return new SystemVariable(tokens.Take().Text);
            case TokenKind.UserVariable:
                string name = tokens.Take().Text;
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
            tokens.Take();
            Expression value = ReadPrimary();
            return value is Literal { Value: byte[] bytes } && !token.IsWord("_binary") ? new Literal(Encoding.UTF8.GetString(bytes)) : token.IsWord("_binary") ? new Cast(value, "BINARY", 0) : value;
        }

        if (tokens.Following.IsSymbol("("))
        {
            tokens.Take();
            tokens.Take();
            return ReadCall(token.Text.ToUpperInvariant());
        }

        if (s_bare.Contains(token.Text))
        {
            tokens.Take();
            return new Call(token.Text.ToUpperInvariant(), []);
        }

        return ReadName();
    }

    private Expression ReadName()
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

    private string Part() => tokens.Current.Kind is TokenKind.Word or TokenKind.Name ? tokens.Take().Text : throw tokens.Wrong();

    private Expression ReadCase()
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

    // Behind the parenthesis.
    private Expression ReadCall(string name)
    {
        switch (name)
        {
            case "CAST":
                Expression value = Read();
                tokens.ExpectWords("AS");
                return ReadType(value);
            case "CONVERT":
                Expression converted = Read();
                if (tokens.TryWords("USING"))
                {
                    string set = tokens.Name();
                    tokens.ExpectSymbol(")");
                    return set.Equals("binary", StringComparison.OrdinalIgnoreCase) ? new Cast(converted, "BINARY", 0) : new Cast(converted, "CHAR", 0);
                }

                tokens.ExpectSymbol(",");
                return ReadType(converted);
            case "COUNT" or "SUM" or "AVG" or "MIN" or "MAX" or "GROUP_CONCAT" or "BIT_OR" or "BIT_AND" or "STD" or "JSON_ARRAYAGG" or "ANY_VALUE":
                return ReadAggregate(name);
            case "TRIM":
                return ReadTrim();
            case "EXTRACT":
                string unit = tokens.Name();
                tokens.ExpectWords("FROM");
                Expression date = Read();
                tokens.ExpectSymbol(")");
                return new Call(unit.ToUpperInvariant(), [date]);
            case "SUBSTRING" or "SUBSTR" or "MID" or "POSITION":
                return ReadSpelledOut(name);
            case "VALUES":
                Expression column = Read();
                tokens.ExpectSymbol(")");
                return column;
        }

        List<Expression> arguments = [];
        if (!tokens.TrySymbol(")"))
        {
            do
            {
                if (tokens.Current.IsWord("INTERVAL"))
                {
                    arguments.AddRange(ReadInterval());
                }
                else
                {
                    arguments.Add(IsQuery ? ReadSubquery() : name is "CHAR" or "TIMESTAMPDIFF" && s_units.Contains(tokens.Current.Text) && tokens.Current.Kind is TokenKind.Word ? new Literal(tokens.Take().Text.ToUpperInvariant()) : Read());
                }
            }
            while (tokens.TrySymbol(","));
            if (tokens.TryWords("USING"))
            {
                tokens.Name();
            }

            tokens.ExpectSymbol(")");
        }

        return new Call(name, arguments);
    }

    // SUBSTRING(a FROM b FOR c), POSITION(a IN b).
    private Call ReadSpelledOut(string name)
    {
        Expression first = name is "POSITION" ? ReadBits() : Read();
        List<Expression> arguments = [first];
        if (tokens.TryWords("IN") || tokens.TryWords("FROM"))
        {
            arguments.Add(Read());
            if (tokens.TryWords("FOR"))
            {
                arguments.Add(Read());
            }
        }
        else
        {
            while (tokens.TrySymbol(","))
            {
                arguments.Add(Read());
            }
        }

        tokens.ExpectSymbol(")");
        return new Call(name is "POSITION" ? "LOCATE" : "SUBSTRING", arguments);
    }

    private Call ReadTrim()
    {
        string name = tokens.TryWords("LEADING") ? "LTRIM" : tokens.TryWords("TRAILING") ? "RTRIM" : "TRIM";
        tokens.TryWords("BOTH");
        List<Expression> arguments = tokens.Current.IsWord("FROM") ? [] : [Read()];
        if (tokens.TryWords("FROM"))
        {
            arguments.Insert(0, Read());
        }

        tokens.ExpectSymbol(")");
        return new Call(name, arguments);
    }

    private Aggregate ReadAggregate(string name)
    {
        bool isDistinct = tokens.TryWords("DISTINCT");
        List<Expression> arguments = [];
        if (!tokens.TrySymbol("*"))
        {
            arguments = ReadList();
        }

        List<(Expression, bool)> order = [];
        string separator = ",";
        if (tokens.TryWords("ORDER", "BY"))
        {
            order = ReadOrder();
        }

        if (tokens.TryWords("SEPARATOR"))
        {
            separator = tokens.Current.Kind is TokenKind.Hex ? tokens.Take().Text : tokens.Text();
        }

        tokens.ExpectSymbol(")");
        return new Aggregate(name, arguments, isDistinct, order, separator);
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

    private Cast ReadType(Expression value)
    {
        string type = tokens.Current.Kind is TokenKind.Word ? tokens.Take().Text.ToUpperInvariant() : throw tokens.Wrong();
        int length = 0;
        if (tokens.TrySymbol("("))
        {
            while (!tokens.TrySymbol(")"))
            {
                if (tokens.AtEnd)
                {
                    throw tokens.Wrong();
                }

                length = int.TryParse(tokens.Take().Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : length;
            }
        }

        while (!tokens.Current.IsSymbol(")") && tokens.Current.Kind is TokenKind.Word)
        {
            tokens.Take();
        }

        tokens.ExpectSymbol(")");
        return new Cast(value, type, length);
    }

    private Expression[] ReadInterval()
    {
        tokens.ExpectWords("INTERVAL");
        Expression amount = Read();
        Token unit = tokens.Take();
        return s_units.Contains(unit.Text) ? [amount, new Literal(unit.Text.ToUpperInvariant())] : throw tokens.Wrong();
    }

    private bool IsQuery => tokens.Current.IsWord("SELECT") || (tokens.Current.IsSymbol("(") && tokens.Following.IsWord("SELECT"));

    private Subquery ReadSubquery() => new(new QueryParser(tokens, this).Read());

    private static object Number(string text) => text.AsSpan().IndexOfAny('.', 'e', 'E') < 0
        ? long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long whole) ? whole : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong large) ? large : double.Parse(text, CultureInfo.InvariantCulture)
        : text.AsSpan().IndexOfAny('e', 'E') < 0 && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal exact) ? exact : double.Parse(text, CultureInfo.InvariantCulture);
}
