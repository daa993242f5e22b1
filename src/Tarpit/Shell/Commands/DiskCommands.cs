using Blackwall.Tarpit.Shell.Entries;
using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Disks, file systems, and how full they are.</summary>
internal static class DiskCommands
{
    private const int MostCounted = 60_000;
    private const int Deepest = 40;
    private const long BootKilobytes = 901_520;
    private const long EfiKilobytes = 106_832;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["du"] = DiskUsageAsync,
        ["df"] = DiskFreeAsync,
        ["lsblk"] = BlockDevicesAsync,
        ["blkid"] = i => SystemCommands.PrintAsync(i, $"/dev/vda1: LABEL=\"cloudimg-rootfs\" UUID=\"{i.Machine.RootDisk}\" BLOCK_SIZE=\"4096\" TYPE=\"ext4\" PARTUUID=\"{new Guid(i.Machine.Bytes("partuuid1", 16))}\"\n/dev/vda15: LABEL_FATBOOT=\"UEFI\" LABEL=\"UEFI\" UUID=\"{i.Machine.EfiDisk}\" BLOCK_SIZE=\"512\" TYPE=\"vfat\" PARTUUID=\"{new Guid(i.Machine.Bytes("partuuid15", 16))}\"\n/dev/vda16: LABEL=\"BOOT\" UUID=\"{i.Machine.BootDisk}\" BLOCK_SIZE=\"4096\" TYPE=\"ext4\" PARTUUID=\"{new Guid(i.Machine.Bytes("partuuid16", 16))}\"\n"),
        ["fdisk"] = PartitionsAsync,
        ["sfdisk"] = PartitionsAsync,
        ["parted"] = i => i.State.Visit.UserId != 0 ? i.FailAsync("Error: Error opening /dev/vda: Permission denied") : SystemCommands.PrintAsync(i, $"Model: Virtio Block Device (virtblk)\nDisk /dev/vda: {i.Machine.DiskSectors * 512 / 1e9:0.0}GB\nSector size (logical/physical): 512B/512B\nPartition Table: gpt\n"),
        ["fsck"] = i => SystemCommands.PrintAsync(i, "fsck from util-linux 2.39.3\ne2fsck 1.47.0 (5-Feb-2023)\n/dev/vda1 is mounted.\ne2fsck: Cannot continue, aborting.\n\n\n", 8),
        ["mkfs"] = RefuseFormatAsync,
        ["mkfs.ext4"] = RefuseFormatAsync,
        ["losetup"] = i => new(0),
        ["sync"] = i => new(0),
        ["tune2fs"] = i => i.State.Visit.UserId == 0 ? SystemCommands.PrintAsync(i, $"tune2fs 1.47.0 (5-Feb-2023)\nFilesystem volume name:   cloudimg-rootfs\nLast mounted on:          /\nFilesystem UUID:          {i.Machine.RootDisk}\n") : i.FailAsync("Permission denied while trying to open /dev/vda1\nCouldn't find valid filesystem superblock."),
        ["quota"] = i => new(0),
        ["getfacl"] = i => SystemCommands.PrintAsync(i, string.Concat(i.Operands.Select(name => i.Files.Find(i.State.Path(name)) is { } node ? $"# file: {name.TrimStart('/')}\n# owner: {Accounts.UserName(i.Files, node.User)}\n# group: {Accounts.GroupName(i.Files, node.Group)}\nuser::{Modes.Text(node)[1..4]}\ngroup::{Modes.Text(node)[4..7]}\nother::{Modes.Text(node)[7..10]}\n\n" : ""))),
    };

    private static async ValueTask<int> RefuseFormatAsync(Invocation i) => await i.FailAsync(i.State.Visit.UserId == 0 ? $"{i.Operands.FirstOrDefault("/dev/vda1")} is mounted; will not make a filesystem here!" : $"{i.Operands.FirstOrDefault("")}: Permission denied");

    private static async ValueTask<int> BlockDevicesAsync(Invocation i)
    {
        int size = i.Machine.DiskGigabytes;
        return await SystemCommands.PrintAsync(i, i.Has('f', "fs")
            ? $"NAME    FSTYPE FSVER LABEL           UUID                                 FSAVAIL FSUSE% MOUNTPOINTS\nvda                                                                                       \n├─vda1  ext4   1.0   cloudimg-rootfs {i.Machine.RootDisk}  {Entries.Sizes.Human(Free(i) * 1024)}    {Used(i) * 100 / i.Machine.DiskKilobytes}% /\n├─vda14                                                                                   \n├─vda15 vfat   FAT32 UEFI            {i.Machine.EfiDisk}                              98.2M     6% /boot/efi\n└─vda16 ext4   1.0   BOOT            {i.Machine.BootDisk}  735.1M    16% /boot\n"
            : string.Create(CultureInfo.InvariantCulture, $"NAME    MAJ:MIN RM   SIZE RO TYPE MOUNTPOINTS\nvda     252:0    0    {size}G  0 disk \n├─vda1  252:1    0    {size - 1}G  0 part /\n├─vda14 252:14   0     4M  0 part \n├─vda15 252:15   0   106M  0 part /boot/efi\n└─vda16 259:0    0   913M  0 part /boot\n"));
    }

    private static async ValueTask<int> PartitionsAsync(Invocation i)
    {
        if (!i.Has('l'))
        {
            return await i.FailAsync(i.Operands.Count == 0 ? "bad usage\nTry 'fdisk --help' for more information." : $"cannot open {i.Operands[0]}: Permission denied");
        }

        if (i.State.Visit.UserId != 0)
        {
            return await i.FailAsync("cannot open /dev/vda: Permission denied");
        }

        long sectors = i.Machine.DiskSectors;
        return await SystemCommands.PrintAsync(i, string.Create(CultureInfo.InvariantCulture, $"Disk /dev/vda: {i.Machine.DiskGigabytes} GiB, {sectors * 512} bytes, {sectors} sectors\nUnits: sectors of 1 * 512 = 512 bytes\nSector size (logical/physical): 512 bytes / 512 bytes\nI/O size (minimum/optimal): 512 bytes / 512 bytes\nDisklabel type: gpt\nDisk identifier: {new Guid(i.Machine.Bytes("disk-id", 16)).ToString().ToUpperInvariant()}\n\nDevice       Start      End  Sectors  Size Type\n/dev/vda1  2099200 {sectors - 34} {sectors - 2099233}  {i.Machine.DiskGigabytes - 1}G Linux filesystem\n/dev/vda14    2048    10239     8192    4M BIOS boot\n/dev/vda15   10240   227327   217088  106M EFI System\n/dev/vda16  227328  2097152  1869825  913M Linux extended boot\n\nPartition table entries are not in disk order.\n"));
    }

    private static async ValueTask<int> DiskUsageAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "abcd:hHklLmsSt:x0", ("human-readable", 'h'), ("summarize", 's'), ("max-depth", 'd'), ("all", 'a'), ("total", 'c'), ("bytes", 'b'), ("apparent-size", 'b'), ("one-file-system", 'x'), ("exclude", 'H'));
        int depth = options.Has('s') ? 0 : int.TryParse(options.Value('d'), CultureInfo.InvariantCulture, out int given) ? given : int.MaxValue;
        StringBuilder text = new();
        int status = 0, left = MostCounted;
        long total = 0;
        string Show(long blocks) => options.Has('h') ? Entries.Sizes.Human(blocks * 512) : options.Has('b') ? blocks.ToString(CultureInfo.InvariantCulture) : options.Has('m') ? ((blocks + 2047) / 2048).ToString(CultureInfo.InvariantCulture) : (blocks / 2).ToString(CultureInfo.InvariantCulture);
        foreach (string name in options.Operands.Count == 0 ? ["."] : options.Operands)
        {
            if (i.Files.Find(i.State.Path(name)) is not { } node)
            {
                status = await i.FailAsync($"cannot access '{name}': No such file or directory");
                continue;
            }

            total += await SumAsync(name, node, 0);
        }

        text.Append(options.Has('c') ? Show(total) + "\ttotal\n" : "");
        await i.PrintAsync(text.ToString());
        return status;

        // A folder that was copied into itself many times has too many paths to walk.
        async ValueTask<long> SumAsync(string path, Node node, int level)
        {
            long sum = options.Has('b') ? Entries.Sizes.Of(node) : Entries.Sizes.Blocks(node);
            if (node is FolderNode folder && level < Deepest)
            {
                await i.State.Budget.StepAsync(i.Cancellation);
                foreach ((string name, Node inner) in folder.Entries)
                {
                    if (--left < 0)
                    {
                        break;
                    }

                    sum += await SumAsync($"{path.TrimEnd('/')}/{name}", inner, level + 1);
                }
            }

            if (level <= depth && (node is FolderNode || level == 0 || options.Has('a')))
            {
                text.Append(Show(sum)).Append('\t').Append(path).Append('\n');
            }

            return sum;
        }
    }

    public static long Used(Invocation i) => i.Machine.DiskUsedKilobytes + (i.Files.Added / 1024);

    private static long Free(Invocation i) => i.Machine.DiskKilobytes - Used(i);

    private static async ValueTask<int> DiskFreeAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "ahHiklmPt:Tx:B:", ("human-readable", 'h'), ("inodes", 'i'), ("print-type", 'T'), ("all", 'a'), ("portability", 'P'), ("block-size", 'B'), ("type", 't'));
        long size = i.Machine.DiskKilobytes, memory = i.Machine.MemoryKilobytes;
        List<(string Name, string Type, long Size, long Used, string Place)> disks =
        [
            ("tmpfs", "tmpfs", memory / 10, 1068, "/run"), ("/dev/vda1", "ext4", size, Used(i), "/"), ("tmpfs", "tmpfs", memory / 2, 0, "/dev/shm"), ("tmpfs", "tmpfs", 5120, 0, "/run/lock"),
            ("/dev/vda16", "ext4", BootKilobytes, 148_816, "/boot"), ("/dev/vda15", "vfat", EfiKilobytes, 6246, "/boot/efi"), ("tmpfs", "tmpfs", memory / 10, 12, $"/run/user/{i.State.Visit.UserId}"),
            .. i.State.Visit.Memory.Kept.Below(Mounts.Kept).Select(mount => mount.Value.Split('\t')).Zip(i.State.Visit.Memory.Kept.Below(Mounts.Kept), (parts, mount) => (parts[0], parts.ElementAtOrDefault(1) ?? "tmpfs", parts.ElementAtOrDefault(1) is "tmpfs" ? MountCommands.Kilobytes(parts.ElementAtOrDefault(2) ?? "", memory / 2) : size, parts.ElementAtOrDefault(1) is "tmpfs" ? 0 : Used(i), mount.Key)),
        ];
        if (options.Operands.Count > 0)
        {
            List<(string, string, long, long, string)> wanted = [];
            foreach (string operand in options.Operands)
            {
                string path = i.State.Path(operand);
                if (i.Files.Find(path) is null)
                {
                    return await i.FailAsync($"{operand}: No such file or directory");
                }

                wanted.Add(disks.OrderByDescending(disk => disk.Place.Length).First(disk => string.Equals(disk.Name, path, StringComparison.Ordinal) || disk.Place is "/" || string.Equals(path, disk.Place, StringComparison.Ordinal) || path.StartsWith(disk.Place + "/", StringComparison.Ordinal)));
            }

            disks = wanted;
        }

        disks = options.Value('t') is { } type ? [.. disks.Where(disk => string.Equals(disk.Type, type, StringComparison.Ordinal))] : disks;
        bool isHuman = options.Has('h') || options.Has('H'), inodes = options.Has('i'), isMega = options.Has('m') || options.Value('B') is "M" or "1M", isGiga = options.Value('B') is "G" or "1G";
        string Show(long kilobytes) => inodes ? isHuman ? Entries.Sizes.Human(kilobytes / 4) : (kilobytes / 4).ToString(CultureInfo.InvariantCulture) : isHuman ? Entries.Sizes.Human(kilobytes * 1024) : isMega ? ((kilobytes + 1023) / 1024).ToString(CultureInfo.InvariantCulture) + (options.Has('B') ? "M" : "") : isGiga ? ((kilobytes + 1048575) / 1048576).ToString(CultureInfo.InvariantCulture) + "G" : kilobytes.ToString(CultureInfo.InvariantCulture);
        List<string[]> rows = [["Filesystem", "Type", inodes ? "Inodes" : isHuman ? "Size" : isMega ? "1M-blocks" : isGiga ? "1G-blocks" : options.Has('P') ? "1024-blocks" : "1K-blocks", inodes ? "IUsed" : "Used", inodes ? "IFree" : isHuman ? "Avail" : "Available", inodes ? "IUse%" : options.Has('P') ? "Capacity" : "Use%", "Mounted on"]];
        rows.AddRange(disks.Select(disk => new[] { disk.Name, disk.Type, Show(disk.Size), Show(disk.Used), Show(disk.Size - disk.Used), string.Create(CultureInfo.InvariantCulture, $"{(disk.Size == 0 ? 0 : ((disk.Used * 100) + disk.Size - 1) / disk.Size)}%"), disk.Place }));
        int[] widths = [.. Enumerable.Range(0, 7).Select(column => rows.Max(row => row[column].Length))];
        widths[0] = Math.Max(widths[0], 14);
        StringBuilder text = new();
        foreach (string[] row in rows)
        {
            text.Append(row[0].PadRight(widths[0])).Append(' ').Append(options.Has('T') ? row[1].PadRight(widths[1]) + " " : "");
            text.AppendJoin(' ', Enumerable.Range(2, 4).Select(column => row[column].PadLeft(column == 5 ? widths[5] : Math.Max(widths[column], 5)))).Append(' ').Append(row[6]).Append('\n');
        }

        await i.PrintAsync(text.ToString());
        return 0;
    }
}
