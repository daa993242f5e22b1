using System.Numerics;
using System.Runtime.CompilerServices;

namespace Blackwall.Behavior.Memory;

/// <summary>
/// Counts distinct things over a sliding window by linear counting (Whang 1990): 128 bits for this half of the window and 128 for the one
/// before. It never looks further back than the window and at least half of it, and counts no more than there were up to 96.
/// </summary>
internal struct DistinctWindow
{
    private const int Bits = 128;
    /// <summary>Counts above this are estimates.</summary>
    public const int Few = 96;

    private static readonly ushort[] Estimates = MakeEstimates();

    private BitSet _current;
    private BitSet _previous;

    // Milliseconds modulo 2^32; 0: nothing.
    private uint _currentFirst;
    private uint _previousFirst;
    private uint _half;

    /// <summary>Milliseconds of event time since the first thing still counted was seen; 0: nothing is counted.</summary>
    public readonly uint MillisecondsSince(ulong nanoseconds)
    {
        uint first = _previousFirst != 0 ? _previousFirst : _currentFirst;
        return first == 0 ? 0 : (uint)Math.Max(0, (int)(Milliseconds(nanoseconds) - first));
    }

    /// <summary>About how many distinct things the window holds; the ceiling is 540.</summary>
    public readonly int Count
    {
        get
        {
            int ones = 0;
            for (int i = 0; i < BitSet.Words; i++)
            {
                ones += BitOperations.PopCount(_current[i] | _previous[i]);
            }

            return Estimates[ones];
        }
    }

    /// <summary>Moves the window on; returns by how many halves (2: all is forgotten). Times that lie behind change nothing.</summary>
    public int Advance(ulong nanoseconds, ulong windowNanoseconds)
    {
        uint half = (uint)(nanoseconds / (windowNanoseconds / 2)) + 1;
        if (half <= _half)
        {
            return 0;
        }

        bool adjacent = half == _half + 1;
        _half = half;
        _previous = adjacent ? _current : default;
        _previousFirst = adjacent ? _currentFirst : 0;
        _current = default;
        _currentFirst = 0;
        return adjacent ? 1 : 2;
    }

    /// <summary>Whether it was not counted yet (or cannot be told from one that was).</summary>
    public bool Add(uint thing, ulong nanoseconds)
    {
        bool isNew = !Contains(thing);
        _current[Word(thing)] |= Bit(thing);
        uint seen = Math.Max(1, Milliseconds(nanoseconds));
        _currentFirst = _currentFirst == 0 || (int)(seen - _currentFirst) < 0 ? seen : _currentFirst;

        return isNew;
    }

    public readonly bool Contains(uint thing) => ((_current[Word(thing)] | _previous[Word(thing)]) & Bit(thing)) != 0;

    private static uint Milliseconds(ulong nanoseconds) => (uint)(nanoseconds / 1_000_000);

    // Multiples of the golden ratio spread neighbouring numbers evenly (Knuth, TAOCP 3, 6.4), so that a run of ports does not collide.
    private static uint Place(uint thing) => (thing * 0x9E3779B1) >> 25;

    private static int Word(uint thing) => (int)(Place(thing) >> 6);

    private static ulong Bit(uint thing) => 1UL << (int)Place(thing);

    private static ushort[] MakeEstimates()
    {
        var estimates = new ushort[Bits + 1];
        for (int ones = 0; ones <= Bits; ones++)
        {
            // Up to three quarters full, things are counted as bits: never more than there were, since thresholds hang on it. A run of ports
            // hardly collides; what is spread by chance is counted too low.
            estimates[ones] = ones < Few ? (ushort)ones : (ushort)Math.Round(Few + Linear(ones) - Linear(Few));
        }

        return estimates;
    }

    private static double Linear(int ones) => -Bits * Math.Log(Math.Max(1, Bits - ones) / (double)Bits);

    [InlineArray(Words)]
    private struct BitSet
    {
        public const int Words = Bits / 64;

        private ulong _first;
    }
}
