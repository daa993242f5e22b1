namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>A call of a function.</summary>
internal sealed class Call(string name, IReadOnlyList<Expression> arguments) : Expression
{
    public override IReadOnlyList<Expression> Parts => arguments;

    protected override object? Compute(Scope scope)
    {
        scope.Evaluation.Spend();
        switch (name)
        {
            // What is not asked for is not evaluated: an answer's delay may tell.
            case "IF":
                Expect(arguments.Count == 3);
                return Values.Truth(arguments[0].Evaluate(scope)) == true ? arguments[1].Evaluate(scope) : arguments[2].Evaluate(scope);
            case "IFNULL":
                Expect(arguments.Count == 2);
                return arguments[0].Evaluate(scope) ?? arguments[1].Evaluate(scope);
            case "COALESCE":
                Expect(arguments.Count > 0);
                return arguments.Select(argument => argument.Evaluate(scope)).FirstOrDefault(value => value is not null);
            case "ELT":
                Expect(arguments.Count > 1);
                return Values.Integer(arguments[0].Evaluate(scope)) is >= 1 and var index && index < arguments.Count ? arguments[(int)index].Evaluate(scope) : null;
            case "BENCHMARK":
                Expect(arguments.Count == 2);
                const double secondsOfRound = 2.5e-7;
                scope.Evaluation.Sleep(Values.Number(arguments[0].Evaluate(scope)) * secondsOfRound);
                return 0L;
        }

        if (Functions.Find(name) is not { } function)
        {
            // A name that is no function of the server is looked for among the stored ones, and there are none.
            throw scope.Evaluation.Session.Database is { } database ? new MySqlException(MySqlError.UnknownFunction(database, name.ToLowerInvariant())) : new MySqlException(MySqlError.NoDatabase);
        }

        Expect(arguments.Count >= function.Least && arguments.Count <= function.Most);
        object?[] values = new object?[arguments.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i].Evaluate(scope);
            if (values[i] is null && function.NullForNull)
            {
                return null;
            }
        }

        object? result = function.Body(scope.Evaluation, values);
        if (result is string { Length: > 256 } or byte[] { Length: > 256 })
        {
            scope.Evaluation.Allocate(result is string text ? text.Length : ((byte[])result).Length);
        }

        return result;
    }

    private void Expect(bool right)
    {
        if (!right)
        {
            throw new MySqlException(MySqlError.WrongParameters(name));
        }
    }
}
