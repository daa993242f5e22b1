namespace Blackwall.Kernel.Abi;

/// <summary>Kind of traffic that a limit counts.</summary>
public enum RateClass : byte
{
    Syn = 0,
    Udp = 1,
    Icmp = 2,
    New = 3,
    Strict = 4,
    Event = 5,
    Stream = 6,
    Fragment = 7,
}
