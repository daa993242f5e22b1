namespace Blackwall.Client.Mesh;

/// <summary>An indicator that sensors speak of.</summary>
public sealed record MeshIndicator(string Value, string Kind, string Action, DateTimeOffset? Until, double Weight, double Against, int Networks, int Veterans, int Members, DateTimeOffset? SeenHere, DateTimeOffset? Told, string? Says, string Reason, string Pattern, IReadOnlyList<MeshVote> Votes);
