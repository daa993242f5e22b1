using System.Globalization;
using System.IO.Compression;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>zgrep, unzip and xz. zip is real, and bounded; what else is compressed is left as it is.</summary>
internal static class PackCommands
{
    private const int Largest = 16 << 20;
    private const int MostEntries = 2000;

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["zgrep"] = SearchAsync,
        ["xz"] = RefuseAsync,
        ["unxz"] = RefuseAsync,
        ["xzcat"] = RefuseAsync,
        ["zstd"] = RefuseAsync,
        ["unzip"] = UnzipAsync,
        ["zipinfo"] = UnzipAsync,
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
                return await i.FailAsync($"{name}: {error.Text()}");
            }

            if (i.Has('d') || known.StartsWith("un", StringComparison.Ordinal) || known.EndsWith("cat", StringComparison.Ordinal))
            {
                return await i.FailAsync(content.Length == 0 ? $"{name}: Unexpected end of input" : $"{name}: File format not recognized");
            }
        }

        return 0;
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

    private static async ValueTask<int> SearchAsync(Invocation i)
    {
        IReadOnlyList<string> operands = i.Operands;
        BufferOutput output = new(Largest);
        await Archives.ArchiveCommands.All["zcat"](i with { Name = "zcat", Arguments = [.. operands.Skip(1)], Streams = i.Streams with { Output = output } });
        await i.Interpreter.CallAsync(["grep", .. i.Arguments.Where(argument => argument.StartsWith('-')), operands.FirstOrDefault("")], i.Streams with { Input = ShellInput.From(output.ToArray()) }, i.Cancellation);
        return i.State.Status;
    }

    private static async ValueTask<int> UnzipAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "lotvqd:njpux:P:");
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

                string path = FileSystem.Normalize(FileSystem.Normalize(entry.FullName, "/").TrimStart('/'), i.State.Path(options.Value('d') ?? "."));
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
}
