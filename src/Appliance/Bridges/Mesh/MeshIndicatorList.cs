namespace Blackwall.Bridges.Mesh;

/// <summary>Indicators that sensors speak of, those that are acted on first.</summary>
public sealed record MeshIndicatorList(IReadOnlyList<MeshIndicatorBody> Items);
