using System.Runtime.CompilerServices;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>An expression of a statement.</summary>
internal abstract class Expression
{
    /// <summary>As it stood in the statement: the name of a result's column without an alias.</summary>
    public string Source { get; set; } = "";

    public virtual IReadOnlyList<Expression> Parts => [];

    // The longest way down to a part without parts; counted once, when the parts are all there.
    private int _depth;

    /// <summary>How many expressions lie above each other in it, subqueries aside.</summary>
    public int Depth => _depth > 0 ? _depth : _depth = 1 + Parts.Select(part => part.Depth).DefaultIfEmpty().Max();

    /// <summary>Its value for a row.</summary>
    /// <exception cref="MySqlException">It has none, costs too much, or lies too deep.</exception>
    public object? Evaluate(Scope scope)
    {
        scope.Evaluation.Spend();
        return RuntimeHelpers.TryEnsureSufficientExecutionStack() ? Compute(scope) : throw new MySqlException(MySqlError.TooDeep);
    }

    /// <summary>Itself and everything in it, without subqueries.</summary>
    public IEnumerable<Expression> Walk()
    {
        Stack<Expression> left = new([this]);
        while (left.TryPop(out Expression? next))
        {
            yield return next;
            foreach (Expression part in next.Parts.Reverse())
            {
                left.Push(part);
            }
        }
    }

    protected abstract object? Compute(Scope scope);
}

/// <summary>A value.</summary>
internal sealed class Literal(object? value) : Expression
{
    public object? Value => value;

    protected override object? Compute(Scope scope) => value;
}

/// <summary>A value that comes with the execution of a prepared statement.</summary>
internal sealed class Parameter(int index) : Expression
{
    protected override object? Compute(Scope scope) => index < scope.Evaluation.Parameters.Count ? scope.Evaluation.Parameters[index] : null;
}

/// <summary>A column, with its table and database if they were said.</summary>
internal sealed class ColumnName(string? database, string? table, string name) : Expression
{
    private Layout? _layout;
    private int _index;
    private int _depth;

    public string? Database => database;

    public string? Table => table;

    public string Name => name;

    /// <summary>Behind HAVING: the item of the list that has this name.</summary>
    public Expression? Alias { get; set; }

    public string FullName => string.Join('.', new[] { database, table, name }.Where(part => part is not null));

    protected override object? Compute(Scope scope)
    {
        if (Alias is not null)
        {
            return Alias.Evaluate(scope);
        }

        if (!ReferenceEquals(_layout, scope.Layout))
        {
            Resolve(scope, "field list");
        }

        Scope found = scope;
        for (int i = 0; i < _depth; i++)
        {
            found = found.Outer!;
        }

        return found.Row.Length > _index ? found.Row[_index] : null;
    }

    /// <summary>Finds it, here or in what is around.</summary>
    /// <exception cref="MySqlException">There is none, or more than one.</exception>
    public Source Resolve(Scope scope, string clause)
    {
        int depth = 0;
        for (Scope? at = scope; at is not null; at = at.Outer, depth++)
        {
            if (at.Layout.Find(this, clause) is var index and >= 0)
            {
                (_layout, _index, _depth) = (scope.Layout, index, depth);
                return at.Layout.Columns[index];
            }
        }

        throw new MySqlException(MySqlError.UnknownColumn(FullName, clause));
    }
}

/// <summary>@name.</summary>
internal sealed class UserVariable(string name) : Expression
{
    public string Name => name;

    protected override object? Compute(Scope scope) => scope.Evaluation.Session.UserVariables.GetValueOrDefault(name);
}

/// <summary>@name := value.</summary>
internal sealed class Assignment(string name, Expression value) : Expression
{
    public override IReadOnlyList<Expression> Parts => [value];

    protected override object? Compute(Scope scope)
    {
        object? result = value.Evaluate(scope);
        scope.Evaluation.Session.SetUserVariable(name, result);
        return result;
    }
}

/// <summary>@@name, @@session.name, @@global.name.</summary>
internal sealed class SystemVariable(string name) : Expression
{
    protected override object? Compute(Scope scope) => scope.Evaluation.Session.Variables.Read(name) ?? throw new MySqlException(MySqlError.UnknownVariable(name.Contains('.', StringComparison.Ordinal) ? name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..] : name));
}

/// <summary>CASE.</summary>
internal sealed class Case(Expression? subject, IReadOnlyList<(Expression When, Expression Then)> branches, Expression? otherwise) : Expression
{
    public override IReadOnlyList<Expression> Parts { get; } =
    [
        .. subject is null ? [] : new[] { subject }, .. branches.SelectMany(branch => new[] { branch.When, branch.Then }), .. otherwise is null ? [] : new[] { otherwise },
    ];

    protected override object? Compute(Scope scope)
    {
        object? value = subject?.Evaluate(scope);
        foreach ((Expression when, Expression then) in branches)
        {
            object? test = when.Evaluate(scope);
            if (subject is null ? Values.Truth(test) == true : Values.Compare(value, test) == 0)
            {
                return then.Evaluate(scope);
            }
        }

        return otherwise?.Evaluate(scope);
    }
}

/// <summary>CAST, CONVERT and BINARY.</summary>
internal sealed class Cast(Expression value, string type, int length) : Expression
{
    public override IReadOnlyList<Expression> Parts => [value];

    protected override object? Compute(Scope scope)
    {
        object? result = value.Evaluate(scope);
        if (result is null)
        {
            return null;
        }

        switch (type)
        {
            case "SIGNED" or "INT" or "INTEGER":
                return result is string or byte[] ? (long)Math.Clamp(Values.Number(result), long.MinValue, 9.2e18) : Values.Integer(result);
            case "UNSIGNED":
                return Values.Number(result) is var number && number < 0 ? unchecked((ulong)(long)number) : Values.Integer(result);
            case "DECIMAL":
                return Math.Round((decimal)Math.Clamp(Values.Number(result), -7e27, 7e27), Math.Clamp(length, 0, 20), MidpointRounding.AwayFromZero);
            case "DOUBLE" or "FLOAT" or "REAL":
                return Values.Number(result);
            case "BINARY":
                byte[] bytes = Values.Bytes(result);
                return length > 0 && length < bytes.Length ? bytes[..length] : bytes;
            default:
                string text = Values.Text(result)!;
                return length > 0 && length < text.Length ? text[..length] : text;
        }
    }
}

/// <summary>A query as a value, a test, or a list.</summary>
internal sealed class Subquery(Query query) : Expression
{
    public Query Query => query;

    protected override object? Compute(Scope scope)
    {
        Result result = query.Run(scope.Evaluation, scope);
        if (result.Columns.Count != 1)
        {
            throw new MySqlException(new MySqlError(1241, "21000", "Operand should contain 1 column(s)"));
        }

        return result.Rows.Count > 1 ? throw new MySqlException(new MySqlError(1242, "21000", "Subquery returns more than 1 row")) : result.Rows is [var row] ? row[0] : null;
    }
}

/// <summary>EXISTS (query).</summary>
internal sealed class Exists(Query query) : Expression
{
    protected override object? Compute(Scope scope) => Values.Boolean(query.Run(scope.Evaluation, scope).Rows.Count > 0);
}
