using System.Numerics;
using System.Runtime.CompilerServices;

namespace Blackwall.Behavior.Outbound;

/// <summary>What is known of an inside host's dealings with one outside service: about 1,000 bytes.</summary>
internal struct Pair
{
    /// <summary>Times of the newest flows, milliseconds of event time modulo 2^32: a ring.</summary>
    public StartRing Starts;

    /// <summary>Bytes sent in the newest ended flows, at most 65,535: a ring.</summary>
    public SizeRing Sizes;

    /// <summary>How long the newest ended flows took, in hundredths of a second, 1..65,535; 0: not known. A ring like that of the sizes.</summary>
    public SizeRing Durations;

    /// <summary>Flows so far.</summary>
    public uint Opened;

    /// <summary>Ended flows so far.</summary>
    public uint Closed;

    /// <summary>Of the newest 64 TCP flows, a bit for each that the other end took; the newest is the lowest.</summary>
    public ulong Taken;

    /// <summary>Whole seconds of event time plus one; 0: never.</summary>
    public uint FirstSeconds;
    public uint BeaconToldSeconds;

    /// <summary>How many of the flows are none, but datagrams on the same ports after some seconds of silence.</summary>
    public uint Woken;

    /// <summary>Totals of that flow when it woke last, bytes.</summary>
    public ulong WokenOut;
    public ulong WokenIn;

    /// <summary>How often it was told to check in.</summary>
    public uint BeaconTold;
    public uint ExfiltrationToldSeconds;

    /// <summary>Most bytes that came in over one flow, and all: who brings content is asked for it.</summary>
    public ulong MostIn;
    public ulong TotalIn;
    public ulong TotalOut;

    /// <summary>When the newest flow ended, milliseconds of event time modulo 2^32.</summary>
    public uint ClosedMilliseconds;

    /// <summary>Flows opened as soon as a long one before them had ended.</summary>
    public uint Resumed;

    /// <summary>Hour of event time to which the two sums after it belong.</summary>
    public uint Hour;
    public ulong HourOut;
    public ulong HourIn;

    /// <summary>Most bytes sent in an earlier hour; it halves in a week.</summary>
    public ulong UsualOut;

    /// <summary>Day of event time to which the two sums after it belong, and most bytes sent in an earlier day; that halves in a week.</summary>
    public uint Day;
    public ulong DayOut;
    public ulong DayIn;
    public ulong UsualDay;

    /// <summary>
    /// Whether the pair holds one connection, renewed whenever it ends: a question that waits for news (RFC 6202), not a program that wakes
    /// up and checks in. Its clock is the server's time-out.
    /// </summary>
    public readonly bool IsHeldOpen => Resumed * 2 >= Opened;

    /// <summary>Whether fewer than half of the newest TCP flows were taken: a program whose server is down tries again by the clock.</summary>
    public readonly bool IsInVain
    {
        get
        {
            int newest = (int)Math.Min(Opened, 64);
            return BitOperations.PopCount(Taken) * 2 < newest;
        }
    }

    [InlineArray(Length)]
    internal struct StartRing
    {
        public const int Length = 128;

        private uint _first;
    }

    [InlineArray(Length)]
    internal struct SizeRing
    {
        public const int Length = 64;

        private ushort _first;
    }
}
