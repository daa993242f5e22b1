using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel;

/// <summary>The standing wall, as the rest of the appliance sees it: what it is, and what it counted.</summary>
public interface IWall
{
    /// <summary>Of the first interface; its fault is the first of all.</summary>
    WallStatus Status { get; }

    /// <summary>What the wall is on each guarded interface, the first one first.</summary>
    IReadOnlyList<WallStatus> Statuses => [Status];

    /// <summary>Each guarded interface, the first one first.</summary>
    IReadOnlyList<GateReading> ReadGates() => [new(Status, ReadCounters())];

    /// <summary>Sums over all interfaces and possible CPUs at this moment.</summary>
    WallCounters ReadCounters();

    /// <summary>
    /// What the kernel holds for this scope; false: nothing. For a prefix that it does not hold, the answer is the next wider one that it does.
    /// </summary>
    bool TryRead(Prefix scope, out KernelEntry entry);

    /// <summary>What a TCP flow that the tarpit sees asked for before it was diverted; false: it was not diverted.</summary>
    bool TryReadDiverted(Address remote, ushort remotePort, Address local, ushort localPort, out Address destination, out ushort port)
    {
        (destination, port) = (Address.None, 0);
        return false;
    }
}
