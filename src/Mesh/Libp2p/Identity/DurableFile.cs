namespace Blackwall.Mesh.Libp2p.Identity;

/// <summary>Files of our own: whole or not there, on disk when the call returns, readable by their owner alone.</summary>
internal static class DurableFile
{
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        string full = Path.GetFullPath(path);
        string beside = full + ".new";
        File.Delete(beside);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.WriteThrough, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var file = new FileStream(beside, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, full, overwrite: true);

        // Flushing the file under its new name also commits the journal's record of the renaming, which came before.
        using Microsoft.Win32.SafeHandles.SafeFileHandle renamed = File.OpenHandle(full, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(renamed);
    }

    public static void Copy(string from, string to)
    {
        byte[] bytes = File.ReadAllBytes(from);
        Write(to, bytes);
    }
}
