using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that change files.</summary>
internal static class FileCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["cp"] = CopyAsync,
        ["mv"] = MoveAsync,
        ["rm"] = RemoveAsync,
        ["mkdir"] = MakeFolderAsync,
        ["rmdir"] = RemoveFolderAsync,
        ["touch"] = TouchCommand.RunAsync,
        ["chmod"] = ChangeModeAsync,
        ["chown"] = ChangeOwnerAsync,
        ["chgrp"] = _ => new(0),
        ["ln"] = LinkAsync,
        ["mktemp"] = TouchCommand.MakeTemporaryAsync,
        ["truncate"] = i =>
        {
            foreach (string name in i.OperandsWithout("s"))
            {
                i.Files.Write(i.State.Path(name), [], i.State.Visit.UserId, i.State.Visit.UserId);
            }

            return new(0);
        },
        ["install"] = CopyAsync,
    };

    private static bool MayChange(Invocation i, string path)
    {
        Node? folder = i.Files.Find(path[..Math.Max(1, path.LastIndexOf('/'))]);
        return folder is not null && Access.MayWrite(folder, i.State.Visit.UserId);
    }

    private static string Target(Invocation i, string source, string target)
    {
        string path = i.State.Path(target);
        return i.Files.Find(path) is FolderNode ? FileSystem.Normalize(source.TrimEnd('/').Split('/')[^1], path) : path;
    }

    private static async ValueTask<int> CopyAsync(Invocation i)
    {
        IReadOnlyList<string> operands = i.Operands;
        if (operands.Count < 2)
        {
            return await i.FailAsync(operands.Count == 0 ? "missing file operand\nTry 'cp --help' for more information." : $"missing destination file operand after '{operands[0]}'\nTry 'cp --help' for more information.");
        }

        int status = 0;
        foreach (string source in operands.Take(operands.Count - 1))
        {
            Node? node = i.Files.Find(i.State.Path(source));
            string target = Target(i, source, operands[^1]);
            if (node is null)
            {
                status = await i.FailAsync($"cannot stat '{source}': No such file or directory");
            }
            else if (node is FolderNode && !i.Has('r', "recursive") && !i.Has('R') && !i.Has('a'))
            {
                status = await i.FailAsync($"-r not specified; omitting directory '{source}'");
            }
            else if (!MayChange(i, target) || !Access.MayRead(node, i.State.Visit.UserId))
            {
                status = await i.FailAsync($"cannot create regular file '{operands[^1]}': Permission denied");
            }
            else if (i.Files.Put(target, node with { Modified = i.Machine.Now, User = i.State.Visit.UserId, Group = i.State.Visit.UserId }) is not FileError.None and var error)
            {
                status = await i.FailAsync($"cannot create regular file '{operands[^1]}': {error.Text()}");
            }
        }

        return status;
    }

    private static async ValueTask<int> MoveAsync(Invocation i)
    {
        IReadOnlyList<string> operands = i.Operands;
        if (operands.Count < 2)
        {
            return await i.FailAsync("missing file operand\nTry 'mv --help' for more information.");
        }

        int status = 0;
        foreach (string source in operands.Take(operands.Count - 1))
        {
            string path = i.State.Path(source), target = Target(i, source, operands[^1]);
            Node? node = i.Files.Find(path, follow: false);
            if (node is null)
            {
                status = await i.FailAsync($"cannot stat '{source}': No such file or directory");
            }
            else if (!MayChange(i, path) || !MayChange(i, target))
            {
                status = await i.FailAsync($"cannot move '{source}' to '{operands[^1]}': Permission denied");
            }
            else if (target.StartsWith(path + "/", StringComparison.Ordinal))
            {
                status = await i.FailAsync($"cannot move '{source}' to a subdirectory of itself, '{operands[^1]}'");
            }
            else if (!string.Equals(path, target, StringComparison.Ordinal) && i.Files.Put(target, node) == FileError.None)
            {
                i.Files.Remove(path, recursive: true);
            }
        }

        return status;
    }

    private static async ValueTask<int> RemoveAsync(Invocation i)
    {
        bool force = i.Has('f', "force"), recursive = i.Has('r', "recursive") || i.Has('R');
        int status = i.Operands.Count == 0 && !force ? await i.FailAsync("missing operand\nTry 'rm --help' for more information.") : 0;
        foreach (string name in i.Operands)
        {
            string path = i.State.Path(name);
            Node? node = i.Files.Find(path, follow: false);
            if (node is null)
            {
                status = force ? status : await i.FailAsync($"cannot remove '{name}': No such file or directory");
            }
            else if (node is FolderNode && !recursive)
            {
                status = await i.FailAsync($"cannot remove '{name}': Is a directory");
            }
            else if (path is "/" && !i.Has('\0', "no-preserve-root"))
            {
                status = await i.FailAsync("it is dangerous to operate recursively on '/'\nrm: use --no-preserve-root to override this failsafe");
            }
            else if (!MayChange(i, path) || IsKernels(path))
            {
                status = await i.FailAsync($"cannot remove '{name}': {(IsKernels(path) ? "Operation not permitted" : "Permission denied")}");
            }
            else
            {
                i.Files.Remove(path, recursive);
            }
        }

        return status;
    }

    private static bool IsKernels(string path) => path.StartsWith("/proc", StringComparison.Ordinal) || path.StartsWith("/sys", StringComparison.Ordinal);

    private static async ValueTask<int> MakeFolderAsync(Invocation i)
    {
        int status = 0;
        foreach (string name in i.OperandsWithout("m"))
        {
            string path = i.State.Path(name);
            if (i.Has('p', "parents"))
            {
                string made = "";
                foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
                {
                    made += "/" + part;
                    if (i.Files.Find(made) is null && (!MayChange(i, made) || i.Files.MakeFolder(made, i.State.Visit.UserId, i.State.Visit.UserId) != FileError.None))
                    {
                        status = await i.FailAsync($"cannot create directory '{name}': Permission denied");
                        break;
                    }
                }

                continue;
            }

            FileError error = i.Files.Find(path) is not null ? FileError.Exists
                : i.Files.Find(path[..Math.Max(1, path.LastIndexOf('/'))]) is null ? FileError.NotFound
                : MayChange(i, path) ? i.Files.MakeFolder(path, i.State.Visit.UserId, i.State.Visit.UserId) : FileError.NotPermitted;
            status = error == FileError.None ? status : await i.FailAsync($"cannot create directory '{name}': {error.Text()}");
        }

        return status;
    }

    private static async ValueTask<int> RemoveFolderAsync(Invocation i)
    {
        int status = 0;
        foreach (string name in i.Operands)
        {
            string path = i.State.Path(name);
            FileError error = i.Files.Find(path, follow: false) switch
            {
                null => FileError.NotFound,
                not FolderNode => FileError.NotFolder,
                _ => MayChange(i, path) ? i.Files.Remove(path) : FileError.NotPermitted,
            };
            status = error == FileError.None ? status : await i.FailAsync($"failed to remove '{name}': {error.Text()}");
        }

        return status;
    }

    private static async ValueTask<int> ChangeModeAsync(Invocation i)
    {
        string[] operands = [.. i.Arguments.Where(a => a is not ("-R" or "-f" or "-v" or "--recursive"))];
        if (operands.Length < 2)
        {
            return await i.FailAsync("missing operand\nTry 'chmod --help' for more information.");
        }

        int status = 0;
        foreach (string name in operands.Skip(1))
        {
            string path = i.State.Path(name);
            if (i.Files.Resolve(path, follow: true, out _) is not (var real, { } node))
            {
                status = await i.FailAsync($"cannot access '{name}': No such file or directory");
            }
            else if (i.State.Visit.UserId != 0 && node.User != i.State.Visit.UserId)
            {
                status = await i.FailAsync($"changing permissions of '{name}': Operation not permitted");
            }
            else if (Modes.Apply(operands[0], node) is { } mode)
            {
                i.Files.Put(real, node with { Mode = mode });
            }
            else
            {
                return await i.FailAsync($"invalid mode: '{operands[0]}'\nTry 'chmod --help' for more information.");
            }
        }

        return status;
    }

    private static async ValueTask<int> ChangeOwnerAsync(Invocation i)
    {
        IReadOnlyList<string> operands = i.Operands;
        int status = 0;
        foreach (string name in operands.Skip(1))
        {
            if (i.Files.Resolve(i.State.Path(name), follow: true, out _) is not (var path, { } node))
            {
                status = await i.FailAsync($"cannot access '{name}': No such file or directory");
            }
            else if (i.State.Visit.UserId != 0)
            {
                status = await i.FailAsync($"changing ownership of '{name}': Operation not permitted");
            }
            else if (Accounts.Find(i.Files, operands[0].Split(':', '.')[0]) is { } account)
            {
                i.Files.Put(path, node with { User = account.Id, Group = account.Group });
            }
            else
            {
                return await i.FailAsync($"invalid user: '{operands[0]}'");
            }
        }

        return status;
    }

    private static async ValueTask<int> LinkAsync(Invocation i)
    {
        IReadOnlyList<string> operands = i.Operands;
        if (operands.Count == 0)
        {
            return await i.FailAsync("missing file operand\nTry 'ln --help' for more information.");
        }

        string target = Target(i, operands[0], operands.Count > 1 ? operands[1] : ".");
        if (i.Files.Find(target, follow: false) is not null && !i.Has('f', "force"))
        {
            return await i.FailAsync($"failed to create {(i.Has('s') ? "symbolic" : "hard")} link '{operands[^1]}': File exists");
        }

        Node? node = i.Has('s', "symbolic") ? new LinkNode(operands[0]) { Mode = 0x1FF, Modified = i.Machine.Now, User = i.State.Visit.UserId, Group = i.State.Visit.UserId } : i.Files.Find(i.State.Path(operands[0]));
        return node is null ? await i.FailAsync($"failed to access '{operands[0]}': No such file or directory")
            : MayChange(i, target) && i.Files.Put(target, node) == FileError.None ? 0
            : await i.FailAsync($"failed to create symbolic link '{operands[^1]}': Permission denied");
    }
}
