using System.IO.Compression;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Archives;

/// <summary>gzip(1), gunzip(1) and zcat(1). What comes out is bounded.</summary>
internal static class ArchiveCommands
{
    public const int Largest = 8 << 20;
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal) { ["decompress"] = 'd', ["uncompress"] = 'd', ["stdout"] = 'c', ["to-stdout"] = 'c', ["force"] = 'f', ["keep"] = 'k', ["test"] = 't', ["quiet"] = 'q', ["verbose"] = 'v', ["no-name"] = 'n', ["best"] = '9', ["fast"] = '1' };

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["gzip"] = i => ZipAsync(i, decompresses: false, toOutput: false),
        ["gunzip"] = i => ZipAsync(i, decompresses: true, toOutput: false),
        ["zcat"] = i => ZipAsync(i, decompresses: true, toOutput: true),
        ["tar"] = TarCommand.RunAsync,
    };

    public static async ValueTask<byte[]> CompressAsync(Invocation i, byte[] bytes)
    {
        const int atOnce = 64 * 1024;
        using MemoryStream output = new();
        await using (GZipStream zip = new(output, CompressionLevel.Optimal))
        {
            for (int at = 0; at < bytes.Length; at += atOnce)
            {
                await i.GiveWayAsync();
                zip.Write(bytes, at, Math.Min(atOnce, bytes.Length - at));
            }
        }

        return output.ToArray();
    }

    /// <summary>Null: it is no gzip format, or too large.</summary>
    public static byte[]? Decompress(byte[] bytes)
    {
        try
        {
            using GZipStream zip = new(new MemoryStream(bytes), CompressionMode.Decompress);
            using MemoryStream output = new();
            byte[] block = new byte[64 * 1024];
            for (int got = zip.Read(block); got > 0; got = zip.Read(block))
            {
                output.Write(block, 0, got);
                if (output.Length > Largest)
                {
                    return null;
                }
            }

            return output.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static async ValueTask<int> ZipAsync(Invocation i, bool decompresses, bool toOutput)
    {
        OptionParsing options = new(i.Arguments, "dcfktqvnNlr123456789S:", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Text.Lines.InvalidOptionAsync(i, error);
        }

        decompresses |= options.Has('d') || options.Has('t') || options.Has('l');
        toOutput |= options.Has('c') || options.Operands.Count == 0;
        return await PackedFile.EachAsync(options.Operands, name => ZipFileAsync(i, options, name, decompresses, toOutput));
    }

    private static async ValueTask<int> ZipFileAsync(Invocation i, OptionParsing options, string name, bool decompresses, bool toOutput)
    {
        (FileError failure, byte[] content) = await PackedFile.ReadAsync(i, name);
        if (failure != FileError.None)
        {
            string other = name.EndsWith(".gz", StringComparison.Ordinal) ? name : name + ".gz";
            if (!decompresses || i.Read(other, out content) != FileError.None)
            {
                return await FailAsync(i, failure == FileError.IsFolder ? $"{name} is a directory -- ignored" : $"{(decompresses ? other : name)}: {failure.Text()}", failure == FileError.IsFolder ? 2 : 1);
            }

            name = other;
        }

        bool hasSuffix = name.EndsWith(".gz", StringComparison.Ordinal) || name.EndsWith(".tgz", StringComparison.Ordinal);
        if (!toOutput && decompresses != hasSuffix)
        {
            return await FailAsync(i, decompresses ? $"{name}: unknown suffix -- ignored" : $"{name} already has .gz suffix -- unchanged", 2);
        }

        i.State.Budget.Charge(content.Length / 4096);
        byte[]? made = decompresses ? Decompress(content) : await CompressAsync(i, content);
        if (made is null)
        {
            return await FailAsync(i, content.Length == 0 ? $"{(name is "-" ? "stdin" : name)}: unexpected end of file" : $"{(name is "-" ? "stdin" : name)}: not in gzip format", 1, isSpaced: true);
        }

        if (options.Has('t'))
        {
            return 0;
        }

        if (options.Has('l'))
        {
            string ratio = made.Length == 0 ? "0.0%" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(made.Length - Math.Max(0, content.Length - 18 - name.Length)) * 100.0 / made.Length:0.0}%");
            await i.PrintAsync($"         compressed        uncompressed  ratio uncompressed_name\n{content.Length,19} {made.Length,19} {ratio,6} {(name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name)}\n");
            return 0;
        }

        if (toOutput)
        {
            await i.Streams.Output.WriteAsync(made, i.Cancellation);
            return 0;
        }

        string target = !decompresses ? name + ".gz" : name.EndsWith(".tgz", StringComparison.Ordinal) ? name[..^4] + ".tar" : name[..^3];
        if (i.Files.Find(i.State.Path(target)) is not null && !options.Has('f'))
        {
            return await FailAsync(i, $"{target} already exists;\tnot overwritten", 2);
        }

        return await PackedFile.ReplaceAsync(i, name, target, made, options.Has('k'));
    }

    // gunzip and zcat are scripts around gzip, which tells what is wrong in its own name.
    private static async ValueTask<int> FailAsync(Invocation i, string text, int status, bool isSpaced = false)
    {
        await i.Streams.Error.WriteAsync($"{(isSpaced ? "\n" : "")}gzip: {text}\n", i.Cancellation);
        return status;
    }

    /// <summary>Writes a file that a program made, and records it.</summary>
    public static async ValueTask<int> StoreAsync(Invocation i, string name, byte[] content)
    {
        string path = i.State.Path(name);
        Node? governing = i.Files.Find(path) ?? i.Files.Find(path[..Math.Max(1, path.LastIndexOf('/'))]);
        FileError error = governing is not null && !Access.MayWrite(governing, i.State.Visit.UserId) ? FileError.NotPermitted : i.Files.Write(path, content, i.State.Visit.UserId, i.State.Visit.UserId);
        if (error != FileError.None)
        {
            return await i.FailAsync($"{name}: {error.Text()}");
        }

        i.State.Log.Record(new Observation(ObservationKinds.Upload) { Name = path, Sha256 = i.State.Log.SaveFile(path, content), Size = content.Length, Method = "shell" });
        return 0;
    }
}
