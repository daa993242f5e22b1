namespace Blackwall.Client.Mesh;

/// <summary>This sensor in the mesh.</summary>
public sealed record MeshStatus(string Mode, string Name, bool Running, string? PeerId, IReadOnlyList<string> Addresses, int Connected, int Listeners, int Waiting, bool Proven, IReadOnlyList<MeshTopic> Topics, IReadOnlyDictionary<string, long> Counters, string? Fault);
