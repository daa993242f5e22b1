namespace Blackwall.Behavior.Memory;

/// <summary>
/// A count in two bytes, which a profile has to spare: exact up to 4,096, beyond that within a thousandth on average, up to 2^42. The low 11 bits are the
/// mantissa, the high 5 the exponent, as in a floating-point number; what lies between two values is rounded up as often as it deserves.
/// </summary>
internal struct PacketTally
{
    private const int MantissaBits = 11;
    private const uint Hidden = 1u << MantissaBits;

    private ushort _bits;

    public readonly ulong Count => Decode(_bits);

    /// <param name="packets">How many more.</param>
    /// <param name="chance">Anything that differs from event to event, such as its time.</param>
    public void Add(ulong packets, ulong chance)
    {
        ulong sum = Count + Math.Min(packets, 1UL << 40);
        ushort low = Encode(sum);
        ulong below = Decode(low);
        if (below < sum && low < ushort.MaxValue)
        {
            ulong step = Decode((ushort)(low + 1)) - below;
            low += (ushort)(((UInt128)Mixed(chance + (sum * 0x9E3779B97F4A7C15)) * step) >> 64 < sum - below ? 1 : 0);
        }

        _bits = low;
    }

    // SplitMix64's last step (Steele, Lea, Flood 2014).
    private static ulong Mixed(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static ulong Decode(ushort bits)
    {
        int exponent = bits >> MantissaBits;
        ulong mantissa = bits & (Hidden - 1);
        return exponent == 0 ? mantissa : (mantissa | Hidden) << (exponent - 1);
    }

    // The largest value that is not above.
    private static ushort Encode(ulong count)
    {
        if (count < Hidden)
        {
            return (ushort)count;
        }

        int exponent = 64 - System.Numerics.BitOperations.LeadingZeroCount(count) - MantissaBits;
        return exponent > 31 ? ushort.MaxValue : (ushort)((exponent << MantissaBits) | (int)((count >> (exponent - 1)) & (Hidden - 1)));
    }
}
