using System.Globalization;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Entries;

/// <summary>truncate(1).</summary>
internal static class TruncateCommand
{
    private const long Largest = 16 << 20;
    private static readonly Dictionary<string, char> Names = new(StringComparer.Ordinal) { ["size"] = 's', ["reference"] = 'r', ["no-create"] = 'c', ["io-blocks"] = 'o' };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "cor:s:", Names, isMixed: true);
        if (options.Value('s') is null && options.Value('r') is null)
        {
            return await i.FailAsync("you must specify either ‘--size’ or ‘--reference’\nTry 'truncate --help' for more information.");
        }

        if (options.Operands.Count == 0)
        {
            return await i.FailAsync("missing file operand\nTry 'truncate --help' for more information.");
        }

        string text = options.Value('s') ?? "+0";
        char relation = text.Length > 0 && "+-<>/%".Contains(text[0], StringComparison.Ordinal) ? text[0] : '\0';
        if (Number(relation == '\0' ? text : text[1..]) is not { } number)
        {
            return await i.FailAsync($"Invalid number: ‘{text}’");
        }

        long reference = options.Value('r') is { } other ? Places.Look(i, other, follow: true).Node is { } node ? Sizes.Of(node) : -1 : 0;
        if (reference < 0)
        {
            return await i.FailAsync($"cannot stat '{options.Value('r')}': No such file or directory");
        }

        int status = 0;
        foreach (string name in options.Operands)
        {
            status = Math.Max(status, await OneAsync(i, name, options.Has('c'), before => options.Value('s') is null ? reference : relation switch
            {
                '+' => (options.Has('r') ? reference : before) + number,
                '-' => Math.Max(0, (options.Has('r') ? reference : before) - number),
                '<' => Math.Min(before, number),
                '>' => Math.Max(before, number),
                '/' => number == 0 ? before : before / number * number,
                '%' => number == 0 ? before : (before + number - 1) / number * number,
                _ => number,
            }));
        }

        return status;
    }

    private static async ValueTask<int> OneAsync(Invocation i, string name, bool onlyExisting, Func<long, long> sized)
    {
        string path = i.State.Path(name);
        FileError error = i.Files.Read(path, out byte[] content);
        if (error == FileError.NotFound && onlyExisting)
        {
            return 0;
        }

        if (error is not (FileError.None or FileError.NotFound))
        {
            return await i.FailAsync($"cannot open '{name}' for writing: {error.Text()}");
        }

        long size = sized(content.Length);
        if (size > Largest)
        {
            return await i.FailAsync($"failed to truncate '{name}' at {size.ToString(CultureInfo.InvariantCulture)} bytes: File too large");
        }

        byte[] written = new byte[size];
        content.AsSpan(0, (int)Math.Min(size, content.Length)).CopyTo(written);
        bool may = i.Files.Find(path) is { } there ? Access.MayWrite(there, i.State.Visit.UserId) : Places.MayChange(i, path);
        error = may ? i.Files.Write(path, written, i.State.Visit.UserId, i.State.Visit.UserId, 0x1B6 & ~i.State.FileMask) : i.Files.Find(Places.Parent(path)) is null ? FileError.NotFound : FileError.NotPermitted;
        return error == FileError.None ? 0 : await i.FailAsync($"cannot open '{name}' for writing: {error.Text()}");
    }

    private static long? Number(string text)
    {
        string digits = text.TrimEnd('K', 'M', 'G', 'T', 'B', 'k', 'm', 'g', 't', 'i');
        long unit = text[digits.Length..] switch { "" => 1, "K" or "k" or "KiB" => 1 << 10, "m" or "M" or "MiB" => 1 << 20, "g" or "G" or "GiB" => 1 << 30, "t" or "T" or "TiB" => 1L << 40, "KB" or "kB" => 1000, "MB" => 1_000_000, "GB" => 1_000_000_000, "TB" => 1_000_000_000_000, _ => 0 };
        return unit > 0 && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number < 1L << 40 ? Math.Min(number * unit, 1L << 60) : null;
    }
}
