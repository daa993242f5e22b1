using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>mv(1) and ln(1).</summary>
internal static class MoveFiles
{
    private static readonly Dictionary<string, char> MoveNames = new(StringComparer.Ordinal)
    {
        ["force"] = 'f', ["interactive"] = 'i', ["no-clobber"] = 'n', ["target-directory"] = 't', ["no-target-directory"] = 'T', ["update"] = 'u', ["verbose"] = 'v', ["backup"] = 'b', ["suffix"] = 'S', ["strip-trailing-slashes"] = 'Z',
    };

    private static readonly Dictionary<string, char> LinkNames = new(StringComparer.Ordinal)
    {
        ["symbolic"] = 's', ["force"] = 'f', ["interactive"] = 'i', ["no-dereference"] = 'n', ["verbose"] = 'v', ["target-directory"] = 't', ["no-target-directory"] = 'T', ["relative"] = 'r', ["logical"] = 'L', ["physical"] = 'P', ["backup"] = 'b', ["suffix"] = 'S', ["directory"] = 'd',
    };

    public static async ValueTask<int> MoveAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "bfinS:t:TuvZ", MoveNames, isMixed: true);
        if (await Places.SourcesAsync(i, options) is not { } given)
        {
            return 1;
        }

        int status = 0;
        foreach (string source in given.Sources)
        {
            status = Math.Max(status, await MoveOneAsync(i, options, source, given.IsFolder ? $"{given.Target.TrimEnd('/')}/{Places.Base(source)}" : given.Target));
        }

        return status;
    }

    private static async ValueTask<int> MoveOneAsync(Invocation i, OptionParsing options, string source, string target)
    {
        string path = i.State.Path(source), to = i.State.Path(target);
        (Node? node, FileError error) = Places.Look(i, source, follow: false);
        if (node is null)
        {
            return await i.FailAsync($"cannot stat '{source}': {error.Text()}");
        }

        // The folders of both may be links.
        path = i.Files.Resolve(path, follow: false, out _)?.Path ?? path;
        to = i.Files.Resolve(to, follow: false, out _)?.Path ?? to;
        (Node? there, FileError why) = Places.Look(i, target.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/", follow: false);
        if (string.Equals(path, to, StringComparison.Ordinal))
        {
            return await i.FailAsync($"'{source}' and '{target}' are the same file");
        }

        if (to.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal))
        {
            return await i.FailAsync($"cannot move '{source}' to a subdirectory of itself, '{target}'");
        }

        if (i.Files.Find(Places.Parent(to)) is not FolderNode)
        {
            return await i.FailAsync($"cannot move '{source}' to '{target}': {why.Text()}");
        }

        if (there is FolderNode && node is not FolderNode)
        {
            return await i.FailAsync($"cannot overwrite directory '{target}' with non-directory '{source}'");
        }

        if (there is not null and not FolderNode && node is FolderNode)
        {
            return await i.FailAsync($"cannot overwrite non-directory '{target}' with directory '{source}'");
        }

        if (there is FolderNode { Entries.Count: > 0 })
        {
            return await i.FailAsync($"cannot move '{source}' to '{target}': Directory not empty");
        }

        if (there is not null && (options.Has('n') || (options.Has('u') && there.Modified >= node.Modified) || (options.Last("fin") == 'i' && !await Places.AgreesAsync(i, $"overwrite '{target}'"))))
        {
            return 0;
        }

        if (!Places.MayChange(i, path) || !Places.MayChange(i, to) || Places.IsKernels(path))
        {
            return await i.FailAsync($"cannot move '{source}' to '{target}': {(Places.IsKernels(path) ? "Operation not permitted" : "Permission denied")}");
        }

        if (options.Has('b') && there is not null)
        {
            i.Files.Put(to + (options.Value('S') ?? "~"), there);
        }

        FileError failed = node.Flags.Length > 0 ? FileError.Protected : i.Files.Put(to, node);
        if (failed != FileError.None)
        {
            return await i.FailAsync($"cannot move '{source}' to '{target}': {failed.Text()}");
        }

        i.Files.Remove(path, recursive: true);
        if (options.Has('v'))
        {
            await i.PrintAsync($"renamed '{source}' -> '{target}'\n");
        }

        return 0;
    }

    public static async ValueTask<int> LinkAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "bdFfiLnPrsS:t:Tv", LinkNames, isMixed: true);
        bool one = options.Operands.Count == 1 && !options.Has('t');
        if ((one ? (options.Operands, ".", true) : await Places.SourcesAsync(i, options)) is not { } given)
        {
            return 1;
        }

        // With -n a link to a folder is what is replaced, not entered.
        bool isFolder = given.IsFolder && (one || !(options.Has('n') && Places.Look(i, given.Target, follow: false).Node is LinkNode));
        int status = 0;
        foreach (string source in given.Sources)
        {
            string target = isFolder ? one ? Places.Base(source) : $"{given.Target.TrimEnd('/')}/{Places.Base(source)}" : given.Target;
            status = Math.Max(status, await LinkOneAsync(i, options, source, one ? "./" + target : target));
        }

        return status;
    }

    private static async ValueTask<int> LinkOneAsync(Invocation i, OptionParsing options, string source, string target)
    {
        bool symbolic = options.Has('s');
        string to = i.State.Path(target), kind = symbolic ? "symbolic link" : "hard link";
        (Node? node, FileError error) = symbolic ? (null, FileError.None) : Places.Look(i, source, follow: options.Has('L'));
        if (!symbolic && node is null)
        {
            return await i.FailAsync($"failed to access '{source}': {error.Text()}");
        }

        if (node is FolderNode)
        {
            return await i.FailAsync($"{source}: hard link not allowed for directory");
        }

        string relation = symbolic ? "" : $" => '{source}'";
        (Node? there, FileError why) = Places.Look(i, target, follow: false);
        if (there is not null && !symbolic && options.Has('f') && string.Equals(to, i.State.Path(source), StringComparison.Ordinal))
        {
            return await i.FailAsync($"'{source}' and '{target}' are the same file");
        }

        if (there is not null && (there is FolderNode || (options.Last("fi") switch { 'f' => false, 'i' => !await Places.AgreesAsync(i, $"replace '{target}'"), _ => true })))
        {
            return options.Has('i') ? 1 : await i.FailAsync(there is FolderNode && options.Has('f') ? $"{target}: cannot overwrite directory" : $"failed to create {kind} '{target}'{(symbolic ? "" : relation)}: File exists");
        }

        if (i.Files.Find(Places.Parent(to)) is not FolderNode)
        {
            return await i.FailAsync($"failed to create {kind} '{target}'{relation}: {why.Text()}");
        }

        to = i.Files.Resolve(to, follow: false, out _)?.Path ?? to;
        string text = options.Has('r') && symbolic ? Text.PathCommands.Relative(i.State.Path(source), Places.Parent(to)) : source;
        Node made = node ?? new LinkNode(text) { Mode = 0x1FF, Modified = i.Machine.Now, User = i.State.Visit.UserId, Group = i.State.Visit.UserId };
        FileError failed = Places.MayChange(i, to) ? i.Files.Put(to, made) : FileError.NotPermitted;
        if (failed != FileError.None)
        {
            return await i.FailAsync($"failed to create {kind} '{target}'{relation}: {failed.Text()}");
        }

        if (options.Has('v'))
        {
            await i.PrintAsync($"'{target}' {(symbolic ? "->" : "=>")} '{text}'\n");
        }

        return 0;
    }
}
