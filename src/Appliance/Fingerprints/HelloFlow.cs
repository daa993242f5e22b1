using Blackwall.Pipeline.Model;

namespace Blackwall.Fingerprints;

/// <summary>Whose hello: the client and the server it speaks to.</summary>
public readonly record struct HelloFlow(Address Client, ushort ClientPort, Address Server, ushort ServerPort, byte Protocol)
{
    /// <summary>The client is a host inside.</summary>
    public bool IsOutbound { get; init; }
}
