
namespace Blackwall.Kernel.Links;

/// <summary>Decides whether the programs can judge what an interface carries, and names the interface to use when they cannot. Pure.</summary>
internal static class LinkChoice
{
    private const int Ethernet = 1, Ppp = 512, Loopback = 772, NoHeader = 65534; // ARPHRD_ETHER, ARPHRD_PPP, ARPHRD_LOOPBACK, ARPHRD_NONE

    /// <summary>What to set constants to, or a sentence that says which interface to guard instead.</summary>
    /// <param name="name">Interface that shall be guarded.</param>
    /// <param name="links">All interfaces of the namespace.</param>
    public static (LinkLayer Layer, string? Refusal) Choose(string name, IReadOnlyList<LinkInfo> links)
    {
        LinkInfo? link = links.FirstOrDefault(l => string.Equals(l.Name, name, StringComparison.Ordinal));
        if (link is null)
        {
            // Attaching says that it is not there.
            return (LinkLayer.Ethernet, null);
        }

        string? refusal = (link.HardwareType, link.Kind) switch
        {
            (Loopback, _) => "The loopback interface is not guarded: everything on it is the host itself. Set network.interface to the outward interface.",
            (_, "vlan") => $"{name} is a VLAN of {Lower(link, links)}; set network.interface to {Lower(link, links)}: Blackwall looks through its tags.",
            (_, "macvlan" or "macvtap" or "ipvlan" or "ipvtap") => $"{name} is a {link.Kind} device of {Lower(link, links)}, which also carries others; set network.interface to {Lower(link, links)}.",
            (Ethernet or Ppp or NoHeader, _) => PortRefusal(link, links),
            _ => $"{name} carries packets in a form that Blackwall does not read (hardware type {link.HardwareType}{(link.Kind.Length > 0 ? $", {link.Kind}" : "")}); set network.interface to the interface that its packets travel over.",
        };
        return (link.HardwareType == Ethernet ? LinkLayer.Ethernet : LinkLayer.None, refusal);
    }

    // A bond takes the packets of its ports before their addresses mean anything; a bridge port is judged as it is.
    private static string? PortRefusal(LinkInfo link, IReadOnlyList<LinkInfo> links)
    {
        LinkInfo? master = link.Master == 0 ? null : links.FirstOrDefault(l => l.Index == link.Master);
        return master?.Kind is "bond" or "team" ? $"{link.Name} is a port of the {master.Kind} {master.Name}; set network.interface to {master.Name}." : null;
    }

    private static string Lower(LinkInfo link, IReadOnlyList<LinkInfo> links) =>
        links.FirstOrDefault(l => l.Index == link.Lower)?.Name ?? "the device below it";
}
