namespace Blackwall.Bridges.Mesh;

/// <summary>A topic that is taken part in.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Peers">Peers that messages of it are passed on to.</param>
public sealed record MeshTopicBody(string Name, int Peers);
