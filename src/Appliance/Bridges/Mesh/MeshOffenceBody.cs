namespace Blackwall.Bridges.Mesh;

/// <summary>Data of the event "mesh-offence": a reporter is silenced, for its own signatures prove that it broke the rules.</summary>
/// <param name="Peer">Its id.</param>
/// <param name="Offence">equivocation, quota or protected-target.</param>
public sealed record MeshOffenceBody(string Peer, string Offence);
