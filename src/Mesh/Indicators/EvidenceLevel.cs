namespace Blackwall.Mesh.Indicators;

/// <summary>What a sighting rests on. The numbers go over the wire and never change.</summary>
public enum EvidenceLevel
{
    /// <summary>Others said so. It weighs nothing.</summary>
    Heard = 0,

    /// <summary>Flows that completed their handshakes looked for open services.</summary>
    Scan = 1,

    /// <summary>An attempt to get in: guessed passwords, probing requests.</summary>
    Exploit = 2,

    /// <summary>A session in an emulated server, logged in.</summary>
    Session = 3,

    /// <summary>A file that is malware, or that was left in an emulated server.</summary>
    Malware = 4,
}
