namespace Blackwall.Mesh.Libp2p;

/// <summary>What a validator says of a message.</summary>
public enum Validation
{
    Accept,

    /// <summary>Malformed, over a quota: who sent it loses score.</summary>
    Reject,

    /// <summary>Stale, expired: it goes no further and nobody is blamed.</summary>
    Ignore,
}
