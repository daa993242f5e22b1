namespace Blackwall.Tarpit.Shell;

/// <summary>^C at the terminal.</summary>
internal sealed class InterruptException : Exception
{
    public InterruptException()
    {
    }

    public InterruptException(string message)
        : base(message)
    {
    }

    public InterruptException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
