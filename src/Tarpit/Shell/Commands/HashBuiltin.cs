
namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>hash (bash(1), SHELL BUILTIN COMMANDS).</summary>
internal static class HashBuiltin
{
    private const int MostHashed = 256;

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        ShellState state = i.State;
        OptionParsing options = new(i.Arguments, "rldtp:");
        if (options.Error is { } error)
        {
            return await Builtin.InvalidOptionAsync(i, error, "hash [-lr] [-p pathname] [-dt] [name ...]");
        }

        if (options.Value('p') is { } folder && i.Files.Find(state.Path(folder)) is Files.FolderNode)
        {
            return await Builtin.ShellErrorAsync(i, $"{folder}: Is a directory");
        }

        if (options.Has('r'))
        {
            state.Hashed = null;
        }

        if (options.Operands.Count == 0)
        {
            bool isLong = options.Has('l');
            string shown = string.Concat((state.Hashed ?? []).Select(pair => isLong ? $"builtin hash -p {pair.Value.Path} {pair.Key}\n" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{pair.Value.Hits,4}\t{pair.Value.Path}\n")));
            await i.PrintAsync(options.Has('r') || options.Has('d') ? "" : shown.Length == 0 ? "hash: hash table empty\n" : isLong ? shown : "hits\tcommand\n" + shown);
            return 0;
        }

        int status = 0;
        foreach (string name in options.Operands)
        {
            status = await HashOneAsync(i, options, name) ? status : await Builtin.ShellErrorAsync(i, $"{name}: not found");
        }

        return status;
    }

    private static async ValueTask<bool> HashOneAsync(Invocation i, OptionParsing options, string name)
    {
        ShellState state = i.State;
        if (options.Has('d'))
        {
            return state.Hashed is null || state.Hashed.Remove(name);
        }

        if (options.Has('t'))
        {
            if (state.Hashed?.TryGetValue(name, out (string Path, int Hits) known) != true)
            {
                return false;
            }

            await i.PrintAsync(options.Has('l') ? $"builtin hash -p {known.Path} {name}\n" : (options.Operands.Count > 1 ? name + "\t" : "") + known.Path + "\n");
            return true;
        }

        if (name.Contains('/', StringComparison.Ordinal))
        {
            return true;
        }

        if (NameBuiltins.IsBuiltin(name) || state.Functions.ContainsKey(name))
        {
            return true;
        }

        state.Hashed?.Remove(name);
        string? path = options.Value('p') ?? i.Interpreter.FindProgram(name);
        if (path is not null && (state.Hashed ??= new(StringComparer.Ordinal)).Count < MostHashed)
        {
            state.Hashed[name] = (path, 0);
        }

        return path is not null;
    }
}
