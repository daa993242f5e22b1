namespace Blackwall.Replay.Wire;

/// <summary>What a pcapng section says about one interface.</summary>
/// <param name="LinkType">Number of the link type.</param>
/// <param name="SnapLength">Most bytes of a packet that were kept; 0: all.</param>
/// <param name="Resolution">if_tsresol: 10^-n seconds a unit, or 2^-n with the highest bit set.</param>
/// <param name="OffsetSeconds">if_tsoffset: added to every time.</param>
internal readonly record struct CaptureInterface(uint LinkType, uint SnapLength, byte Resolution, long OffsetSeconds)
{
    public const byte Microseconds = 6;

    /// <summary>Nanoseconds since 1970, within what 64 bits hold.</summary>
    public ulong ToNanoseconds(ulong units)
    {
        int exponent = Resolution & 0x7f;
        Int128 nanoseconds = (Resolution & 0x80) != 0
            ? ((Int128)units * 1_000_000_000) >> exponent
            : exponent <= 9
                ? (Int128)units * (long)Power(9 - exponent)
                : exponent - 9 > 19 ? 0 : units / Power(exponent - 9);
        nanoseconds += (Int128)OffsetSeconds * 1_000_000_000;
        return (ulong)Int128.Clamp(nanoseconds, 0, ulong.MaxValue);
    }

    /// <summary>10^n for n within 0..19.</summary>
    private static ulong Power(int n)
    {
        ulong power = 1;
        for (; n > 0; n--)
        {
            power *= 10;
        }

        return power;
    }
}
