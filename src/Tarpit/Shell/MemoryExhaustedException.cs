namespace Blackwall.Tarpit.Shell;

/// <summary>A program wants more memory than one may have; it ends.</summary>
internal sealed class MemoryExhaustedException : Exception
{
    public MemoryExhaustedException()
        : base("memory exhausted")
    {
    }

    public MemoryExhaustedException(string message)
        : base(message)
    {
    }

    public MemoryExhaustedException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
