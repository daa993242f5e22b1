namespace Blackwall.Lab.Network;

/// <summary>
/// The scratch folder and the name of one run. The name holds the process, and a lock in the folder dies with it: so a
/// later run can tell whether this one still lives, even when its process number was given away again.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private const string NamePrefix = "bwl";
    private const string LockFile = "lock";

    private static int s_count;

    private readonly FileStream _lock;

    private RunFolder(string name)
    {
        Name = name;
        Path = System.IO.Path.Combine(Root, name);
        Directory.CreateDirectory(Path);
        _lock = new FileStream(System.IO.Path.Combine(Path, LockFile), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
    }

    public static string Root { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "blackwall-lab");

    /// <summary>Prefix of everything this run makes.</summary>
    public string Name { get; }

    public string Path { get; }

    /// <summary>Where the appliance of this run pins its maps.</summary>
    public string PinPath => $"{LabCleaner.BpfFileSystem}/{Name}";

    public static RunFolder Create() => new($"{NamePrefix}{Environment.ProcessId}x{Interlocked.Increment(ref s_count)}");

    /// <summary>Folders whose process is gone.</summary>
    public static IEnumerable<string> Abandoned()
    {
        if (!Directory.Exists(Root))
        {
            yield break;
        }

        foreach (var folder in Directory.EnumerateDirectories(Root, NamePrefix + "*"))
        {
            var held = IsHeld(System.IO.Path.Combine(folder, LockFile));
            if (!held && (!IsRunning(System.IO.Path.GetFileName(folder)) || IsOld(folder)))
            {
                yield return folder;
            }
        }
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        _lock.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    private static bool IsRunning(string name) => Directory.Exists($"/proc/{name[NamePrefix.Length..].Split('x')[0]}");

    /// <summary>A run that starts just now has its folder a moment before its lock.</summary>
    private static bool IsOld(string folder) =>
        TimeProvider.System.GetUtcNow() - new DateTimeOffset(Directory.GetCreationTimeUtc(folder), TimeSpan.Zero) > TimeSpan.FromMinutes(1);

    private static bool IsHeld(string lockFile)
    {
        try
        {
            using var probe = new FileStream(lockFile, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
