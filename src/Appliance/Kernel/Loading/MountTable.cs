namespace Blackwall.Kernel.Loading;

/// <summary>Reads /proc/PID/mountinfo (proc_pid_mountinfo(5)). Pure.</summary>
internal static class MountTable
{
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
