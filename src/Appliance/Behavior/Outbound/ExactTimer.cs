namespace Blackwall.Behavior.Outbound;

/// <summary>Tells exact timers from jittered ones. A keep-alive waits exactly as long each time, unless other data was sent meanwhile.</summary>
internal static class ExactTimer
{
    // Round trips, timer ticks and a busy machine, in thousandths of a gap.
    private const ulong Tolerance = 30;

    /// <summary>Whether a quarter of the gaps and more are of one length, whatever that is.</summary>
    /// <param name="starts">Milliseconds modulo 2^32, in their order; at most <see cref="Pair.StartRing.Length"/>.</param>
    public static bool IsKept(ReadOnlySpan<uint> starts)
    {
        Span<uint> gaps = stackalloc uint[Pair.StartRing.Length];
        gaps = gaps[..Math.Max(0, starts.Length - 1)];
        for (int i = 0; i < gaps.Length; i++)
        {
            gaps[i] = starts[i + 1] - starts[i];
        }

        gaps.Sort();
        int most = 0;
        for (int from = 0, to = 0; to < gaps.Length; to++)
        {
            while (gaps[to] > gaps[from] + (gaps[from] * Tolerance / 1000))
            {
                from++;
            }

            most = Math.Max(most, to - from + 1);
        }

        return most * 4 >= gaps.Length;
    }
}
