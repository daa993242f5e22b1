using System.Globalization;
using Blackwall.Kernel.Interop;

namespace Blackwall.Kernel.Confinement;

/// <summary>
/// The two steps by which a process of ours confines itself. First, as root and before it reads anything from anybody: namespaces, a root of its
/// own, a user of its own, and the same program again (<see cref="Enter"/>). Then, when all code is loaded: the system call filter (<see cref="Seal"/>).
/// </summary>
internal static class ConfinedStart
{
    /// <summary>The one folder that it may write to.</summary>
    public const string StateFolder = "/state";

    private const ulong MostDescriptors = 16_384;
    private const ulong MostThreads = 512;
    private const string Entered = "BLACKWALL_CONFINED";

    // Where shared libraries and their index are.
    private static readonly string[] Libraries = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/lib/x86_64-linux-gnu", "/lib64", "/etc/ld.so.cache"];

    /// <summary>Whether <see cref="Enter"/> was done.</summary>
    public static bool IsEntered => Environment.GetEnvironmentVariable(Entered) is not null;

    /// <summary>How this program is run again: path and arguments before its own.</summary>
    public static (string Path, IReadOnlyList<string> Arguments) Again(string assembly)
    {
        string? program = Environment.ProcessPath;
        return program is not null && string.Equals(Path.GetFileName(program), Path.GetFileNameWithoutExtension(assembly), StringComparison.Ordinal) ? (program, []) : (Path.Combine(RuntimeRoot, "dotnet"), [assembly]);
    }

    /// <summary>What a runtime needs to know that has little memory, no home and no debugger.</summary>
    public static IReadOnlyList<string> Environments(long memoryBytes) =>
    [
        $"DOTNET_ROOT={RuntimeRoot}",
        "DOTNET_EnableDiagnostics=0",
        "DOTNET_EnableWriteXorExecute=0",
        "DOTNET_TieredPGO=0",
        "DOTNET_NOLOGO=1",
        "DOTNET_CLI_TELEMETRY_OPTOUT=1",
        string.Create(CultureInfo.InvariantCulture, $"DOTNET_GCHeapHardLimit={memoryBytes:X}"),
        $"HOME={StateFolder}",
        $"TMPDIR={StateFolder}",
    ];

    /// <summary>Gives up everything but the inherited descriptors, and runs the same program with the same arguments. Does not return.</summary>
    /// <param name="assembly">The program's file.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="inherited">How many descriptors it keeps, the channel among them.</param>
    /// <param name="user">Number of the user that it becomes.</param>
    /// <param name="stateBytes">What it may write.</param>
    /// <param name="memoryBytes">What it may allocate.</param>
    /// <exception cref="IOException">A step failed; the process must end.</exception>
    public static void Enter(string assembly, IReadOnlyList<string> arguments, int inherited, uint user, long stateBytes, long memoryBytes)
    {
        (string path, IReadOnlyList<string> before) = Again(assembly);
        string[] readable = [.. Libraries.Concat([RuntimeRoot, Path.GetDirectoryName(assembly)!]).Where(Exists).Distinct(StringComparer.Ordinal)];
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                ConfinedView.LeaveNamespaces();
                ConfinedView.MakeRoot(readable, StateFolder, stateBytes, user);
                ConfinedView.DropPrivileges(user, (ulong)memoryBytes * 4, MostDescriptors, MostThreads);
                ConfinedView.EnterFolder(StateFolder);
                ConfinedView.KeepDescriptors(inherited);
                ConfinedView.Become(path, [.. before, .. arguments], [.. Environments(memoryBytes), $"{Entered}=1"]);
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        throw new IOException($"The process cannot be confined: {failure?.Message}");
    }

    /// <summary>From here on no system call works that is not needed. Null: done; else why not.</summary>
    public static string? Seal() => SystemCallFilter.Install();

    private static string RuntimeRoot => RootOf(Path.GetDirectoryName(typeof(object).Assembly.Location)!, AppContext.BaseDirectory);

    /// <summary>The folder with all of the runtime: of a shared one three above its libraries, of a program that brings its own the program's.</summary>
    internal static string RootOf(string libraries, string program) =>
        string.Equals(libraries, program.TrimEnd('/'), StringComparison.Ordinal) ? libraries : Path.GetFullPath(Path.Combine(libraries, "../../.."));

    private static bool Exists(string path) => Directory.Exists(path) || File.Exists(path);
}
