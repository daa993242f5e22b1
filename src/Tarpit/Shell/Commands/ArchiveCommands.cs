using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>gzip, bzip2, xz and tar. gzip and tar are real, and bounded; what else is compressed is left as it is.</summary>
internal static class ArchiveCommands
{
    private const int Largest = 16 << 20;
    private const int MostEntries = 2000;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["gzip"] = i => CompressAsync(i, i.Has('d', "decompress"), i.Has('c', "stdout")),
        ["gunzip"] = i => CompressAsync(i, isUnpack: true, i.Has('c', "stdout")),
        ["zcat"] = i => CompressAsync(i, isUnpack: true, toOutput: true),
        ["gzcat"] = i => CompressAsync(i, isUnpack: true, toOutput: true),
        ["zgrep"] = SearchAsync,
        ["bzip2"] = RefuseAsync,
        ["bunzip2"] = RefuseAsync,
        ["bzcat"] = RefuseAsync,
        ["xz"] = RefuseAsync,
        ["unxz"] = RefuseAsync,
        ["xzcat"] = RefuseAsync,
        ["zstd"] = RefuseAsync,
        ["unzip"] = UnzipAsync,
        ["zipinfo"] = UnzipAsync,
        ["tar"] = TarAsync,
        ["cpio"] = i => i.FailAsync("You must specify one of -oipt options.\nTry 'cpio --help' for more information.", 2),
        ["ar"] = i => i.FailAsync("no operation specified"),
    };

    private static async ValueTask<int> RefuseAsync(Invocation i)
    {
        foreach (string name in i.Operands)
        {
            string known = i.Name.Split('/')[^1];
            if (i.Read(name, out byte[] content) is var error && error != FileError.None)
            {
                return await i.FailAsync(known.StartsWith('b') ? $"Can't open input file {name}: {error.Text()}." : $"{name}: {error.Text()}");
            }

            if (i.Has('d') || known.StartsWith("un", StringComparison.Ordinal) || known.StartsWith("bun", StringComparison.Ordinal) || known.EndsWith("cat", StringComparison.Ordinal))
            {
                return await i.FailAsync(content.Length == 0 ? $"{name}: Unexpected end of input" : known.StartsWith('b') ? $"{name} is not a bzip2 file." : $"{name}: File format not recognized");
            }
        }

        return 0;
    }

    private static byte[]? Unpack(byte[] content)
    {
        try
        {
            using GZipStream stream = new(new MemoryStream(content), CompressionMode.Decompress);
            return ReadAll(stream);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return null;
        }
    }

    private static byte[] ReadAll(Stream stream)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[64 * 1024];
        int got;
        while (all.Length < Largest && (got = stream.Read(buffer)) > 0)
        {
            all.Write(buffer.AsSpan(0, got));
        }

        return all.ToArray();
    }

    private static byte[] Pack(byte[] content)
    {
        using MemoryStream packed = new();
        using (GZipStream stream = new(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            stream.Write(content);
        }

        return packed.ToArray();
    }

    private static async ValueTask<int> CompressAsync(Invocation i, bool isUnpack, bool toOutput)
    {
        if (i.Operands.Count == 0 || i.Operands is ["-"])
        {
            byte[] input = await i.Streams.Input.ReadAllAsync(i.Cancellation);
            byte[]? result = isUnpack ? Unpack(input) : Pack(input);
            await i.Streams.Output.WriteAsync(result ?? [], i.Cancellation);
            return result is null ? await i.FailAsync("stdin: not in gzip format") : 0;
        }

        int status = 0;
        foreach (string name in i.Operands)
        {
            string given = isUnpack && i.Files.Find(i.State.Path(name)) is null ? name + ".gz" : name, path = i.State.Path(given);
            if (i.Read(given, out byte[] content) is var error && error != FileError.None)
            {
                status = await i.FailAsync($"{given}: {error.Text()}");
                continue;
            }

            if ((isUnpack ? Unpack(content) : Pack(content)) is not { } made)
            {
                status = await i.FailAsync($"{given}: not in gzip format");
                continue;
            }

            if (toOutput)
            {
                await i.Streams.Output.WriteAsync(made, i.Cancellation);
                continue;
            }

            if (isUnpack && !given.EndsWith(".gz", StringComparison.Ordinal) && !given.EndsWith(".tgz", StringComparison.Ordinal))
            {
                status = await i.FailAsync($"{given}: unknown suffix -- ignored", 2);
                continue;
            }

            string target = isUnpack ? given.EndsWith(".tgz", StringComparison.Ordinal) ? path[..^4] + ".tar" : path[..^3] : path + ".gz";
            error = i.Files.Write(target, made, i.State.Visit.UserId, i.State.Visit.GroupId);
            status = error == FileError.None ? status : await i.FailAsync($"{target}: {error.Text()}");
            if (error == FileError.None && !i.Has('k', "keep"))
            {
                i.Files.Remove(path);
            }
        }

        return status;
    }

    private static async ValueTask<int> SearchAsync(Invocation i)
    {
        IReadOnlyList<string> operands = i.Operands;
        BufferOutput output = new(Largest);
        await CompressAsync(i with { Name = "zcat", Arguments = [.. operands.Skip(1)], Streams = i.Streams with { Output = output } }, isUnpack: true, toOutput: true);
        await i.Interpreter.CallAsync(["grep", .. i.Arguments.Where(argument => argument.StartsWith('-')), operands.FirstOrDefault("")], i.Streams with { Input = ShellInput.From(output.ToArray()) }, i.Cancellation);
        return i.State.Status;
    }

    private static async ValueTask<int> UnzipAsync(Invocation i)
    {
        Options options = Options.Read(i.Arguments, "lotvqd:njpux:P:");
        string name = options.Operands.FirstOrDefault("");
        if (name.Length == 0)
        {
            return await SystemCommands.PrintAsync(i, "UnZip 6.00 of 20 April 2009, by Debian. Original by Info-ZIP.\n\nUsage: unzip [-Z] [-opts[modifiers]] file[.zip] [list] [-x xlist] [-d exdir]\n");
        }

        if (i.Read(name, out byte[] content) != FileError.None && i.Read(name + ".zip", out content) != FileError.None)
        {
            await i.Streams.Error.WriteAsync($"unzip:  cannot find or open {name}, {name}.zip or {name}.ZIP.\n", i.Cancellation);
            return 9;
        }

        try
        {
            using ZipArchive archive = new(new MemoryStream(content), ZipArchiveMode.Read);
            StringBuilder text = new($"Archive:  {name}\n");
            long left = Largest;
            foreach (ZipArchiveEntry entry in archive.Entries.Take(MostEntries))
            {
                await i.State.Budget.StepAsync(i.Cancellation);
                if (options.Has('l') || i.Name is "zipinfo")
                {
                    text.Append(CultureInfo.InvariantCulture, $"{entry.Length,9}  {entry.LastWriteTime:yyyy-MM-dd HH:mm}   {entry.FullName}\n");
                    continue;
                }

                string path = FileSystem.Normalize(FileSystem.Normalize(entry.FullName, "/").TrimStart('/'), i.State.Path(options['d'] ?? "."));
                text.Append(CultureInfo.InvariantCulture, $"  {(entry.FullName.EndsWith('/') ? "   creating" : "  inflating")}: {entry.FullName}  \n");
                MakeFolders(i, entry.FullName.EndsWith('/') ? path : path[..Math.Max(1, path.LastIndexOf('/'))]);
                if (!entry.FullName.EndsWith('/'))
                {
                    using Stream stream = entry.Open();
                    byte[] bytes = ReadAll(stream);
                    i.Files.Write(path, bytes, i.State.Visit.UserId, i.State.Visit.GroupId);
                    if ((left -= bytes.Length) <= 0)
                    {
                        break;
                    }
                }
            }

            return await SystemCommands.PrintAsync(i, options.Has('q') ? "" : text.ToString());
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            await i.Streams.Error.WriteAsync($"Archive:  {name}\n  End-of-central-directory signature not found.  Either this file is not\n  a zipfile, or it constitutes one disk of a multi-part archive.\nunzip:  cannot find zipfile directory in one of {name} or\n        {name}.zip, and cannot find {name}.ZIP, period.\n", i.Cancellation);
            return 9;
        }
    }

    private static void MakeFolders(Invocation i, string path)
    {
        string made = "";
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            made += "/" + part;
            if (i.Files.Find(made) is null)
            {
                i.Files.MakeFolder(made, i.State.Visit.UserId, i.State.Visit.GroupId);
            }
        }
    }

    private static async ValueTask<int> TarAsync(Invocation i)
    {
        // The first word may have its options without a dash.
        string[] arguments = i.Arguments.Count > 0 && !i.Arguments[0].StartsWith('-') ? ["-" + i.Arguments[0], .. i.Arguments.Skip(1)] : [.. i.Arguments];
        Options options = Options.Read(arguments, "cxtrvf:zjJC:pkaPhOmSX:T:", ("create", 'c'), ("extract", 'x'), ("get", 'x'), ("list", 't'), ("file", 'f'), ("verbose", 'v'), ("gzip", 'z'), ("directory", 'C'), ("exclude", 'X'), ("to-stdout", 'O'));
        if (arguments.Any(argument => argument is "--version"))
        {
            return await SystemCommands.PrintAsync(i, "tar (GNU tar) 1.35\n");
        }

        if (!options.Has('c') && !options.Has('x') && !options.Has('t'))
        {
            await i.Streams.Error.WriteAsync("tar: You must specify one of the '-Acdtrux', '--delete' or '--test-label' options\nTry 'tar --help' or 'tar --usage' for more information.\n", i.Cancellation);
            return 2;
        }

        return options.Has('c') ? await CreateAsync(i, options) : await ExtractAsync(i, options);
    }

    private static async ValueTask<int> CreateAsync(Invocation i, Options options)
    {
        string folder = i.State.Path(options['C'] ?? ".");
        using MemoryStream archive = new();
        int status = 0, left = MostEntries;
        StringBuilder names = new();
        using (TarWriter writer = new(archive, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (string name in options.Operands)
            {
                Node? node = i.Files.Find(FileSystem.Normalize(name, folder));
                if (node is null)
                {
                    await i.Streams.Error.WriteAsync($"tar: {name}: Cannot stat: No such file or directory\ntar: Exiting with failure status due to previous errors\n", i.Cancellation);
                    status = 2;
                    continue;
                }

                await AddAsync(writer, name.TrimStart('/'), node, 0);
            }
        }

        byte[] content = options.Has('z') || options['f']?.EndsWith("gz", StringComparison.Ordinal) == true ? Pack(archive.ToArray()) : archive.ToArray();
        if (options['f'] is { } file && file is not "-")
        {
            FileError error = i.Files.Write(i.State.Path(file), content, i.State.Visit.UserId, i.State.Visit.GroupId);
            await i.PrintAsync(options.Has('v') ? names.ToString() : "");
            return error == FileError.None ? status : await i.FailAsync($"{file}: Cannot open: {error.Text()}\ntar: Error is not recoverable: exiting now", 2);
        }

        await i.Streams.Output.WriteAsync(content, i.Cancellation);
        return status;

        async ValueTask AddAsync(TarWriter writer, string name, Node node, int depth)
        {
            await i.State.Budget.StepAsync(i.Cancellation);
            if (--left < 0 || archive.Length > Largest || depth > 40 || name.Length == 0 || !Access.MayRead(node, i.State.Visit.UserId))
            {
                return;
            }

            names.Append(name).Append(node is FolderNode ? "/\n" : "\n");
            GnuTarEntry entry = new(node is FolderNode ? TarEntryType.Directory : node is LinkNode ? TarEntryType.SymbolicLink : TarEntryType.RegularFile, node is FolderNode ? name + "/" : name)
            {
                Mode = (UnixFileMode)node.Mode,
                Uid = node.User,
                Gid = node.Group,
                ModificationTime = node.Modified,
            };
            if (node is LinkNode link)
            {
                entry.LinkName = link.Target;
            }
            else if (node is FileNode leaf && leaf.Content.Size <= Largest)
            {
                entry.DataStream = new MemoryStream(leaf.Content.Read());
            }

            writer.WriteEntry(entry);
            foreach ((string inner, Node child) in node is FolderNode { IsLive: false } folderNode ? folderNode.Entries : new FolderNode().Entries)
            {
                await AddAsync(writer, $"{name}/{inner}", child, depth + 1);
            }
        }
    }

    private static async ValueTask<int> ExtractAsync(Invocation i, Options options)
    {
        byte[] content;
        if (options['f'] is { } file && file is not "-")
        {
            FileError error = i.Read(file, out content);
            if (error != FileError.None)
            {
                await i.Streams.Error.WriteAsync($"tar: {file}: Cannot open: {error.Text()}\ntar: Error is not recoverable: exiting now\n", i.Cancellation);
                return 2;
            }
        }
        else
        {
            content = await i.Streams.Input.ReadAllAsync(i.Cancellation);
        }

        content = content is [0x1f, 0x8b, ..] ? Unpack(content) ?? [] : content;
        string folder = i.State.Path(options['C'] ?? ".");
        int count = 0;
        try
        {
            using TarReader reader = new(new MemoryStream(content));
            while (count++ < MostEntries && reader.GetNextEntry() is { } entry)
            {
                await i.State.Budget.StepAsync(i.Cancellation);
                string inner = FileSystem.Normalize(entry.Name, "/").TrimStart('/'), path = FileSystem.Normalize(inner, folder);
                if (options.Has('v') || options.Has('t'))
                {
                    await i.PrintAsync(entry.Name + "\n");
                }

                if (options.Has('t'))
                {
                    continue;
                }

                MakeFolders(i, entry.EntryType == TarEntryType.Directory ? path : path[..Math.Max(1, path.LastIndexOf('/'))]);
                if (entry.EntryType == TarEntryType.SymbolicLink)
                {
                    i.Files.Put(path, new LinkNode(entry.LinkName) { Mode = 0x1FF, User = i.State.Visit.UserId, Group = i.State.Visit.GroupId, Modified = entry.ModificationTime });
                }
                else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                {
                    byte[] bytes = entry.DataStream is { } stream ? ReadAll(stream) : [];
                    i.Files.Put(path, new FileNode { Content = new StoredContent(bytes), Mode = (int)entry.Mode & 0xFFF, User = i.State.Visit.UserId, Group = i.State.Visit.GroupId, Modified = entry.ModificationTime });
                    i.State.Log.Record(new Observation(ObservationKinds.Upload) { Name = path, Sha256 = i.State.Log.SaveFile(path, bytes), Size = bytes.Length, Method = "tar" });
                }
            }

            return 0;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or FormatException or ArgumentException or NotSupportedException)
        {
            await i.Streams.Error.WriteAsync("tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n", i.Cancellation);
            return 2;
        }
    }
}
