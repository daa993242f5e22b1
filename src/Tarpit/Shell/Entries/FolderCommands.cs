using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>mkdir(1).</summary>
internal static class FolderCommands
{
    private const int PlainMode = 0x1FF;
    private static readonly Dictionary<string, char> Names = new(StringComparer.Ordinal) { ["parents"] = 'p', ["mode"] = 'm', ["verbose"] = 'v', ["context"] = 'Z' };

    public static async ValueTask<int> MakeAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "m:pvZ", Names, isMixed: true);
        if (options.Operands.Count == 0)
        {
            return await i.FailAsync("missing operand\nTry 'mkdir --help' for more information.");
        }

        int mode = PlainMode & ~i.State.FileMask;
        if (options.Value('m') is { } text)
        {
            if (Modes.Apply(text, new FolderNode { Mode = PlainMode }, i.State.FileMask) is not { } wanted)
            {
                return await i.FailAsync($"invalid mode ‘{text}’");
            }

            mode = wanted;
        }

        int status = 0;
        foreach (string name in options.Operands)
        {
            status = Math.Max(status, options.Has('p') ? await AllAsync(i, options, name, mode) : await OneAsync(i, options, name, name, mode));
        }

        return status;
    }

    private static async ValueTask<int> AllAsync(Invocation i, OptionParsing options, string name, int mode)
    {
        string made = name.StartsWith('/') ? "/" : "";
        string[] parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int n = 0; n < parts.Length; n++)
        {
            made += (n == 0 ? "" : "/") + parts[n];
            (Node? node, FileError error) = Places.Look(i, made, follow: true);
            if (node is FolderNode)
            {
                continue;
            }

            if (node is not null || error != FileError.NotFound)
            {
                return await i.FailAsync($"cannot create directory ‘{made}’: {(node is null ? error : n == parts.Length - 1 ? FileError.Exists : FileError.NotFolder).Text()}");
            }

            if (await OneAsync(i, options, made, name, n == parts.Length - 1 ? mode : PlainMode & ~i.State.FileMask) is not 0 and var failed)
            {
                return failed;
            }
        }

        return 0;
    }

    private static async ValueTask<int> OneAsync(Invocation i, OptionParsing options, string name, string shown, int mode)
    {
        string path = i.State.Path(name);
        (Node? there, FileError error) = Places.Look(i, name.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/", follow: false);
        error = there is not null ? FileError.Exists
            : i.Files.Find(Places.Parent(path)) is not FolderNode ? error
            : Places.MayChange(i, path) ? i.Files.MakeFolder(path, i.State.Visit.UserId, i.State.Visit.UserId, mode) : FileError.NotPermitted;
        if (error != FileError.None)
        {
            return await i.FailAsync($"cannot create directory ‘{(error == FileError.NotPermitted ? name : shown)}’: {error.Text()}");
        }

        if (options.Has('v'))
        {
            await i.PrintAsync($"mkdir: created directory '{name}'\n");
        }

        return 0;
    }
}
