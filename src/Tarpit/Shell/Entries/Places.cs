using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>Where entries lie, and whether the visitor may change them.</summary>
internal static class Places
{
    /// <summary>The folder that holds a path.</summary>
    public static string Parent(string path) => path[..Math.Max(1, path.LastIndexOf('/'))];

    /// <summary>The last part of a name; slashes at its end do not count.</summary>
    public static string Base(string name) => name.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed[(trimmed.LastIndexOf('/') + 1)..] : "/";

    /// <summary>Whether entries of the folder that holds a path may be made and removed.</summary>
    public static bool MayChange(Invocation i, string path) => i.Files.Find(Parent(path)) is { } folder && Access.MayWrite(folder, i.State.Visit.UserId);

    /// <summary>What a name leads to, and why to nothing.</summary>
    public static (Node? Node, FileError Error) Look(Invocation i, string name, bool follow) =>
        i.Files.Resolve(i.State.Path(name), follow || name.EndsWith('/'), out FileError error) is (_, { } node)
            ? (node is not FolderNode && name.EndsWith('/') ? null : node, FileError.NotFolder)
            : (null, error == FileError.None ? FileError.NotFound : error);

    /// <summary>Whether what is below /proc and /sys, which nobody can remove.</summary>
    public static bool IsKernels(string path) => path is "/proc" or "/sys" || path.StartsWith("/proc/", StringComparison.Ordinal) || path.StartsWith("/sys/", StringComparison.Ordinal);

    /// <summary>Sources and where they go: SOURCE TARGET, SOURCE... FOLDER, or -t FOLDER SOURCE...; null: there is an error, which was told.</summary>
    public static async ValueTask<(IReadOnlyList<string> Sources, string Target, bool IsFolder)?> SourcesAsync(Invocation i, OptionParsing options)
    {
        IReadOnlyList<string> operands = options.Operands;
        string help = $"\nTry '{Base(i.Name)} --help' for more information.";
        if (operands.Count == 0)
        {
            await i.FailAsync("missing file operand" + help);
            return null;
        }

        if (options.Value('t') is { } folder)
        {
            (Node? node, FileError error) = Look(i, folder, follow: true);
            if (node is FolderNode)
            {
                return (operands, folder, true);
            }

            await i.FailAsync($"target directory '{folder}': {(node is null ? error : FileError.NotFolder).Text()}");
            return null;
        }

        if (operands.Count == 1)
        {
            await i.FailAsync($"missing destination file operand after '{operands[0]}'{help}");
            return null;
        }

        (Node? target, FileError why) = Look(i, operands[^1], follow: true);
        bool isFolder = target is FolderNode && !options.Has('T');
        if (operands.Count > 2 && !isFolder)
        {
            await i.FailAsync(options.Has('T') ? $"extra operand '{operands[2]}'{help}" : $"target '{operands[^1]}': {(target is null ? why : FileError.NotFolder).Text()}");
            return null;
        }

        return ([.. operands.Take(operands.Count - 1)], operands[^1], isFolder);
    }

    /// <summary>Asks as -i does; what does not begin with y is a no.</summary>
    public static async ValueTask<bool> AgreesAsync(Invocation i, string question)
    {
        await i.Streams.Error.WriteAsync($"{Base(i.Name)}: {question}? ", i.Cancellation);
        return await i.Streams.Input.ReadLineAsync(i.Cancellation) is ['y' or 'Y', ..];
    }
}
