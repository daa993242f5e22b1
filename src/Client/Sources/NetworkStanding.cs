namespace Blackwall.Client.Sources;

/// <summary>What the network of a source did together.</summary>
public sealed record NetworkStanding(string Network, int Sources, int PortsInVain);
