using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>cp(1) and install(1).</summary>
internal sealed class CopyFiles(Invocation i, OptionParsing options, bool installs = false)
{
    private const int Deepest = 100;
    private static readonly Dictionary<string, char> CopyNames = new(StringComparer.Ordinal)
    {
        ["archive"] = 'a', ["force"] = 'f', ["interactive"] = 'i', ["link"] = 'l', ["dereference"] = 'L', ["no-clobber"] = 'n', ["no-dereference"] = 'P', ["preserve"] = '\u0001', ["parents"] = '\u0002', ["recursive"] = 'R', ["symbolic-link"] = 's',
        ["target-directory"] = 't', ["no-target-directory"] = 'T', ["update"] = 'u', ["verbose"] = 'v', ["one-file-system"] = 'x', ["remove-destination"] = '\u0003', ["backup"] = 'b', ["suffix"] = 'S', ["no-preserve"] = '\u0004', ["sparse"] = '\u0004', ["reflink"] = '\u0004', ["attributes-only"] = '\u0004', ["strip-trailing-slashes"] = '\u0004',
    };

    private static readonly Dictionary<string, char> InstallNames = new(StringComparer.Ordinal)
    {
        ["directory"] = 'd', ["group"] = 'g', ["mode"] = 'm', ["owner"] = 'o', ["preserve-timestamps"] = 'p', ["strip"] = 's', ["target-directory"] = 't', ["no-target-directory"] = 'T', ["verbose"] = 'v', ["compare"] = 'C', ["backup"] = 'b', ["suffix"] = 'S',
    };

    private readonly bool _recursive = options.Has('r') || options.Has('R') || options.Has('a');
    private readonly bool _preserves = options.Has('p') || options.Has('a') || options.Has('\u0001');
    private readonly int _user = i.State.Visit.UserId;

    // The last of these says whether links are followed; without one, links below a folder are copied.
    private readonly char _links = options.Last("LPHda") is '\0' ? (options.Has('r') || options.Has('R') ? 'P' : 'L') : options.Last("LPHda") is 'd' or 'a' ? 'P' : options.Last("LPHda");

    public static async ValueTask<int> CopyAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "abdfiHlLnPpRrsS:t:Tuvx", CopyNames, isMixed: true);
        return await Places.SourcesAsync(i, options) is { } given ? await new CopyFiles(i, options).AllAsync(given.Sources, given.Target, given.IsFolder) : 1;
    }

    public static async ValueTask<int> InstallAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "bcCdDg:m:o:psS:t:Tv", InstallNames, isMixed: true);
        if (options.Has('d'))
        {
            return await FolderCommands.MakeAsync(i with { Arguments = ["-p", "-m", options.Value('m') ?? "755", .. options.Operands] });
        }

        if (options.Has('D') && options.Operands.Count == 2)
        {
            await FolderCommands.MakeAsync(i with { Arguments = ["-p", Places.Parent(i.State.Path(options.Operands[1]))] });
        }

        return await Places.SourcesAsync(i, options) is { } given ? await new CopyFiles(i, options, installs: true).AllAsync(given.Sources, given.Target, given.IsFolder) : 1;
    }

    private async ValueTask<int> AllAsync(IReadOnlyList<string> sources, string target, bool isFolder)
    {
        int status = 0;
        foreach (string source in sources)
        {
            string name = options.Has('\u0002') ? source.TrimEnd('/') : Places.Base(source);
            if (options.Has('\u0002') && isFolder && source.Contains('/', StringComparison.Ordinal))
            {
                await FolderCommands.MakeAsync(i with { Arguments = ["-p", $"{target}/{Places.Parent(source)}"] });
            }

            string shown = isFolder ? name is "." or ".." or "/" ? $"{target.TrimEnd('/')}/{(name is "/" ? "" : name)}" : $"{target.TrimEnd('/')}/{name}" : target;
            status = Math.Max(status, await OneAsync(source, shown, 0));
        }

        return status;
    }

    private async ValueTask<int> OneAsync(string source, string target, int depth)
    {
        (Node? node, FileError error) = Places.Look(i, source, _links == 'L' || (_links == 'H' && depth == 0));
        if (node is null)
        {
            return await i.FailAsync($"cannot stat '{source}': {error.Text()}");
        }

        (string path, Node? there) = i.Files.Resolve(i.State.Path(target), follow: node is not LinkNode, out FileError why) is { } place ? place : ("", null);
        if (path.Length == 0 || (there is null && target.EndsWith('/') && node is not FolderNode))
        {
            return await i.FailAsync($"cannot create {Kind(node)} '{target}': {(path.Length > 0 ? "Not a directory" : why.Text())}");
        }

        if (node is FolderNode folder)
        {
            return await FolderAsync(source, target, folder, there, path, depth);
        }

        if (there is FolderNode)
        {
            return await i.FailAsync($"cannot overwrite directory '{target}' with non-directory '{source}'");
        }

        if (there is not null && string.Equals(i.Files.Resolve(i.State.Path(source), follow: node is not LinkNode, out _)?.Path, path, StringComparison.Ordinal))
        {
            return await i.FailAsync($"'{source}' and '{target}' are the same file");
        }

        if (there is not null && (options.Has('n') || (options.Has('u') && there.Modified >= node.Modified) || (options.Has('i') && !await Places.AgreesAsync(i, $"overwrite '{target}'"))))
        {
            return 0;
        }

        if (!Access.MayRead(node, _user))
        {
            return await i.FailAsync($"cannot open '{source}' for reading: Permission denied");
        }

        return await PutAsync(source, target, path, Copied(node, there, source), there);
    }

    private async ValueTask<int> PutAsync(string source, string target, string path, Node node, Node? there)
    {
        if (there is null ? !Places.MayChange(i, path) : !Access.MayWrite(there, _user))
        {
            return await i.FailAsync($"cannot create {Kind(node)} '{target}': {(i.Files.Find(Places.Parent(path)) is null ? "No such file or directory" : "Permission denied")}");
        }

        if (options.Has('b') && there is not null)
        {
            i.Files.Put(path + (options.Value('S') ?? "~"), there);
        }

        // What is there already may be no plain file: writing to a device or a file of the kernel changes no entry.
        FileError error = there is DeviceNode or FileNode { Content: KernelContent or LogContent } && node is FileNode { Content: var content } ? i.Files.Write(path, content.Read(), _user, _user) : i.Files.Put(path, node);
        if (error != FileError.None)
        {
            return await i.FailAsync($"cannot create {Kind(node)} '{target}': {error.Text()}");
        }

        if (options.Has('v'))
        {
            await i.PrintAsync($"'{source}' -> '{target}'\n");
        }

        return 0;
    }

    private async ValueTask<int> FolderAsync(string source, string target, FolderNode folder, Node? there, string path, int depth)
    {
        if (!_recursive)
        {
            return await i.FailAsync(installs ? $"omitting directory '{source}'" : $"-r not specified; omitting directory '{source}'");
        }

        if (there is not null and not FolderNode)
        {
            return await i.FailAsync($"cannot overwrite non-directory '{target}' with directory '{source}'");
        }

        string from = i.State.Path(source);
        if (path.StartsWith(from.TrimEnd('/') + "/", StringComparison.Ordinal) || string.Equals(path, from, StringComparison.Ordinal))
        {
            return await i.FailAsync($"cannot copy a directory, '{source}', into itself, '{target}'");
        }

        // A whole tree is one entry that shares what does not change, as long as each part may be taken as it is.
        if (there is null && _links != 'L' && !options.Has('v') && !Places.IsKernels(from))
        {
            return await PutAsync(source, target, path, Copied(folder, null, source), null);
        }

        if (there is null && await PutAsync(source, target, path, (FolderNode)Copied(folder, null, source) with { Entries = new FolderNode().Entries }, null) is not 0 and var failed)
        {
            return failed;
        }

        int status = 0;
        foreach (string name in depth < Deepest ? folder.Entries.Keys : [])
        {
            await i.State.Budget.StepAsync(i.Cancellation);
            status = Math.Max(status, await OneAsync($"{source.TrimEnd('/')}/{name}", $"{target.TrimEnd('/')}/{name}", depth + 1));
        }

        return status;
    }

    private Node Copied(Node node, Node? there, string source)
    {
        if (options.Has('s'))
        {
            return new LinkNode(source) { Mode = 0x1FF, Modified = i.Machine.Now, User = _user, Group = _user };
        }

        Node copy = node switch
        {
            DeviceNode when !_recursive => new FileNode { Content = new StoredContent([]), Mode = 0x1B6 },
            FileNode { Content: KernelContent or LogContent } file => file with { Content = new StoredContent(file.Content.Read()) },
            _ => node,
        };
        if (installs)
        {
            return copy with { Mode = options.Value('m') is { } mode ? Modes.Apply(mode, new FileNode { Content = new StoredContent([]), Mode = 0 }, 0) ?? 0x1ED : 0x1ED, User = _user, Group = _user, Modified = options.Has('p') ? node.Modified : i.Machine.Now };
        }

        return _preserves ? copy
            : there is FileNode before && copy is FileNode ? copy with { Mode = before.Mode, User = before.User, Group = before.Group, Modified = i.Machine.Now }
            : copy with { Mode = copy is LinkNode ? 0x1FF : copy.Mode & ~i.State.FileMask & 0x1FF, User = _user, Group = _user, Modified = i.Machine.Now };
    }

    private static string Kind(Node node) => node switch { FolderNode => "directory", LinkNode => "symbolic link", _ => "regular file" };
}
