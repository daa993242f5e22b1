using Blackwall.Capture.Wire;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Capture;

/// <summary>What is never captured: guarded peers, and ports of the management plane at this machine's own addresses. Not thread-safe.</summary>
internal sealed class ManagementPlane(IPacketTap tap, VerdictBoard board, IReadOnlyList<ushort> ownPorts)
{
    private GuardSet _guard = GuardSet.Empty;

    /// <summary>Brings the tap up to date with the guard set of this moment.</summary>
    public void Protect()
    {
        GuardSet guard = board.Guarded;
        if (!ReferenceEquals(_guard, guard))
        {
            tap.Protect(guard, ownPorts);
            _guard = guard;
        }
    }

    public bool Guards(Address address) => _guard.Overlapping(Prefix.Host(address)) is not null;

    /// <summary>Whether a frame that came in belongs to it.</summary>
    public bool Contains(FrameEnds ends) => _guard.Overlapping(Prefix.Host(ends.Destination)) switch
    {
        null => false,
        { Pass: true } => true,
        _ => !ends.IsControl && (ends.DestinationPort is not { } port || ownPorts.Contains(port)),
    };
}
