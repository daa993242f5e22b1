namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>A program ends itself: with an error, or with a status.</summary>
internal sealed class ScriptDieException : Exception
{
    public ScriptDieException()
    {
    }

    public ScriptDieException(string message)
        : base(message)
    {
    }

    public ScriptDieException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public ScriptDieException(string message, int status, bool isError)
        : base(message)
    {
        (Status, IsError) = (status, isError);
    }

    public int Status { get; } = 255;

    /// <summary>eval { } catches it.</summary>
    public bool IsError { get; } = true;
}
