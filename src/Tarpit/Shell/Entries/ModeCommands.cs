using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>chmod(1), chown(1) and chgrp(1).</summary>
internal static class ModeCommands
{
    private const int Deepest = 100;
    private const string ModeLetters = "rwxXstugoa,+=-01234567";
    private static readonly Dictionary<string, char> ModeNames = new(StringComparer.Ordinal)
    {
        ["recursive"] = 'R', ["verbose"] = 'v', ["changes"] = 'c', ["silent"] = 'f', ["quiet"] = 'f', ["reference"] = '\u0001', ["preserve-root"] = '\u0002', ["no-preserve-root"] = '\u0002',
    };

    private static readonly Dictionary<string, char> OwnerNames = new(ModeNames, StringComparer.Ordinal) { ["no-dereference"] = 'h', ["dereference"] = '\u0003', ["from"] = '\u0004' };

    /// <summary>What a change makes of a node (null: nothing), and the words that -v uses.</summary>
    private delegate (Node Changed, string Told) Change(string name, Node node);

    public static async ValueTask<int> ModeAsync(Invocation i)
    {
        // A mode may begin with a minus sign: chmod -x FILE.
        int at = Array.FindIndex([.. i.Arguments], argument => argument.Length > 1 && argument[0] == '-' && argument.Skip(1).All(c => ModeLetters.Contains(c, StringComparison.Ordinal)));
        OptionParsing options = new([.. i.Arguments.Where((_, n) => n != at)], "Rcfv\u0001:", ModeNames, isMixed: true);
        List<string> operands = [.. options.Operands];
        string? mode = at >= 0 ? i.Arguments[at] : null;
        if (mode is null && options.Value('\u0001') is null && operands.Count > 0)
        {
            mode = operands[0];
            operands.RemoveAt(0);
        }

        if (operands.Count == 0)
        {
            return await i.FailAsync($"missing operand{(mode is null ? "" : $" after ‘{mode}’")}\nTry 'chmod --help' for more information.");
        }

        if (options.Value('\u0001') is { } reference)
        {
            (Node? node, FileError error) = Places.Look(i, reference, follow: true);
            if (node is null)
            {
                return await i.FailAsync($"failed to get attributes of '{reference}': {error.Text()}");
            }

            mode = Convert.ToString(node.Mode, 8).PadLeft(5, '0');
        }

        if (Modes.Apply(mode!, new FileNode { Content = new StoredContent([]) }, i.State.FileMask) is null)
        {
            return await i.FailAsync($"invalid mode: ‘{mode}’\nTry 'chmod --help' for more information.");
        }

        (Node, string) Apply(string name, Node node)
        {
            Node changed = node with { Mode = Modes.Apply(mode!, node, i.State.FileMask) ?? node.Mode };
            return (changed, changed.Mode == node.Mode ? $"mode of '{name}' retained as {Octal(node)}" : $"mode of '{name}' changed from {Octal(node)} to {Octal(changed)}");
        }

        return await EachAsync(i, options, operands, Apply, follow: true, "changing permissions of");
    }

    private static string Octal(Node node) => $"{Convert.ToString(node.Mode, 8).PadLeft(4, '0')} ({Modes.Text(node)[1..]})";

    public static async ValueTask<int> OwnerAsync(Invocation i)
    {
        bool groupsOnly = Places.Base(i.Name) is "chgrp";
        OptionParsing options = new(i.Arguments, "RcfhvHLP\u0001:\u0004:", OwnerNames, isMixed: true);
        List<string> operands = [.. options.Operands];
        string? owner = null;
        if (options.Value('\u0001') is null && operands.Count > 0)
        {
            owner = operands[0];
            operands.RemoveAt(0);
        }

        if (operands.Count == 0)
        {
            return await i.FailAsync($"missing operand{(owner is null ? "" : $" after ‘{owner}’")}\nTry '{Places.Base(i.Name)} --help' for more information.");
        }

        (int? User, int? Group) wanted;
        if (options.Value('\u0001') is { } reference)
        {
            (Node? node, FileError error) = Places.Look(i, reference, follow: true);
            if (node is null)
            {
                return await i.FailAsync($"failed to get attributes of '{reference}': {error.Text()}");
            }

            wanted = (groupsOnly ? null : node.User, node.Group);
        }
        else if (Owner(i.Files, owner!, groupsOnly) is { } found)
        {
            wanted = found;
        }
        else
        {
            bool isGroup = groupsOnly || (owner!.IndexOfAny([':', '.']) is >= 0 and var cut && Owner(i.Files, owner[..cut], false) is not null);
            return await i.FailAsync($"invalid {(isGroup ? "group" : "user")}: ‘{owner}’");
        }

        (Node, string) Apply(string name, Node node)
        {
            Node changed = node with { User = wanted.User ?? node.User, Group = wanted.Group ?? node.Group };
            string Named(Node of) => groupsOnly ? Accounts.GroupName(i.Files, of.Group) : wanted.Group is null ? Accounts.UserName(i.Files, of.User) : $"{Accounts.UserName(i.Files, of.User)}:{Accounts.GroupName(i.Files, of.Group)}";
            string what = groupsOnly ? "group" : "ownership";
            return (changed, changed.User == node.User && changed.Group == node.Group ? $"{what} of '{name}' retained as {Named(node)}" : $"changed {what} of '{name}' from {Named(node)} to {Named(changed)}");
        }

        return await EachAsync(i, options, operands, Apply, follow: !options.Has('h'), groupsOnly ? "changing group of" : "changing ownership of");
    }

    // USER, USER:GROUP, USER:, :GROUP or, for chgrp, GROUP; names or numbers.
    private static (int? User, int? Group)? Owner(FileSystem files, string text, bool groupsOnly)
    {
        int cut = groupsOnly ? 0 : text.IndexOf(':', StringComparison.Ordinal);
        cut = cut < 0 && !groupsOnly && Accounts.Find(files, text) is null ? text.IndexOf('.', StringComparison.Ordinal) : cut;
        string userName = groupsOnly ? "" : cut < 0 ? text : text[..cut], groupName = groupsOnly ? text : cut < 0 ? "" : text[(cut + 1)..];
        (string Name, int Id, int Group, string Home, string Shell)? account = userName.Length == 0 ? null : Accounts.Find(files, userName);
        int? user = account?.Id ?? (int.TryParse(userName, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int number) ? number : null);
        if (userName.Length > 0 && user is null)
        {
            return null;
        }

        if (groupName.Length == 0)
        {
            return (user, cut >= 0 && !groupsOnly ? account?.Group : null);
        }

        (string Name, int Id, string[] Members) group = Accounts.Groups(files).FirstOrDefault(group => string.Equals(group.Name, groupName, StringComparison.Ordinal));
        return group.Name is not null ? (user, group.Id) : int.TryParse(groupName, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int id) ? (user, id) : null;
    }

    private static async ValueTask<int> EachAsync(Invocation i, OptionParsing options, IReadOnlyList<string> names, Change change, bool follow, string verb)
    {
        int status = 0;
        foreach (string name in names)
        {
            status = Math.Max(status, await OneAsync(i, options, name, change, follow, verb, 0));
        }

        return status;
    }

    private static async ValueTask<int> OneAsync(Invocation i, OptionParsing options, string name, Change change, bool follow, string verb, int depth)
    {
        (Node? node, FileError error) = Places.Look(i, name, follow);
        if (node is null)
        {
            return options.Has('f') ? 1 : await i.FailAsync(follow && error == FileError.NotFound && Places.Look(i, name, follow: false).Node is LinkNode && verb.Contains("permissions", StringComparison.Ordinal) ? $"cannot operate on dangling symlink '{name}'" : $"cannot access '{name}': {error.Text()}");
        }

        string path = i.Files.Resolve(i.State.Path(name), follow, out _)!.Value.Path;
        bool isKernels = Places.IsKernels(path);
        int status = 0;
        if (isKernels || (i.State.Visit.UserId != 0 && node.User != i.State.Visit.UserId))
        {
            status = options.Has('f') ? 1 : await i.FailAsync($"{verb} '{name}': Operation not permitted");
        }
        else
        {
            (Node changed, string told) = change(name, node);
            bool isChanged = changed != node;
            if (isChanged && i.Files.Put(path, changed) is not FileError.None and var failed)
            {
                return await i.FailAsync($"{verb} '{name}': {failed.Text()}");
            }

            if (options.Has('v') || (options.Has('c') && isChanged))
            {
                await i.PrintAsync(told + "\n");
            }
        }

        if (!options.Has('R') || node is not FolderNode folder || isKernels)
        {
            return status;
        }

        foreach ((string inner, Node entry) in depth < Deepest ? folder.Entries : folder.Entries.Clear())
        {
            await i.State.Budget.StepAsync(i.Cancellation);
            if (entry is not LinkNode)
            {
                status = Math.Max(status, await OneAsync(i, options, $"{name.TrimEnd('/')}/{inner}", change, follow: false, verb, depth + 1));
            }
        }

        return status;
    }
}
