namespace Blackwall.Tarpit.Shell;

/// <summary>Output cannot be written: the command says so and fails.</summary>
internal sealed class WriteErrorException : Exception
{
    public WriteErrorException()
    {
    }

    public WriteErrorException(string message)
        : base(message)
    {
    }

    public WriteErrorException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
