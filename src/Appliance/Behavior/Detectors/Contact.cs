using Blackwall.Kernel.Abi;

namespace Blackwall.Behavior.Detectors;

/// <summary>An attempt to reach a local port, not yet answered. The local address is a 14-bit tag: enough to tell a source's few attempts apart.</summary>
internal struct Contact
{
    public const byte Tcp = 6;
    public const byte Udp = 17;

    public ushort Port;
    public ushort Host;

    /// <summary>Milliseconds of event time, modulo 2^32.</summary>
    public uint Milliseconds;

    public readonly bool IsEmpty => Host == 0;

    /// <summary>Of no port at all.</summary>
    public readonly bool IsPing => Host != 0 && Port == 0;

    /// <summary>The port, told apart by TCP and other.</summary>
    public readonly uint PortKey => ((uint)(Host & 1) << 16) | Port;

    public readonly bool Names(in Contact other) => Port == other.Port && Host == other.Host;

    public static Contact From(in RawAddress local, ushort port, byte protocol, ulong nanoseconds)
    {
        ulong mixed = ((local.HighNetwork * 0x9E3779B97F4A7C15) ^ local.LowNetwork) * 0xD6E8FEB86659FD93;
        return new Contact
        {
            Port = port,
            Host = (ushort)(((uint)(mixed >> 50) << 1) | (protocol == Tcp ? 1u : 0u) | 0x8000u),
            Milliseconds = (uint)(nanoseconds / 1_000_000),
        };
    }
}
