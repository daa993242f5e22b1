using System.Numerics;

namespace Blackwall.Behavior.Statistics;

/// <summary>Logarithms, roots and half-lives in integers: the packet path has no floating point, and two machines agree to the bit.</summary>
internal static class FixedPoint
{
    /// <summary>One in the results of <see cref="Log2"/>.</summary>
    public const uint One = 1 << 16;

    private const int TableBits = 8;

    private static readonly uint[] Logs = MakeLogs();
    private static readonly uint[] Halves = MakeHalves();

    /// <summary>Base-2 logarithm in units of 2^-16; 0 for 0 and 1. Error below 2^-15.</summary>
    public static uint Log2(ulong value)
    {
        if (value < 2)
        {
            return 0;
        }

        int whole = BitOperations.Log2(value);

        // The 16 bits behind the leading one; eight choose the entry, eight interpolate.
        uint rest = (uint)(whole >= 16 ? value >> (whole - 16) : value << (16 - whole)) & 0xffff;
        int at = (int)(rest >> (16 - TableBits));
        uint low = Logs[at];
        return ((uint)whole << 16) + low + (((Logs[at + 1] - low) * (rest & 0xff)) >> 8);
    }

    /// <summary>The largest integer whose square is not above the value.</summary>
    public static ulong Sqrt(UInt128 value)
    {
        if (value == 0)
        {
            return 0;
        }

        // Newton's method from above; it falls until it has the root.
        int bits = 128 - (int)UInt128.LeadingZeroCount(value);
        UInt128 root = UInt128.One << ((bits + 1) / 2);
        while (true)
        {
            UInt128 next = (root + (value / root)) >> 1;
            if (next >= root)
            {
                return (ulong)root;
            }

            root = next;
        }
    }

    /// <summary>What is left of a value after a time, halving once every <paramref name="halfLife"/> (same unit, above 0).</summary>
    public static uint Decay(uint value, uint elapsed, uint halfLife)
    {
        uint halvings = elapsed / halfLife;
        if (halvings >= 32)
        {
            return 0;
        }

        ulong place = ((ulong)(elapsed % halfLife) << 16) / halfLife;
        int at = (int)(place >> (16 - TableBits));
        uint high = Halves[at];
        ulong factor = high - (((high - Halves[at + 1]) * (place & 0xff)) >> 8);
        return (uint)((value * factor) >> 16) >> (int)halvings;
    }

    private static uint[] MakeLogs()
    {
        var logs = new uint[(1 << TableBits) + 1];
        for (int i = 0; i < logs.Length; i++)
        {
            logs[i] = (uint)Math.Round(Math.Log2(1 + (i / (double)(1 << TableBits))) * One);
        }

        return logs;
    }

    private static uint[] MakeHalves()
    {
        var halves = new uint[(1 << TableBits) + 1];
        for (int i = 0; i < halves.Length; i++)
        {
            halves[i] = (uint)Math.Round(Math.Pow(0.5, i / (double)(1 << TableBits)) * One);
        }

        return halves;
    }
}
