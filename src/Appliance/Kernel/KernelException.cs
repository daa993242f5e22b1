using Blackwall.Kernel.Interop;

namespace Blackwall.Kernel;

/// <summary>The kernel or libbpf refused something. The message is a sentence for the operator that says what to do.</summary>
public sealed class KernelException : Exception
{
    public KernelException()
    {
    }

    public KernelException(string message)
        : base(message)
    {
    }

    public KernelException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal KernelException(string message, int errno)
        : base($"{message} ({Errno.Name(errno)})") => ErrorNumber = errno;

    /// <summary>Positive errno; 0 when there was none.</summary>
    public int ErrorNumber { get; }
}
