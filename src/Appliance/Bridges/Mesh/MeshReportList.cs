namespace Blackwall.Bridges.Mesh;

/// <summary>What this sensor says to others, the newest first.</summary>
public sealed record MeshReportList(IReadOnlyList<MeshReportBody> Items);
