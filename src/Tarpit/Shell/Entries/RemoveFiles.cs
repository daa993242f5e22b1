using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>rm(1), rmdir(1) and unlink(1).</summary>
internal static class RemoveFiles
{
    private const int Deepest = 100;
    private static readonly Dictionary<string, char> Names = new(StringComparer.Ordinal)
    {
        ["force"] = 'f', ["recursive"] = 'r', ["dir"] = 'd', ["verbose"] = 'v', ["interactive"] = 'i', ["one-file-system"] = 'x', ["no-preserve-root"] = 'N', ["preserve-root"] = 'x',
    };

    public static async ValueTask<int> RemoveAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "dfirRIvxN", Names, isMixed: true);
        bool force = options.Last("fiI") == 'f', recursive = options.Has('r') || options.Has('R');
        if (options.Operands.Count == 0)
        {
            return force ? 0 : await i.FailAsync("missing operand\nTry 'rm --help' for more information.");
        }

        if (options.Last("fiI") == 'I' && (recursive || options.Operands.Count > 3)
            && !await Places.AgreesAsync(i, $"remove {options.Operands.Count} argument{(options.Operands.Count == 1 ? "" : "s")}{(recursive ? " recursively" : "")}"))
        {
            return 0;
        }

        int status = 0;
        foreach (string name in options.Operands)
        {
            status = Math.Max(status, await OneAsync(i, options, name, force, recursive, 0));
        }

        return status;
    }

    private static async ValueTask<int> OneAsync(Invocation i, OptionParsing options, string name, bool force, bool recursive, int depth)
    {
        (Node? node, FileError error) = Places.Look(i, name, follow: false);
        string path = i.State.Path(name);
        if (depth == 0 && Places.Base(name) is "." or ".." && (recursive || options.Has('d')))
        {
            return await i.FailAsync($"refusing to remove '.' or '..' directory: skipping '{name}'");
        }

        if (node is null)
        {
            return force && error is FileError.NotFound or FileError.NotFolder ? 0 : await i.FailAsync($"cannot remove '{name}': {error.Text()}");
        }

        if (node is FolderNode folder && (recursive || options.Has('d')))
        {
            return await FolderAsync(i, options, name, path, folder, force, recursive, depth);
        }

        if (node is FolderNode)
        {
            return await i.FailAsync($"cannot remove '{name}': Is a directory");
        }

        string kind = node switch { LinkNode => "symbolic link", FileNode { Content.Size: 0 } => "regular empty file", FileNode => "regular file", PipeNode => "fifo", SocketNode => "socket", _ => "special file" };
        return options.Last("fiI") == 'i' && !await Places.AgreesAsync(i, $"remove {kind} '{name}'") ? 0 : await TakeAsync(i, options, name, path, isFolder: false);
    }

    private static async ValueTask<int> FolderAsync(Invocation i, OptionParsing options, string name, string path, FolderNode folder, bool force, bool recursive, int depth)
    {
        if (path is "/" && !options.Has('N'))
        {
            return await i.FailAsync(name is "/" ? "it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe" : $"it is dangerous to operate recursively on '{name}' (same as '/')\nrm: use --no-preserve-root to override this failsafe");
        }

        if (!recursive && folder.Entries.Count > 0)
        {
            return await i.FailAsync($"cannot remove '{name}': Directory not empty");
        }

        bool asks = options.Last("fiI") == 'i';
        int status = 0;
        if (asks || options.Has('v') || Places.IsKernels(path))
        {
            // Entry by entry, as they are told or asked for.
            if (asks && folder.Entries.Count > 0 && !await Places.AgreesAsync(i, $"descend into directory '{name}'"))
            {
                return 0;
            }

            foreach (string inner in depth < Deepest ? folder.Entries.Keys : [])
            {
                await i.State.Budget.StepAsync(i.Cancellation);
                status = Math.Max(status, await OneAsync(i, options, $"{name.TrimEnd('/')}/{inner}", force, recursive, depth + 1));
            }

            if (i.Files.Find(path) is FolderNode { Entries.Count: > 0 })
            {
                return status;
            }

            if (asks && !await Places.AgreesAsync(i, $"remove directory '{name}'"))
            {
                return status;
            }
        }

        return Math.Max(status, await TakeAsync(i, options, name, path, isFolder: true));
    }

    private static async ValueTask<int> TakeAsync(Invocation i, OptionParsing options, string name, string path, bool isFolder)
    {
        FileError error = !Places.MayChange(i, path) ? FileError.NotPermitted : Places.IsKernels(path) ? FileError.Invalid : i.Files.Remove(path, recursive: true);
        if (error != FileError.None)
        {
            return await i.FailAsync($"cannot remove '{name}': {(error == FileError.Invalid ? "Operation not permitted" : error.Text())}");
        }

        if (options.Has('v'))
        {
            await i.PrintAsync($"removed {(isFolder ? "directory " : "")}'{name}'\n");
        }

        return 0;
    }

    public static async ValueTask<int> RemoveFolderAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "pvi", new Dictionary<string, char>(StringComparer.Ordinal) { ["parents"] = 'p', ["verbose"] = 'v', ["ignore-fail-on-non-empty"] = 'i' }, isMixed: true);
        if (options.Operands.Count == 0)
        {
            return await i.FailAsync("missing operand\nTry 'rmdir --help' for more information.");
        }

        int status = 0;
        foreach (string operand in options.Operands)
        {
            for (string name = operand.Length > 1 ? operand.TrimEnd('/') : operand; name.Length > 0; name = name.LastIndexOf('/') is > 0 and var cut ? name[..cut] : "")
            {
                if (options.Has('v'))
                {
                    await i.PrintAsync($"rmdir: removing directory, '{name}'\n");
                }

                (Node? node, FileError error) = Places.Look(i, name, follow: false);
                string path = i.State.Path(name);
                error = node is null ? error : node is not FolderNode ? FileError.NotFolder : Places.Base(name) is "." ? FileError.Invalid : Places.MayChange(i, path) ? i.Files.Remove(path) : FileError.NotPermitted;
                if (error != FileError.None && !(error == FileError.NotEmpty && options.Has('i')))
                {
                    status = await i.FailAsync($"failed to remove {(name.Length < operand.TrimEnd('/').Length ? "directory " : "")}'{name}': {error.Text()}");
                }

                if (error != FileError.None || !options.Has('p'))
                {
                    break;
                }
            }
        }

        return status;
    }

    public static async ValueTask<int> UnlinkAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "", null, isMixed: true);
        if (options.Operands is not [var name])
        {
            return await i.FailAsync((options.Operands.Count == 0 ? "missing operand" : $"extra operand ‘{options.Operands[1]}’") + "\nTry 'unlink --help' for more information.");
        }

        (Node? node, FileError error) = Places.Look(i, name, follow: false);
        string path = i.State.Path(name);
        error = node is null ? error : node is FolderNode ? FileError.IsFolder : Places.MayChange(i, path) ? i.Files.Remove(path) : FileError.NotPermitted;
        return error == FileError.None ? 0 : await i.FailAsync($"cannot unlink '{name}': {error.Text()}");
    }
}
