using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>basename(1), dirname(1), readlink(1) and realpath(1).</summary>
internal static class PathCommands
{
    public static async ValueTask<int> BaseAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "as:z", new Dictionary<string, char>(StringComparer.Ordinal) { ["multiple"] = 'a', ["suffix"] = 's', ["zero"] = 'z' });
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        if (options.Operands.Count == 0)
        {
            return await i.FailAsync("missing operand\nTry 'basename --help' for more information.");
        }

        bool isMultiple = options.Has('a') || options.Has('s');
        if (!isMultiple && options.Operands.Count > 2)
        {
            return await i.FailAsync(Characters.ToBytes($"extra operand ‘{options.Operands[2]}’\nTry 'basename --help' for more information."));
        }

        string suffix = options.Value('s') ?? (!isMultiple && options.Operands.Count > 1 ? options.Operands[1] : "");
        foreach (string path in isMultiple ? options.Operands : options.Operands.Take(1))
        {
            string trimmed = path.TrimEnd('/');
            string name = trimmed.Length == 0 && path.Length > 0 ? "/" : trimmed.Split('/')[^1];
            await i.PrintAsync((suffix.Length > 0 && name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name) + (options.Has('z') ? "\0" : "\n"));
        }

        return 0;
    }

    public static async ValueTask<int> FolderAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "z", new Dictionary<string, char>(StringComparer.Ordinal) { ["zero"] = 'z' });
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        if (options.Operands.Count == 0)
        {
            return await i.FailAsync("missing operand\nTry 'dirname --help' for more information.");
        }

        foreach (string path in options.Operands)
        {
            string trimmed = path.TrimEnd('/');
            int slash = trimmed.LastIndexOf('/');
            string folder = trimmed.Length == 0 ? path.StartsWith('/') ? "/" : "." : slash < 0 ? "." : trimmed[..slash].TrimEnd('/') is { Length: > 0 } above ? above : "/";
            await i.PrintAsync(folder + (options.Has('z') ? "\0" : "\n"));
        }

        return 0;
    }

    public static async ValueTask<int> LinkAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "femnqsvz", new Dictionary<string, char>(StringComparer.Ordinal) { ["canonicalize"] = 'f', ["canonicalize-existing"] = 'e', ["canonicalize-missing"] = 'm', ["no-newline"] = 'n', ["quiet"] = 'q', ["silent"] = 's', ["verbose"] = 'v', ["zero"] = 'z' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        if (options.Operands.Count == 0)
        {
            return await i.FailAsync("missing operand\nTry 'readlink --help' for more information.");
        }

        int status = 0;
        foreach (string name in options.Operands)
        {
            string? found = options.Has('f') || options.Has('e') || options.Has('m') ? Canonical(i, name, options.Has('e') ? 'e' : options.Has('m') ? 'm' : 'f') : i.Files.Find(i.State.Path(name), follow: false) is LinkNode link ? link.Target : null;
            if (found is null)
            {
                status = options.Has('v') ? await i.FailAsync($"{name}: {(i.Files.Find(i.State.Path(name), follow: false) is null ? "No such file or directory" : "Invalid argument")}") : 1;
            }
            else
            {
                await i.PrintAsync(found + (options.Has('n') && options.Operands.Count == 1 ? "" : options.Has('z') ? "\0" : "\n"));
            }
        }

        return status;
    }

    public static async ValueTask<int> RealAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "emLPqszR:B:", new Dictionary<string, char>(StringComparer.Ordinal) { ["canonicalize-existing"] = 'e', ["canonicalize-missing"] = 'm', ["strip"] = 's', ["no-symlinks"] = 's', ["quiet"] = 'q', ["zero"] = 'z', ["relative-to"] = 'R', ["relative-base"] = 'B' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        if (options.Operands.Count == 0)
        {
            return await i.FailAsync("missing operand\nTry 'realpath --help' for more information.");
        }

        int status = 0;
        foreach (string name in options.Operands)
        {
            string? found = options.Has('s') ? i.State.Path(name) : Canonical(i, name, options.Has('e') ? 'e' : options.Has('m') ? 'm' : 'f');
            if (found is null)
            {
                status = options.Has('q') ? 1 : await i.FailAsync($"{name}: No such file or directory");
                continue;
            }

            found = options.Value('R') is { } folder ? Relative(found, i.State.Path(folder)) : found;
            await i.PrintAsync(found + (options.Has('z') ? "\0" : "\n"));
        }

        return status;
    }

    // 'f': all but the last part must be there; 'e': all of them; 'm': none need be.
    private static string? Canonical(Invocation i, string name, char kind)
    {
        if (name.Length == 0)
        {
            return null;
        }

        string path = i.State.Path(name);
        return i.Files.Resolve(path, follow: true, out _) switch
        {
            (var real, not null) => real,
            (var real, null) when kind is 'f' or 'm' => real,
            _ => kind == 'm' ? path : null,
        };
    }

    public static string Relative(string path, string folder)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries), from = folder.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int same = 0;
        while (same < Math.Min(parts.Length, from.Length) && string.Equals(parts[same], from[same], StringComparison.Ordinal))
        {
            same++;
        }

        string relative = string.Join('/', Enumerable.Repeat("..", from.Length - same).Concat(parts.Skip(same)));
        return relative.Length == 0 ? "." : relative;
    }
}
