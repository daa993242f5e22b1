namespace Blackwall.Client.Mesh;

/// <summary>Peers, the best reputation first.</summary>
public sealed record MeshPeerList(IReadOnlyList<MeshPeer> Items);
