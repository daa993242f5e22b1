using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>touch(1) and mktemp(1).</summary>
internal static class TouchCommand
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal) { ["date"] = 'd', ["reference"] = 'r', ["no-create"] = 'c', ["time"] = 'T', ["no-dereference"] = 'h' };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "acd:fhmr:t:T:", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Text.Lines.InvalidOptionAsync(i, error);
        }

        if (options.Operands.Count == 0)
        {
            return await i.FailAsync("missing file operand\nTry 'touch --help' for more information.");
        }

        DateTimeOffset? time = i.Machine.Now;
        if (options.Value('r') is { } reference)
        {
            if (i.Files.Find(i.State.Path(reference)) is not { } node)
            {
                return await i.FailAsync($"failed to get attributes of '{reference}': No such file or directory");
            }

            time = node.Modified;
        }

        if (options.Value('d') is { } text)
        {
            time = Dates.Parse(text, time.Value);
        }

        if (options.Value('t') is { } stamp)
        {
            time = Stamp(stamp, i.Machine.Now);
        }

        if (time is not { } when)
        {
            return await i.FailAsync(Characters.ToBytes($"invalid date format ‘{options.Value('t') ?? options.Value('d')}’"));
        }

        int status = 0;
        foreach (string name in options.Operands)
        {
            status = Math.Max(status, await TouchAsync(i, name, when, options.Has('c')));
        }

        return status;
    }

    private static async ValueTask<int> TouchAsync(Invocation i, string name, DateTimeOffset when, bool onlyExisting)
    {
        string path = i.State.Path(name);
        if (i.Files.Resolve(path, follow: true, out FileError error) is not { } place)
        {
            return onlyExisting ? 0 : await i.FailAsync($"cannot touch '{name}': {(error == FileError.None ? FileError.NotFound : error).Text()}");
        }

        int user = i.State.Visit.UserId;
        if (place.Node is { } node)
        {
            if (node.User != user && !Access.MayWrite(node, user))
            {
                return await i.FailAsync($"cannot touch '{name}': Permission denied");
            }

            if (i.Files.Put(place.Path, node with { Modified = when }) is FileError.Protected)
            {
                return await i.FailAsync($"cannot touch '{name}': {FileError.Protected.Text()}");
            }

            return 0;
        }

        if (onlyExisting)
        {
            return 0;
        }

        Node? folder = i.Files.Find(place.Path[..Math.Max(1, place.Path.LastIndexOf('/'))]);
        if (folder is null || !Access.MayWrite(folder, user) || name.EndsWith('/'))
        {
            return await i.FailAsync($"cannot touch '{name}': {(folder is null || name.EndsWith('/') ? "No such file or directory" : "Permission denied")}");
        }

        FileError failed = i.Files.Put(place.Path, new FileNode { Content = new StoredContent([]), User = user, Group = user, Mode = 0x1B6 & ~i.State.FileMask, Modified = when });
        return failed == FileError.None ? 0 : await i.FailAsync($"cannot touch '{name}': {failed.Text()}");
    }

    // [[CC]YY]MMDDhhmm[.ss]
    private static DateTimeOffset? Stamp(string text, DateTimeOffset now)
    {
        string[] parts = text.Split('.');
        string full = parts[0].Length switch { 8 => now.Year.ToString(CultureInfo.InvariantCulture) + parts[0], 10 => (string.CompareOrdinal(parts[0], "69") >= 0 ? "19" : "20") + parts[0], _ => parts[0] };
        return DateTime.TryParseExact(full + (parts.Length > 1 ? parts[1] : "00"), "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime time) ? new DateTimeOffset(time, TimeSpan.Zero) : null;
    }

    public static async ValueTask<int> MakeTemporaryAsync(Invocation i)
    {
        OptionParsing options = new([.. i.Arguments.Select(argument => argument is "--tmpdir" ? "--tmpdir=" : argument)], "duqtp:S:", new Dictionary<string, char>(StringComparer.Ordinal) { ["directory"] = 'd', ["dry-run"] = 'u', ["quiet"] = 'q', ["tmpdir"] = 'p', ["suffix"] = 'S' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Text.Lines.InvalidOptionAsync(i, error);
        }

        string template = options.Operands.Count > 0 ? options.Operands[0] : "tmp.XXXXXXXXXX";
        string? folder = options.Value('p') is { } given ? (given.Length > 0 ? given : i.State.Find("TMPDIR") ?? "/tmp") : options.Has('t') || options.Operands.Count == 0 ? i.State.Find("TMPDIR") ?? "/tmp" : null;
        string suffix = options.Value('S') ?? "";
        int last = template.LastIndexOf("XXX", StringComparison.Ordinal), end = last < 0 ? 0 : last + 3, start = end;
        while (start > 0 && template[start - 1] == 'X')
        {
            start--;
        }

        if (end - start < 3)
        {
            return await i.FailAsync(Characters.ToBytes($"too few X's in template ‘{template}’"));
        }

        string name = template[..start] + System.Security.Cryptography.RandomNumberGenerator.GetString(Letters, end - start) + template[end..] + suffix;
        name = folder is null ? name : $"{folder.TrimEnd('/')}/{name}";
        if (!options.Has('u'))
        {
            int user = i.State.Visit.UserId;
            FileError made = options.Has('d') ? i.Files.MakeFolder(i.State.Path(name), user, user, 0x1C0) : i.Files.Write(i.State.Path(name), [], user, user, 0x180);
            if (made != FileError.None && options.Has('q'))
            {
                return 1;
            }

            if (made != FileError.None)
            {
                return await i.FailAsync(Characters.ToBytes($"failed to create {(options.Has('d') ? "directory" : "file")} via template ‘{template}’: {made.Text()}"));
            }
        }

        await i.PrintAsync(name + "\n");
        return 0;
    }
}
