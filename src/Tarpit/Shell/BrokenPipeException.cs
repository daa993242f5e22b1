namespace Blackwall.Tarpit.Shell;

/// <summary>Nobody reads the output of a command any more: SIGPIPE.</summary>
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
