namespace Blackwall.Lab.Tools;

/// <summary>A command that the lab cannot do without failed; the message says which and what it printed.</summary>
public sealed class ToolFailedException : Exception
{
    public ToolFailedException(string message)
        : base(message)
    {
    }

    public ToolFailedException(string message, Exception inner)
        : base(message, inner)
    {
    }

    public ToolFailedException()
    {
    }
}
