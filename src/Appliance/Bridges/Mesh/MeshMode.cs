namespace Blackwall.Bridges.Mesh;

/// <summary>How this sensor takes part in the mesh.</summary>
public enum MeshMode
{
    /// <summary>It does not.</summary>
    Off,

    /// <summary>It reports, votes and acts on what the votes come to.</summary>
    Full,

    /// <summary>It passes messages on, and neither reports nor acts.</summary>
    Relay,
}
