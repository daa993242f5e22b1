namespace Blackwall.Mesh.Libp2p.Wire;

/// <summary>Unsigned variable-length integers of multiformats: 7 bits a byte, least significant first, minimal, at most 9 bytes.</summary>
public static class Varint
{
    /// <summary>The longest encoding that is accepted, in bytes (63 bits of value).</summary>
    public const int MaxLength = 9;

    /// <summary>Reads the integer at the start of <paramref name="input"/>; <paramref name="length"/> is how many bytes it takes.</summary>
    public static VarintStatus Read(ReadOnlySpan<byte> input, out ulong value, out int length)
    {
        value = 0;
        length = 0;
        for (int at = 0; at < MaxLength; at++)
        {
            if (at == input.Length)
            {
                return VarintStatus.Incomplete;
            }

            byte part = input[at];
            value |= (ulong)(part & 0x7f) << (7 * at);
            if (part < 0x80)
            {
                length = at + 1;
                return part == 0 && at > 0 ? VarintStatus.Invalid : VarintStatus.Whole;
            }
        }

        return VarintStatus.Invalid;
    }

    /// <summary>How many bytes <paramref name="value"/> takes, 1..10 (10 only for values that <see cref="Read"/> refuses).</summary>
    public static int LengthOf(ulong value) => ((63 - System.Numerics.BitOperations.LeadingZeroCount(value | 1)) / 7) + 1;

    /// <summary>Writes <paramref name="value"/> and returns how many bytes it took. The room must be <see cref="LengthOf"/> at least.</summary>
    public static int Write(Span<byte> output, ulong value)
    {
        int at = 0;
        while (value >= 0x80)
        {
            output[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        output[at++] = (byte)value;
        return at;
    }
}
