namespace Blackwall.Mesh.Libp2p;

/// <summary>Something with a peer did not work out; the message says what, in words for an operator.</summary>
public sealed class MeshException : IOException
{
    public MeshException()
    {
    }

    public MeshException(string message)
        : base(message)
    {
    }

    public MeshException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Why a peer could not be connected; of no meaning elsewhere.</summary>
    public DialFault Fault { get; init; }
}
