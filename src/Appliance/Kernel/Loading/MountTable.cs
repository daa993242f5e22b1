namespace Blackwall.Kernel.Loading;

/// <summary>Reads /proc/PID/mountinfo (proc_pid_mountinfo(5)). Pure.</summary>
internal static class MountTable
{
    /// <summary>Whether a BPF file system with this device number is mounted anywhere.</summary>
    public static bool HasBpf(string text, string device) =>
        text.Split('\n').Select(line => line.Split(' ')).Any(columns =>
            Array.IndexOf(columns, "-") is >= 6 and int dash && columns.Length > dash + 1 && string.Equals(columns[2], device, StringComparison.Ordinal) && columns[dash + 1] is "bpf");

    /// <summary>Device number and type of what is mounted at a path; null: nothing is. The last mount at a path is the one that is seen.</summary>
    public static (string Device, string Type)? Find(string text, string path)
    {
        (string, string)? found = null;
        foreach (string line in text.Split('\n'))
        {
            // id, parent, major:minor, root, mount point, options, optional fields, "-", type, source, options.
            string[] columns = line.Split(' ');
            int dash = Array.IndexOf(columns, "-");
            if (dash >= 6 && columns.Length > dash + 1 && string.Equals(columns[4], path, StringComparison.Ordinal))
            {
                found = (columns[2], columns[dash + 1]);
            }
        }

        return found;
    }
}
