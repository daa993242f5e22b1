namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>The text is no shell grammar.</summary>
internal sealed class SyntaxException : Exception
{
    public SyntaxException(string message, bool isIncomplete = false)
        : base(message) => IsIncomplete = isIncomplete;

    public SyntaxException()
    {
    }

    public SyntaxException(string message)
        : base(message)
    {
    }

    public SyntaxException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>More input could complete it: the prompt PS2.</summary>
    public bool IsIncomplete { get; }
}
