using System.Globalization;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>Numbers that listings show of an entry.</summary>
internal static class Sizes
{
    /// <summary>Bytes as du and ls -h write them: rounded up.</summary>
    public static string Human(long bytes)
    {
        if (bytes < 1024)
        {
            return bytes.ToString(CultureInfo.InvariantCulture);
        }

        double size = bytes;
        int unit = -1;
        while (size >= 1024)
        {
            size /= 1024;
            unit++;
        }

        return Math.Ceiling(size * 10) / 10 < 10 ? string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(size * 10) / 10:0.0}{"KMGTP"[unit]}") : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(size):0}{"KMGTP"[unit]}");
    }

    /// <summary>Bytes as ls -l shows them.</summary>
    public static long Of(Node node) => node switch
    {
        FileNode file => file.Content.Size,
        LinkNode link => link.Target.Length,
        FolderNode => 4096,
        _ => 0,
    };

    /// <summary>Blocks of 512 bytes that a node takes.</summary>
    public static long Blocks(Node node) => node is FolderNode ? 8 : node is FileNode file ? (file.Content.Size + 4095) / 4096 * 8 : 0;

    public static int Links(Node node) => node is FolderNode folder ? 2 + folder.Entries.Values.Count(e => e is FolderNode) : 1;

    /// <summary>The number of an entry: it follows from its path.</summary>
    public static uint Inode(string path) => path is "/" ? 2 : (path.Aggregate(17u, (hash, c) => unchecked((hash * 31) + c)) % 900_000) + 1000;
}
