namespace Blackwall.Pipeline.Board;

/// <summary>The whole policy at one version: one entry for each scope that some decision names.</summary>
/// <param name="Version">Board version that this is.</param>
/// <param name="Entries">Ordered by network, then length.</param>
public sealed record BoardSnapshot(long Version, ReadOnlyMemory<PolicyEntry> Entries);
