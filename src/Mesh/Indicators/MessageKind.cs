namespace Blackwall.Mesh.Indicators;

/// <summary>What a message says of an indicator. The numbers go over the wire and never change.</summary>
public enum MessageKind
{
    /// <summary>The reporter saw it attack.</summary>
    Sighting = 1,

    /// <summary>A person at the reporter says that it is no attacker.</summary>
    Refutation = 2,

    /// <summary>The reporter takes its own earlier sighting back.</summary>
    Revocation = 3,

    /// <summary>The reporter served it as usual and saw nothing wrong.</summary>
    Harmless = 4,
}
