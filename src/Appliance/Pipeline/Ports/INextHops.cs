using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>Tells the next hops of this machine's routes: who must stay reachable for anybody to be.</summary>
public interface INextHops
{
    /// <summary>Of every routing table and family, multipath routes and nexthop objects included.</summary>
    /// <exception cref="IOException">The kernel does not tell.</exception>
    IReadOnlyList<Address> Read();
}
