namespace Blackwall.Bridges.Mesh;

/// <summary>Peers, the best reputation first.</summary>
public sealed record MeshPeerList(IReadOnlyList<MeshPeerBody> Items);
