namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>A program that cannot be read.</summary>
internal sealed class ScriptSyntaxException : Exception
{
    public ScriptSyntaxException()
    {
    }

    public ScriptSyntaxException(string message)
        : base(message)
    {
    }

    public ScriptSyntaxException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public ScriptSyntaxException(string near, int line)
        : base(near)
    {
        (Near, Line) = (near, line);
    }

    /// <summary>What stands where it is not understood.</summary>
    public string Near { get; } = "";

    public int Line { get; } = 1;
}
