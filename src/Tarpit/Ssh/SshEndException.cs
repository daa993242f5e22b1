namespace Blackwall.Tarpit.Ssh;

/// <summary>The connection ends here: the peer left, or broke the protocol. Not an error of ours.</summary>
internal sealed class SshEndException : Exception
{
    public SshEndException(string reason)
        : base(reason)
    {
    }

    public SshEndException()
    {
    }

    public SshEndException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
