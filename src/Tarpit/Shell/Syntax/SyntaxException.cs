namespace Blackwall.Tarpit.Shell.Syntax;

/// <summary>The text is no shell grammar.</summary>
internal sealed class SyntaxException : Exception
{
    public SyntaxException(string message, int line, bool isIncomplete = false, bool showsLine = false)
        : base(message) => (Line, IsIncomplete, ShowsLine) = (line, isIncomplete, showsLine);

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

    public int Line { get; } = 1;

    /// <summary>More input could complete it: the prompt PS2.</summary>
    public bool IsIncomplete { get; }

    /// <summary>bash shows the line after the message.</summary>
    public bool ShowsLine { get; }
}
