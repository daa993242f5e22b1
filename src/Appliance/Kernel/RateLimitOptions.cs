namespace Blackwall.Kernel;

/// <summary>A limit for one class of packets, for each host (/32, /64) and for its network (/24, /56).</summary>
public sealed class RateLimitOptions
{
    /// <summary>Packets a second of one host; 0: not limited.</summary>
    public long HostPacketsPerSecond { get; set; }

    /// <summary>Packets that a host may send at once.</summary>
    public long HostBurst { get; set; }

    /// <summary>Packets a second of one network; 0: not limited.</summary>
    public long NetPacketsPerSecond { get; set; }

    /// <summary>Packets that a network may send at once.</summary>
    public long NetBurst { get; set; }

    internal static RateLimitOptions Create(long host, long hostBurst, long net, long netBurst) =>
        new() { HostPacketsPerSecond = host, HostBurst = hostBurst, NetPacketsPerSecond = net, NetBurst = netBurst };
}
