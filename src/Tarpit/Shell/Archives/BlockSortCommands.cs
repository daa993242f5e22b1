using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;
using Org.BouncyCastle.Utilities.Bzip2;

namespace Blackwall.Tarpit.Shell.Archives;

/// <summary>bzip2(1), bunzip2(1) and bzcat(1). What comes out is bounded.</summary>
internal static class BlockSortCommands
{
    private const int Largest = 8 << 20;
    private const string Suffix = ".bz2";

    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["bzip2"] = i => RunAsync(i, decompresses: false, toOutput: false),
        ["bunzip2"] = i => RunAsync(i, decompresses: true, toOutput: false),
        ["bzcat"] = i => RunAsync(i, decompresses: true, toOutput: true),
    };

    private static async ValueTask<int> RunAsync(Invocation i, bool decompresses, bool toOutput)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "dzkftcqvsLVh123456789", ("decompress", 'd'), ("compress", 'z'), ("keep", 'k'), ("force", 'f'), ("test", 't'), ("stdout", 'c'), ("quiet", 'q'), ("verbose", 'v'), ("small", 's'), ("best", '9'), ("fast", '1'), ("help", 'h'), ("version", 'V'));
        decompresses = options.Last("dzt") switch { 'd' or 't' => true, 'z' => false, _ => decompresses };
        toOutput |= options.Has('c') || options.Operands.Count == 0;
        return await PackedFile.EachAsync(options.Operands, name => FileAsync(i, options, name, decompresses, toOutput));
    }

    private static async ValueTask<int> FileAsync(Invocation i, OptionParsing options, string name, bool decompresses, bool toOutput)
    {
        (FileError error, byte[] content) = await PackedFile.ReadAsync(i, name);
        if (error != FileError.None)
        {
            return await i.FailAsync(error == FileError.IsFolder ? $"Input file {name} is a directory." : $"Can't open input file {name}: {error.Text()}.");
        }

        if (!decompresses && !toOutput && name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            return await i.FailAsync($"Input file {name} already has .bz2 suffix.");
        }

        i.State.Budget.Charge(content.Length / 1024);
        byte[]? made = decompresses ? Decompress(content) : Compress(content);
        if (made is null)
        {
            return await i.FailAsync($"{(name is "-" ? "(stdin)" : name)} is not a bzip2 file.", 2);
        }

        if (options.Has('t'))
        {
            return 0;
        }

        if (toOutput)
        {
            await i.Streams.Output.WriteAsync(made, i.Cancellation);
            return 0;
        }

        string target = !decompresses ? name + Suffix : name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name + ".out";
        if (i.Files.Find(i.State.Path(target)) is not null && !options.Has('f'))
        {
            return await i.FailAsync($"Output file {target} already exists.");
        }

        return await PackedFile.ReplaceAsync(i, name, target, made, options.Has('k'));
    }

    public static byte[] Compress(byte[] content)
    {
        using MemoryStream output = new();
        using (CBZip2OutputStream zip = new(output))
        {
            zip.Write(content);
        }

        return output.ToArray();
    }

    /// <summary>Null: it is no bzip2 format, or too large.</summary>
    public static byte[]? Decompress(byte[] content)
    {
        try
        {
            using CBZip2InputStream zip = new(new MemoryStream(content));
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
        catch (Exception e) when (e is IOException or InvalidOperationException or IndexOutOfRangeException or ArgumentException)
        {
            return null;
        }
    }
}
