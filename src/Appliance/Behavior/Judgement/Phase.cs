
namespace Blackwall.Behavior.Judgement;

/// <summary>What is thought of a source.</summary>
public enum Phase : byte
{
    /// <summary>Nothing speaks against it.</summary>
    New = 0,

    /// <summary>It looks like an attack, but anyone may have sent that in its name.</summary>
    Suspicious = 1,

    /// <summary>Evidence that it cannot deny; a drop or redirect was asked for.</summary>
    Malicious = 2,

    /// <summary>The wall holds it.</summary>
    Blocked = 3,

    /// <summary>Long and ordinary use.</summary>
    Trusted = 4,
}
