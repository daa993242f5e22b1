using Blackwall.Tarpit.Shell.Entries;
using System.Formats.Tar;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Archives;

/// <summary>tar(1): creates, lists and extracts archives, also compressed ones. Bounded in size and entries.</summary>
internal static class TarCommand
{
    private const int MostEntries = 2000;

    // What is kept is counted in steps of so many bytes.
    private const int Step = 256 * 1024;

    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal)
    {
        ["create"] = 'c', ["extract"] = 'x', ["get"] = 'x', ["list"] = 't', ["file"] = 'f', ["gzip"] = 'z', ["gunzip"] = 'z', ["verbose"] = 'v', ["directory"] = 'C', ["preserve-permissions"] = 'p', ["to-stdout"] = 'O', ["append"] = 'r', ["exclude"] = 'E', ["exclude-from"] = 'X', ["strip-components"] = 'S', ["no-same-owner"] = 'o', ["keep-old-files"] = 'k', ["overwrite"] = 'k', ["bzip2"] = 'j', ["xz"] = 'J', ["auto-compress"] = 'a', ["dereference"] = 'h', ["absolute-names"] = 'P', ["touch"] = 'm',
        ["files-from"] = 'T', ["owner"] = 'U', ["group"] = 'G', ["mtime"] = 'M', ["wildcards"] = 'w', ["no-wildcards"] = 'k', ["no-recursion"] = 'n', ["numeric-owner"] = 'N', ["update"] = 'u', ["sort"] = 'y', ["format"] = 'y', ["warning"] = 'y', ["mode"] = 'y', ["same-owner"] = 'k', ["same-permissions"] = 'p',
        ["no-same-permissions"] = 'k', ["ignore-failed-read"] = 'k', ["one-file-system"] = 'k', ["null"] = 'k', ["totals"] = 'k', ["anchored"] = 'k', ["skip-old-files"] = 'k', ["exclude-vcs"] = 'k',
    };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        // The first word may be letters without a dash.
        List<string> arguments = [.. i.Arguments];
        if (arguments.Count > 0 && arguments[0].Length > 0 && arguments[0][0] != '-')
        {
            arguments = [.. Bundled(arguments)];
        }

        OptionParsing options = new(arguments, "cxtruf:zvC:pOjJaX:E:S:okhPmT:U:G:M:wnNy:", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            await i.Streams.Error.WriteAsync($"tar: {OptionParsing.Describe(error)}\nTry 'tar --help' or 'tar --usage' for more information.\n", i.Cancellation);
            return 64;
        }

        if (options.All.Select(option => option.Letter).Where(letter => letter is 'c' or 'x' or 't' or 'r' or 'u').Distinct().Count() > 1)
        {
            return await i.FailAsync("You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option\nTry 'tar --help' or 'tar --usage' for more information.", 2);
        }

        return options.Last("cxtru") switch
        {
            'c' or 'r' or 'u' => await CreateAsync(i, options),
            'x' or 't' => await ReadAsync(i, options),
            _ => await i.FailAsync("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.", 2),
        };
    }

    // xzf a.tgz: the values of the letters follow in their order.
    private static IEnumerable<string> Bundled(List<string> arguments)
    {
        int next = 1;
        foreach (char letter in arguments[0])
        {
            yield return "-" + letter;
            if (letter is 'f' or 'C' or 'X' or 'T' && next < arguments.Count)
            {
                yield return arguments[next++];
            }
        }

        for (; next < arguments.Count; next++)
        {
            yield return arguments[next];
        }
    }

    // Patterns of --exclude and of the files of -X.
    private static string[] Excluded(Invocation i, OptionParsing options) =>
        [.. options.Values('E'), .. options.Values('X').SelectMany(file => i.Read(file, out byte[] list) == FileError.None ? Text.Lines.Of(System.Text.Encoding.Latin1.GetString(list)) : []).Where(line => line.Length > 0)];

    private static async ValueTask<int> CreateAsync(Invocation i, OptionParsing options)
    {
        List<string> operands = [.. options.Operands];
        foreach (string list in options.Values('T'))
        {
            if (await Text.Lines.ReadAsync(i, list) is not { } names)
            {
                return await i.FailAsync("Error is not recoverable: exiting now", 2);
            }

            operands.AddRange(Text.Lines.Of(names).Where(name => name.Length > 0));
        }

        if (operands.Count == 0 && !options.Has('T'))
        {
            return await i.FailAsync("Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' for more information.", 2);
        }

        string folder = options.Value('C') is { } given ? i.State.Path(given) : i.State.Folder;
        string[] excluded = Excluded(i, options);
        int status = 0, count = 0;
        long kept = 0;
        System.Text.StringBuilder listing = new();
        using MemoryStream output = new();
        using (TarWriter writer = new(output, TarEntryFormat.Gnu, leaveOpen: true))
        {
            if (options.Last("cru") != 'c' && options.Value('f') is { } old && i.Read(old, out byte[] had) == FileError.None && had.Length > 0)
            {
                i.Hold(had.Length);
                using TarReader reader = new(new MemoryStream(had));
                for (TarEntry? entry = reader.GetNextEntry(copyData: true); entry is not null && ++count < MostEntries; entry = reader.GetNextEntry(copyData: true))
                {
                    writer.WriteEntry(entry);
                }
            }

            bool isTold = options.Has('P');
            foreach (string operand in operands)
            {
                if (operand.StartsWith('/') && !isTold)
                {
                    isTold = true;
                    await i.FailAsync("Removing leading `/' from member names");
                }

                if (i.Files.Find(FileSystem.Normalize(operand, folder), follow: false) is not { } root)
                {
                    await i.FailAsync($"{operand}: Cannot stat: No such file or directory");
                    status = 2;
                    continue;
                }

                Stack<(string Name, Node Node)> open = new([(operand, root)]);
                while (open.TryPop(out var next) && ++count < MostEntries && output.Length < ArchiveCommands.Largest)
                {
                    if (excluded.Any(pattern => Globs.IsMatch(pattern, next.Name) || Globs.IsMatch(pattern, next.Name.Split('/')[^1])))
                    {
                        continue;
                    }

                    await i.GiveWayAsync();
                    listing.Append(next.Node is FolderNode ? next.Name.TrimEnd('/') + "/\n" : next.Name + "\n");
                    long before = output.Length;
                    Write(writer, options.Has('P') ? next.Name : next.Name.TrimStart('/'), next.Node, options, i);
                    kept += output.Length - before;
                    if (kept > Step)
                    {
                        i.Hold(kept);
                        kept = 0;
                    }

                    foreach ((string name, Node child) in next.Node is FolderNode inner && !options.Has('n') ? inner.Entries.Reverse() : [])
                    {
                        open.Push(($"{next.Name.TrimEnd('/')}/{name}", child));
                    }
                }
            }
        }

        if (status != 0)
        {
            await i.FailAsync("Exiting with failure status due to previous errors");
        }

        string file = options.Value('f') ?? "-";
        bool isZipped = options.Has('z') || (options.Has('a') && (file.EndsWith(".gz", StringComparison.Ordinal) || file.EndsWith(".tgz", StringComparison.Ordinal)));
        bool isSorted = options.Has('j') || (options.Has('a') && file.EndsWith(".bz2", StringComparison.Ordinal));
        byte[] archive = output.ToArray();
        output.SetLength(0);
        output.Capacity = 0;
        archive = isZipped ? await ArchiveCommands.CompressAsync(i, archive) : isSorted ? BlockSortCommands.Compress(archive) : archive;
        if (file is "-")
        {
            await i.Streams.Output.WriteAsync(archive, i.Cancellation);
            await i.Streams.Error.WriteAsync(options.Has('v') ? listing.ToString() : "", i.Cancellation);
            return status;
        }

        await i.PrintAsync(options.Has('v') ? listing.ToString() : "");
        return file is "/dev/null" ? status : Math.Max(status, await ArchiveCommands.StoreAsync(i, file, archive));
    }

    // A number, a name with its number behind a colon, or a name of the host.
    private static int Owner(Invocation i, string? text, int otherwise, bool isGroup)
    {
        string? number = text?.Split(':')[^1];
        return text is null ? otherwise : int.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out int id) ? id
            : Enumerable.Range(0, 1100).Cast<int?>().FirstOrDefault(known => string.Equals(isGroup ? Accounts.GroupName(i.Files, known!.Value) : Accounts.UserName(i.Files, known!.Value), text, StringComparison.Ordinal)) ?? otherwise;
    }

    private static void Write(TarWriter writer, string stored, Node node, OptionParsing options, Invocation i)
    {
        TarEntryType type = node switch { FolderNode => TarEntryType.Directory, LinkNode => TarEntryType.SymbolicLink, _ => TarEntryType.RegularFile };
        GnuTarEntry entry = new(type, (stored.Length == 0 ? "." : stored) + (node is FolderNode && !stored.EndsWith('/') ? "/" : "")) { Mode = (UnixFileMode)(node.Mode & 0xFFF), Uid = Owner(i, options.Value('U'), node.User, isGroup: false), Gid = Owner(i, options.Value('G'), node.Group, isGroup: true), ModificationTime = options.Value('M') is { } time ? Dates.Parse(time, i.Machine.Now) ?? node.Modified : node.Modified };
        if (node is LinkNode link)
        {
            entry.LinkName = link.Target.Length > 0 ? link.Target : ".";
        }

        if (node is FileNode file)
        {
            entry.DataStream = new MemoryStream(file.Content.Read());
        }

        writer.WriteEntry(entry);
    }

    private static async ValueTask<int> ReadAsync(Invocation i, OptionParsing options)
    {
        string file = options.Value('f') ?? "-";
        byte[] archive;
        if (file is "-")
        {
            archive = await i.Streams.Input.ReadAllAsync(i.Cancellation);
            i.Hold(archive.Length);
        }
        else if (i.Read(file, out archive) is var failure && failure != FileError.None)
        {
            await i.FailAsync($"{file}: Cannot open: {failure.Text()}");
            return await i.FailAsync("Error is not recoverable: exiting now", 2);
        }

        if (archive.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]))
        {
            archive = ArchiveCommands.Decompress(archive) ?? [];
        }
        else if (options.Has('z'))
        {
            await i.Streams.Error.WriteAsync("\ngzip: stdin: not in gzip format\n", i.Cancellation);
            await i.FailAsync("Child returned status 1");
            return await i.FailAsync("Error is not recoverable: exiting now", 2);
        }

        if (archive.AsSpan().StartsWith("BZh"u8))
        {
            archive = BlockSortCommands.Decompress(archive) ?? [];
        }

        if (archive.Length == 0)
        {
            await i.FailAsync("This does not look like a tar archive");
            return await i.FailAsync("Exiting with failure status due to previous errors", 2);
        }

        try
        {
            return await ReadEntriesAsync(i, options, archive);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            await i.FailAsync("This does not look like a tar archive");
            return await i.FailAsync("Exiting with failure status due to previous errors", 2);
        }
    }

    private static async ValueTask<int> ReadEntriesAsync(Invocation i, OptionParsing options, byte[] archive)
    {
        string folder = options.Value('C') is { } given ? i.State.Path(given) : i.State.Folder;
        int stripped = int.TryParse(options.Value('S'), System.Globalization.CultureInfo.InvariantCulture, out int strip) ? strip : 0, status = 0, count = 0;
        string[] excluded = Excluded(i, options);
        IEnumerable<string> listed = options.Values('T').SelectMany(list => i.Read(list, out byte[] names) == FileError.None ? Text.Lines.Of(System.Text.Encoding.Latin1.GetString(names)) : []).Where(name => name.Length > 0);
        HashSet<string> wanted = new(options.Operands.Concat(listed), StringComparer.Ordinal), found = new(StringComparer.Ordinal);
        using TarReader reader = new(new MemoryStream(archive));
        while (reader.GetNextEntry(copyData: true) is { } entry && ++count < MostEntries)
        {
            string name = entry.Name;
            string? match = wanted.FirstOrDefault(one => string.Equals(one.TrimEnd('/'), name.TrimEnd('/'), StringComparison.Ordinal) || name.StartsWith(one.TrimEnd('/') + "/", StringComparison.Ordinal) || (options.Has('w') && Globs.IsMatch(one, name.TrimEnd('/'))));
            if ((wanted.Count > 0 && match is null) || excluded.Any(pattern => Globs.IsMatch(pattern, name.TrimEnd('/')) || Globs.IsMatch(pattern, name.TrimEnd('/').Split('/')[^1])))
            {
                continue;
            }

            found.Add(match ?? "");
            if (options.Has('t') || options.Has('v'))
            {
                string letters = Modes.Text(entry.EntryType == TarEntryType.Directory ? new FolderNode { Mode = (int)entry.Mode } : new FileNode { Content = new StoredContent([]), Mode = (int)entry.Mode });
                await i.PrintAsync(options.Has('t') && options.Has('v') ? FormattableString.Invariant($"{letters} {Accounts.UserName(i.Files, entry.Uid)}/{Accounts.GroupName(i.Files, entry.Gid)} {entry.Length,9} {Dates.Format("%Y-%m-%d %H:%M", entry.ModificationTime)} {name}\n") : name + "\n");
            }

            if (options.Last("xt") == 'x')
            {
                string[] parts = [.. name.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part is not "..").Skip(stripped)];
                status = parts.Length == 0 ? status : Math.Max(status, await ExtractAsync(i, options, entry, FileSystem.Normalize(string.Join('/', parts), folder)));
            }
        }

        foreach (string missing in wanted.Where(one => !found.Contains(one)))
        {
            await i.FailAsync($"{missing}: Not found in archive");
            status = 2;
        }

        return status == 0 ? 0 : await i.FailAsync("Exiting with failure status due to previous errors", 2);
    }

    private static async ValueTask<int> ExtractAsync(Invocation i, OptionParsing options, TarEntry entry, string path)
    {
        int user = i.State.Visit.UserId;
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            if (i.Files.Find(path[..slash]) is null)
            {
                i.Files.MakeFolder(path[..slash], user, user);
            }
        }

        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                i.Files.MakeFolder(path, user, user, (int)entry.Mode);
                return 0;
            case TarEntryType.SymbolicLink:
                return i.Files.Put(path, new LinkNode(entry.LinkName) { Mode = 0x1FF, Modified = entry.ModificationTime, User = user, Group = user }) == FileError.None ? 0 : 2;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                byte[] content = new byte[Math.Min(entry.Length, ArchiveCommands.Largest)];
                entry.DataStream?.ReadExactly(content);
                if (options.Has('O'))
                {
                    await i.Streams.Output.WriteAsync(content, i.Cancellation);
                    return 0;
                }

                if (await ArchiveCommands.StoreAsync(i, path, content) != 0)
                {
                    return 2;
                }

                if (i.Files.Find(path) is { } made)
                {
                    i.Files.Put(path, made with { Mode = (int)entry.Mode, Modified = entry.ModificationTime });
                }

                return 0;
            default:
                return 0;
        }
    }
}
