namespace Blackwall.Kernel.Links;

/// <summary>A network interface as the kernel tells of it.</summary>
/// <param name="Index">Interface index.</param>
/// <param name="Name">Its name.</param>
/// <param name="HardwareType">ARPHRD_ number (linux/if_arp.h).</param>
/// <param name="Kind">"veth", "vlan", "bond", "bridge", "tun" and the like; empty for a device of a card.</param>
/// <param name="Lower">Index of the device below it, or of the other end of a veth; 0: none.</param>
/// <param name="Master">Index of the bridge or bond that it is a port of; 0: none.</param>
internal sealed record LinkInfo(int Index, string Name, int HardwareType, string Kind, int Lower, int Master);
