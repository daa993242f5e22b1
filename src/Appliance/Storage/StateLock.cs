namespace Blackwall.Storage;

/// <summary>Holds the state folder for one process; a second appliance on the same folder would undo the first one's work.</summary>
public sealed class StateLock : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly FileStream _file;

    private StateLock(FileStream file) => _file = file;

    /// <summary>Makes the folder if need be and locks it; the error is one sentence that says what to do.</summary>
    public static StateLock? TryTake(string folder, out string? error)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            UnixFileMode mode = File.GetUnixFileMode(folder);
            if ((mode & UnixFileMode.OtherWrite) != UnixFileMode.None)
            {
                // Existing files may belong to somebody else: links to other files, or a planted key.
                error = $"The state folder {folder} can be written by every user of this machine; look at what is in it, close it with 'chmod 700 {folder}', or name another with --state.";
                return null;
            }

            if ((mode & ~(OwnerOnly | UnixFileMode.UserExecute)) != UnixFileMode.None)
            {
                File.SetUnixFileMode(folder, mode & (OwnerOnly | UnixFileMode.UserExecute));
            }

            // FileShare.None is flock(LOCK_EX): the kernel lets go when the process dies, however it dies.
            FileStream file = new(Path.Combine(folder, "lock"), new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = OwnerOnly,
            });
            CloseToOthers(folder);
            error = null;
            return new StateLock(file);
        }
        catch (UnauthorizedAccessException)
        {
            error = $"The state folder {folder} cannot be written by this user; give it to the user, or name another with --state.";
        }
        catch (IOException failure) when (File.Exists(Path.Combine(folder, "lock")) && failure is not (DirectoryNotFoundException or FileNotFoundException))
        {
            error = $"The state folder {folder} is in use: another appliance runs on it, or the disk is read-only. Stop that one, or name another folder with --state.";
        }
        catch (IOException failure)
        {
            error = $"The state folder {folder} cannot be made: {failure.Message} Name another with --state.";
        }

        return null;
    }

    public void Dispose() => _file.Dispose();

    // Files that an earlier version, or a copy, left readable to others. The admin key is checked and reported by its reader.
    private static void CloseToOthers(string folder)
    {
        string[] ours = ["blackwall.db*", "*.state", "*.state.new", "*.damaged", "lock"];
        foreach (string file in ours.SelectMany(pattern => Directory.EnumerateFiles(folder, pattern)))
        {
            // A link does not belong to us and could point to another file.
            if (new FileInfo(file).LinkTarget is null && (File.GetUnixFileMode(file) & ~OwnerOnly) != UnixFileMode.None)
            {
                File.SetUnixFileMode(file, OwnerOnly);
            }
        }

        string captures = Path.Combine(folder, "captures");
        if (Directory.Exists(captures))
        {
            File.SetUnixFileMode(captures, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}
