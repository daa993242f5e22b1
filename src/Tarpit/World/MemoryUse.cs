namespace Blackwall.Tarpit.World;

/// <summary>How the memory of the machine is used, KiB: slowly changing, the same for free, top and /proc/meminfo at the same moment.</summary>
internal static class MemoryUse
{
    public const long Shared = 1068;

    public static long Used(Machine machine) => (machine.MemoryKilobytes * 21 / 100) + (machine.Now.ToUnixTimeSeconds() / 10 % 97 * 44);

    public static long Cached(Machine machine) => machine.MemoryKilobytes * 34 / 100;

    public static long Free(Machine machine) => machine.MemoryKilobytes - Used(machine) - Cached(machine);
}
