namespace Blackwall.Mesh.Libp2p.Gossip;

/// <summary>What is to be done with a message that came in, by its id alone.</summary>
public enum MessageStep
{
    /// <summary>Nothing: it was here before, or the very same bytes are being verified.</summary>
    Duplicate,

    /// <summary>Nothing: nobody here takes part in its topic.</summary>
    Unwanted,

    /// <summary>It is to be verified.</summary>
    Verify,
}
