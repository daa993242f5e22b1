namespace Blackwall.Kernel.Links;

/// <summary>What stands before the IP header on an interface.</summary>
internal enum LinkLayer
{
    /// <summary>An Ethernet header.</summary>
    Ethernet = 0,

    /// <summary>Nothing: tun, wireguard, ppp.</summary>
    None = 1,
}
