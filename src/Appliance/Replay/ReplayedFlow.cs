using Blackwall.Pipeline.Model;

namespace Blackwall.Replay;

/// <summary>A flow as the capture shows it, and how the wall took it.</summary>
internal sealed class ReplayedFlow(long number, FlowPair pair, ulong first)
{
    /// <summary>In order of the first packet, from 1.</summary>
    public long Number { get; } = number;

    public FlowPair Pair { get; } = pair;

    public ulong First { get; } = first;

    public ulong Last { get; set; } = first;

    /// <summary>Whether it is known which end is ours; until then every packet comes from outside.</summary>
    public bool SidesKnown { get; set; }

    public Address Remote { get; set; }

    public ushort RemotePort { get; set; }

    public Address Local { get; set; }

    public ushort LocalPort { get; set; }

    /// <summary>Packets from the remote that the wall let through.</summary>
    public long Passed { get; set; }

    /// <summary>Packets from the remote that it dropped or answered itself.</summary>
    public long Stopped { get; set; }

    public long PacketsOut { get; set; }

    /// <summary>Bytes of IP packets and their Ethernet headers, both ways.</summary>
    public long Bytes { get; set; }

    public long Packets => Passed + Stopped + PacketsOut;

    /// <summary>Had a packet since the book was last searched for room.</summary>
    public bool Touched { get; set; }
}
