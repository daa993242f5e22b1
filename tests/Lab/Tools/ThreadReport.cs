using System.Globalization;
using System.Text;

namespace Blackwall.Lab.Tools;

/// <summary>What each thread of a process waits for in the kernel: told when a process does not do in time what it was asked to.</summary>
internal static class ThreadReport
{
    /// <summary>A line a thread: id, name, state, and its kernel stack where the reader may see it.</summary>
    public static string Of(int process)
    {
        StringBuilder report = new();
        foreach (var folder in Folders(process))
        {
            var stat = Read(folder, "stat");
            var state = stat.Length > 0 ? stat[(stat.LastIndexOf(')') + 1)..].TrimStart().Split(' ')[0] : "gone";
            var stack = string.Join(" < ", Read(folder, "stack").Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(6).Select(line => line.Split(' ')[^1]));
            report.Append(CultureInfo.InvariantCulture, $"{Path.GetFileName(folder)} {Read(folder, "comm").Trim()} {state} {stack}\n");
        }

        return report.ToString();
    }

    private static string[] Folders(int process)
    {
        try
        {
            return Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task"));
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
