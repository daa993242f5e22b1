namespace Blackwall.Pipeline.Model;

/// <summary>What the sources of one network did together within a day.</summary>
/// <param name="Network">IPv4 /24, IPv6 /64 or /48.</param>
/// <param name="Sources">About how many of its addresses came.</param>
/// <param name="PortsInVain">About how many distinct ports they tried in vain.</param>
public sealed record NetworkStanding(Prefix Network, int Sources, int PortsInVain);
