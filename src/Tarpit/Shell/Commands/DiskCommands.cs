using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>How full the disks are.</summary>
internal static class DiskCommands
{
    private const int MostCounted = 50_000;
    private const int Deepest = 40;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["du"] = DiskUsageAsync,
        ["df"] = DiskFreeAsync,
    };

    private static async ValueTask<int> DiskUsageAsync(Invocation i)
    {
        foreach (string name in i.Operands.Count == 0 ? ["."] : i.Operands)
        {
            if (i.Files.Find(i.State.Path(name)) is not { } node)
            {
                return await i.FailAsync($"cannot access '{name}': No such file or directory");
            }

            int left = MostCounted;
            long blocks = Sum(node, 0, ref left);
            await i.PrintAsync($"{(i.Has('h') ? ListingCommands.Human(blocks * 512) : (blocks / 2).ToString(CultureInfo.InvariantCulture))}\t{name}\n");
        }

        return 0;

        // A folder that was copied into itself many times has too many paths to walk.
        static long Sum(Node node, int depth, ref int left)
        {
            long sum = ListingCommands.Blocks(node);
            if (node is FolderNode folder && depth < Deepest)
            {
                foreach (Node inner in folder.Entries.Values)
                {
                    if (--left < 0)
                    {
                        break;
                    }

                    sum += Sum(inner, depth + 1, ref left);
                }
            }

            return sum;
        }
    }

    private static async ValueTask<int> DiskFreeAsync(Invocation i)
    {
        bool human = i.Has('h', "human-readable");
        long size = i.Machine.DiskKilobytes, used = i.Machine.DiskUsedKilobytes + (i.Files.Added / 1024), memory = i.Machine.MemoryKilobytes;
        (string Name, long Size, long Used, string Place)[] disks =
        [
            ("tmpfs", memory / 10, 1068, "/run"), ("/dev/vda1", size, used, "/"), ("tmpfs", memory / 2, 0, "/dev/shm"), ("tmpfs", 5120, 0, "/run/lock"),
            ("/dev/vda16", 901_520, 148_816, "/boot"), ("/dev/vda15", 106_832, 6246, "/boot/efi"), ("tmpfs", memory / 10, 12, $"/run/user/{i.State.Visit.UserId}"),
        ];
        StringBuilder text = new(human ? "Filesystem      Size  Used Avail Use% Mounted on\n" : "Filesystem     1K-blocks    Used Available Use% Mounted on\n");
        foreach ((string name, long total, long taken, string place) in disks)
        {
            long percent = total == 0 ? 0 : ((taken * 100) + total - 1) / total;
            text.Append(human
                ? $"{name,-14} {ListingCommands.Human(total * 1024),5} {ListingCommands.Human(taken * 1024),5} {ListingCommands.Human((total - taken) * 1024),5} {percent,3}% {place}\n"
                : $"{name,-14} {total,9} {taken,7} {total - taken,9} {percent,3}% {place}\n");
        }

        await i.PrintAsync(text.ToString());
        return 0;
    }
}
