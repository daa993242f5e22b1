using System.Runtime.InteropServices;

namespace Blackwall.Cli.Programs;

/// <summary>execv(2): the process goes on as another program, so that its signals, its terminal and its exit code are that program's own.</summary>
internal static partial class ProcessImage
{
    /// <summary>Returns only when it does not work.</summary>
    /// <param name="command">Path of the program, and its arguments.</param>
    /// <returns>errno.</returns>
    public static int Replace(IReadOnlyList<string> command)
    {
        string?[] arguments = [.. command, null];
        _ = Execute(command[0], arguments);
        return Marshal.GetLastPInvokeError();
    }

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string path, string?[] arguments);
}
