using Blackwall.Behavior.Memory;

namespace Blackwall.Behavior.Outbound;

/// <summary>What is known of a host inside that opens flows to the outside.</summary>
internal struct InsideHost
{
    /// <summary>Ports and hosts outside that it tried in the running minute without an answer yet, or ever.</summary>
    public DistinctWindow Ports;
    public DistinctWindow Hosts;
    public DistinctWindow Answered;

    /// <summary>The host that it tries most of late.</summary>
    public TriedHost Tried;

    /// <summary>Hosts outside of which it wanted a service that worms live on.</summary>
    public DistinctWindow Coveted;

    /// <summary>Hosts of which it wanted, within hours, a service that nothing but worms and people use, and those that answered.</summary>
    public DistinctWindow SlowlyCoveted;
    public DistinctWindow SlowlyAnswered;
    public uint ScanToldSeconds;

    /// <summary>Hour of event time to which the sum belongs.</summary>
    public uint Hour;
    public ulong HourOut;

    /// <summary>Bytes sent in a usual hour: moves an eighth of the way each hour.</summary>
    public ulong UsualOut;

    public ulong HourIn;

    /// <summary>Day of event time to which the sum belongs.</summary>
    public uint Day;
    public ulong DayOut;

    /// <summary>Bytes sent in a usual day: moves a quarter of the way each day; <see cref="Days"/> of them were seen whole or in part before.</summary>
    public ulong UsualDay;
    public uint Days;
    public uint SpreadToldSeconds;
}
