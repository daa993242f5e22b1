namespace Blackwall.Tarpit.Shell;

/// <summary>Nobody takes more of what a command writes: SIGPIPE.</summary>
internal sealed class BrokenPipeException : Exception
{
    public BrokenPipeException()
    {
    }

    public BrokenPipeException(string message)
        : base(message)
    {
    }

    public BrokenPipeException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
