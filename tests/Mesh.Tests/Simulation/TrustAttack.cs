namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>Who lies about an innocent address.</summary>
internal enum TrustAttack
{
    /// <summary>Identities of one /24, some days old.</summary>
    OneSubnet,

    /// <summary>Identities in five networks of cloud operators.</summary>
    FiveClouds,

    /// <summary>A botnet: identities everywhere, up to five days old.</summary>
    YoungBotnet,

    /// <summary>Identities everywhere, 60 days old, that earned a reputation and lie together again and again.</summary>
    Colluders,

    /// <summary>The same, and this is the first time that they lie.</summary>
    Turncoats,
}
