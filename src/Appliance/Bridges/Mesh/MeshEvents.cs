using Blackwall.Events;

namespace Blackwall.Bridges.Mesh;

/// <summary>What is told of the mesh; for whoever may read it.</summary>
internal static class MeshEvents
{
    public static readonly EventType<MeshEventBody, MeshEventBody> Moved = EventType.For("mesh", MeshJson.Default.MeshEventBody, scope: MeshScopes.Read);
    public static readonly EventType<MeshOffenceBody, MeshOffenceBody> Offence = EventType.For("mesh-offence", MeshJson.Default.MeshOffenceBody, scope: MeshScopes.Read);
}
