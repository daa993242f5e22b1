using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>tee(1) and split(1).</summary>
internal static class WritingCommands
{
    private const int MostFiles = 400;

    public static async ValueTask<int> TeeAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "aip", new Dictionary<string, char>(StringComparer.Ordinal) { ["append"] = 'a', ["ignore-interrupts"] = 'i' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        byte[] content = await i.Streams.Input.ReadAllAsync(i.Cancellation);
        int status = 0;
        foreach (string name in options.Operands)
        {
            status = Math.Max(status, await WriteAsync(i, name, content, options.Has('a')));
        }

        await i.Streams.Output.WriteAsync(content, i.Cancellation);
        return status;
    }

    private static async ValueTask<int> WriteAsync(Invocation i, string name, byte[] content, bool appends)
    {
        if (name is "/dev/null" or "/dev/stdout" or "/dev/stderr" or "-")
        {
            await (name is "/dev/stderr" ? i.Streams.Error : name is "/dev/null" ? NoOutput.Instance : i.Streams.Output).WriteAsync(content, i.Cancellation);
            return 0;
        }

        string path = i.State.Path(name);
        Node? governing = i.Files.Find(path) ?? i.Files.Find(path[..Math.Max(1, path.LastIndexOf('/'))]);
        if (governing is not null && !Access.MayWrite(governing, i.State.Visit.UserId))
        {
            return await i.FailAsync($"{name}: Permission denied");
        }

        byte[] written = appends && i.Files.Read(path, out byte[] before) == FileError.None ? [.. before, .. content] : content;
        FileError error = i.Files.Write(path, written, i.State.Visit.UserId, i.State.Visit.UserId, 0x1B6 & ~i.State.FileMask);
        if (error != FileError.None)
        {
            return await i.FailAsync($"{name}: {error.Text()}");
        }

        i.State.Log.Record(new Observation(ObservationKinds.Upload) { Name = path, Sha256 = i.State.Log.SaveFile(path, written), Size = written.Length, Method = "shell" });
        return 0;
    }

    public static async ValueTask<int> SplitAsync(Invocation i)
    {
        OptionParsing options = new([.. i.Arguments.Select(argument => argument.Length > 1 && argument[0] == '-' && char.IsAsciiDigit(argument[1]) ? "-l" + argument[1..] : argument)], "l:b:n:a:dxC:t:eS:", new Dictionary<string, char>(StringComparer.Ordinal) { ["lines"] = 'l', ["bytes"] = 'b', ["number"] = 'n', ["suffix-length"] = 'a', ["numeric-suffixes"] = 'd', ["hex-suffixes"] = 'x', ["additional-suffix"] = 'S', ["line-bytes"] = 'C', ["elide-empty-files"] = 'e' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        foreach ((char letter, string kind) in new[] { ('l', "lines"), ('b', "bytes") })
        {
            if (options.Value(letter) is { } number && (Size(number) <= 0 || (letter == 'l' && !number.All(char.IsAsciiDigit))))
            {
                return await i.FailAsync(Characters.ToBytes($"invalid number of {kind}: ‘{number}’"));
            }
        }

        string source = options.Operands.Count > 0 ? options.Operands[0] : "-";
        if (i.Opened(source) is null && i.Read(source, out _) is var failure && failure != FileError.None)
        {
            return await i.FailAsync(failure == FileError.IsFolder ? $"{source}: read error: Is a directory" : $"cannot open '{source}' for reading: {failure.Text()}");
        }

        if (await Lines.ReadAsync(i, source) is not { } text)
        {
            return 1;
        }

        int length = int.TryParse(options.Value('a'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? Math.Clamp(given, 1, 10) : 0;
        List<string> parts = Parts(text, options);
        string prefix = options.Operands.Count > 1 ? options.Operands[1] : "x";
        for (int n = 0; n < Math.Min(parts.Count, MostFiles); n++)
        {
            string suffix = Suffix(n, options.Has('d') ? 10 : options.Has('x') ? 16 : 26, length);
            if (await WriteAsync(i, prefix + suffix + options.Value('S'), Encoding.Latin1.GetBytes(parts[n]), appends: false) != 0)
            {
                return 1;
            }
        }

        return 0;
    }

    private static List<string> Parts(string text, OptionParsing options)
    {
        if (options.Value('b') is { } bytes && Size(bytes) is > 0 and var size)
        {
            return [.. text.Chunk(size).Select(part => new string(part))];
        }

        if (options.Value('n') is { } number && int.TryParse(number.Split('/')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0)
        {
            int each = text.Length / count;
            return [.. Enumerable.Range(0, Math.Min(count, MostFiles)).Select(n => n == count - 1 ? text[(n * each)..] : text.Substring(n * each, each))];
        }

        int lines = options.Value('l') is { } most ? Size(most) : 1000;
        List<string> parts = [];
        int start = 0, seen = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == '\n' && ++seen % lines == 0)
            {
                parts.Add(text[start..(at + 1)]);
                start = at + 1;
            }
        }

        if (start < text.Length)
        {
            parts.Add(text[start..]);
        }

        return parts;
    }

    private static int Size(string text)
    {
        string digits = new([.. text.TakeWhile(char.IsAsciiDigit)]);
        int unit = text[digits.Length..] switch { "" => 1, "b" => 512, "K" or "k" or "KiB" => 1024, "kB" or "KB" => 1000, "m" or "M" or "MiB" => 1 << 20, "MB" => 1_000_000, "G" or "GiB" or "GB" => 1 << 30, _ => 0 };
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? (int)Math.Min(Math.Min(number, 1 << 30) * unit, 1 << 30) : 0;
    }

    // Without a length (0) names grow when two letters are used up: xyz is followed by xzaaa.
    private static string Suffix(int number, int radix, int length)
    {
        string before = "";
        char last = radix == 26 ? 'z' : radix == 16 ? 'f' : '9';
        if (length == 0)
        {
            length = 2;
            for (int most = radix * (radix - 1); number >= most; most *= radix)
            {
                number -= most;
                before += last;
                length++;
            }
        }

        char[] letters = new char[length];
        for (int at = length - 1; at >= 0; at--)
        {
            int digit = number % radix;
            letters[at] = (char)(radix == 26 ? 'a' + digit : digit < 10 ? '0' + digit : 'a' + digit - 10);
            number /= radix;
        }

        return before + new string(letters);
    }
}
