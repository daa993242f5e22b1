using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Archives;

/// <summary>What programs that pack single files have in common: gzip, bzip2.</summary>
internal static class PackedFile
{
    private const string StandardInput = "-";

    /// <summary>Runs for each operand, or for standard input when there is none; the highest status.</summary>
    public static async ValueTask<int> EachAsync(IReadOnlyList<string> operands, Func<string, ValueTask<int>> run)
    {
        int status = 0;
        foreach (string name in operands.Count == 0 ? [StandardInput] : operands)
        {
            status = Math.Max(status, await run(name));
        }

        return status;
    }

    public static async ValueTask<(FileError Error, byte[] Content)> ReadAsync(Invocation i, string name)
    {
        if (name is StandardInput)
        {
            byte[] read = await i.Streams.Input.ReadAllAsync(i.Cancellation);
            i.Hold(read.Length);
            return (FileError.None, read);
        }

        FileError error = i.Read(name, out byte[] content);
        return (error, content);
    }

    /// <summary>Writes what was made of a file, which goes unless it is to be kept; the status.</summary>
    public static async ValueTask<int> ReplaceAsync(Invocation i, string name, string target, byte[] made, bool keeps)
    {
        int status = await ArchiveCommands.StoreAsync(i, target, made);
        if (status == 0 && i.Files.Find(i.State.Path(name)) is { } source && i.Files.Find(i.State.Path(target)) is { } packed)
        {
            // The new file has the rights and the time of the old one.
            i.Files.Put(i.State.Path(target), packed with { Mode = source.Mode, Modified = source.Modified });
        }

        if (status == 0 && !keeps)
        {
            i.Files.Remove(i.State.Path(name));
        }

        return status;
    }
}
