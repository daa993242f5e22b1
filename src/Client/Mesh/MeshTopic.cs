namespace Blackwall.Client.Mesh;

/// <summary>A topic that is taken part in.</summary>
public sealed record MeshTopic(string Name, int Peers);
