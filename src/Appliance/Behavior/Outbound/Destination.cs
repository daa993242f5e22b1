using Blackwall.Behavior.Memory;

namespace Blackwall.Behavior.Outbound;

/// <summary>How many inside hosts talk to an outside address, over a day or two.</summary>
internal struct Destination
{
    public DistinctWindow Hosts;
}
