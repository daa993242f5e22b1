using System.Security.Cryptography;

namespace Blackwall.Tarpit.Shell;

/// <summary>The numbers of RANDOM: those that bash makes of the same seed.</summary>
internal sealed class ShellRandom(uint seed)
{
    private const int Largest = 32767;

    private uint _seed = seed;
    private int _last = -1;

    public static ShellRandom ByChance() => new((uint)RandomNumberGenerator.GetInt32(int.MaxValue));

    public int Next()
    {
        int next;
        do
        {
            // The minimal standard generator of Park and Miller, by Schrage's method.
            int last = (int)(_seed == 0 ? 123459876 : _seed), high = last / 127773, low = last - (127773 * high), made = unchecked((16807 * low) - (2836 * high));
            _seed = (uint)(made < 0 ? made + 0x7FFFFFFF : made);
            next = (int)((_seed >> 16) ^ (_seed & 0xFFFF)) & Largest;
        }
        while (next == _last);
        return _last = next;
    }
}
