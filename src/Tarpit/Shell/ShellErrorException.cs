namespace Blackwall.Tarpit.Shell;

/// <summary>An error that ends more than the command it is in: an expansion, an expression or an assignment that cannot be.</summary>
internal sealed class ShellErrorException : Exception
{
    /// <param name="exits">The status with which the shell ends; null: the rest of the line is given up.</param>
    public ShellErrorException(string message, int? exits = null)
        : base(message) => Exits = exits;

    public ShellErrorException()
    {
    }

    public ShellErrorException(string message)
        : base(message)
    {
    }

    public ShellErrorException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public int? Exits { get; }

    /// <summary>An expression is wrong: -e does not look at it.</summary>
    public bool IsArithmetic { get; init; }

    /// <summary>A value was given to what may not have another: a builtin that did so goes no further, the line does.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>It is a subscript: whatever reads the expression around it is given up too.</summary>
    public bool IsSubscript { get; init; }

    /// <summary>Whether the message was written.</summary>
    public bool IsTold { get; set; }
}
