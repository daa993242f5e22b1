namespace Blackwall.Client.Mesh;

/// <summary>What this sensor says to others, the newest first.</summary>
public sealed record MeshReportList(IReadOnlyList<MeshReport> Items);
