namespace Blackwall.Client.Mesh;

/// <summary>Indicators, those that are acted on first.</summary>
public sealed record MeshIndicatorList(IReadOnlyList<MeshIndicator> Items);
