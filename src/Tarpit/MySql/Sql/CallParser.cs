using System.Globalization;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>Reads calls of functions, with the words that some have between their arguments.</summary>
internal sealed class CallParser(TokenStream tokens, ExpressionParser expressions)
{
    private static readonly HashSet<string> s_units = new(StringComparer.OrdinalIgnoreCase) { "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "QUARTER", "YEAR", "MICROSECOND" };

    /// <summary>Reads a call from behind its parenthesis.</summary>
    public Expression Read(string name)
    {
        switch (name)
        {
            case "CAST":
                Expression value = expressions.Read();
                tokens.ExpectWords("AS");
                return ReadType(value);
            case "CONVERT":
                Expression converted = expressions.Read();
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
                Expression date = expressions.Read();
                tokens.ExpectSymbol(")");
                return new Call(unit.ToUpperInvariant(), [date]);
            case "SUBSTRING" or "SUBSTR" or "MID" or "POSITION":
                return ReadSpelledOut(name);
            case "VALUES":
                Expression column = expressions.Read();
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
                    arguments.Add(expressions.IsQuery ? expressions.ReadSubquery() : name is "TIMESTAMPADD" or "TIMESTAMPDIFF" && s_units.Contains(tokens.Current.Text) && tokens.Current.Kind is TokenKind.Word ? new Literal(tokens.Next().Text.ToUpperInvariant()) : expressions.Read());
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
        Expression first = name is "POSITION" ? expressions.ReadBits() : expressions.Read();
        List<Expression> arguments = [first];
        if (tokens.TryWords("IN") || tokens.TryWords("FROM"))
        {
            arguments.Add(expressions.Read());
            if (tokens.TryWords("FOR"))
            {
                arguments.Add(expressions.Read());
            }
        }
        else
        {
            while (tokens.TrySymbol(","))
            {
                arguments.Add(expressions.Read());
            }
        }

        tokens.ExpectSymbol(")");
        return new Call(name is "POSITION" ? "LOCATE" : "SUBSTRING", arguments);
    }

    private Call ReadTrim()
    {
        string name = tokens.TryWords("LEADING") ? "LTRIM" : tokens.TryWords("TRAILING") ? "RTRIM" : "TRIM";
        tokens.TryWords("BOTH");
        List<Expression> arguments = tokens.Current.IsWord("FROM") ? [] : [expressions.Read()];
        if (tokens.TryWords("FROM"))
        {
            arguments.Insert(0, expressions.Read());
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
            arguments = expressions.ReadList();
        }

        List<(Expression, bool)> order = [];
        string separator = ",";
        if (tokens.TryWords("ORDER", "BY"))
        {
            order = expressions.ReadOrder();
        }

        if (tokens.TryWords("SEPARATOR"))
        {
            separator = tokens.Current.Kind is TokenKind.Hex ? tokens.Next().Text : tokens.Text();
        }

        tokens.ExpectSymbol(")");
        return new Aggregate(name, arguments, isDistinct, order, separator);
    }

    private Cast ReadType(Expression value)
    {
        string type = tokens.Current.Kind is TokenKind.Word ? tokens.Next().Text.ToUpperInvariant() : throw tokens.Wrong();
        int length = 0;
        if (tokens.TrySymbol("("))
        {
            while (!tokens.TrySymbol(")"))
            {
                if (tokens.AtEnd)
                {
                    throw tokens.Wrong();
                }

                length = int.TryParse(tokens.Next().Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : length;
            }
        }

        while (!tokens.Current.IsSymbol(")") && tokens.Current.Kind is TokenKind.Word)
        {
            tokens.Next();
        }

        tokens.ExpectSymbol(")");
        return new Cast(value, type, length);
    }

    public Expression[] ReadInterval()
    {
        tokens.ExpectWords("INTERVAL");
        Expression amount = expressions.Read();
        Token unit = tokens.Next();
        return s_units.Contains(unit.Text) ? [amount, new Literal(unit.Text.ToUpperInvariant())] : throw tokens.Wrong();
    }
}
