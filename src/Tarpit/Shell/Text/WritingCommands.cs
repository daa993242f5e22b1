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
        OptionParsing options = new([.. i.Arguments.Select(argument => argument.Length > 1 && argument[0] == '-' && char.IsAsciiDigit(argument[1]) ? "-l" + argument[1..] : argument)], "l:b:n:a:dxC:t:e", new Dictionary<string, char>(StringComparer.Ordinal) { ["lines"] = 'l', ["bytes"] = 'b', ["number"] = 'n', ["suffix-length"] = 'a', ["numeric-suffixes"] = 'd' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        if (await Lines.ReadAsync(i, options.Operands.Count > 0 ? options.Operands[0] : "-") is not { } text)
        {
            return 1;
        }

        int length = int.TryParse(options.Value('a'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) ? Math.Clamp(given, 1, 10) : 2;
        List<string> parts = Parts(text, options);
        string prefix = options.Operands.Count > 1 ? options.Operands[1] : "x";
        for (int n = 0; n < Math.Min(parts.Count, MostFiles); n++)
        {
            string suffix = options.Has('d') ? n.ToString(CultureInfo.InvariantCulture).PadLeft(length, '0') : Letters(n, length);
            if (await WriteAsync(i, prefix + suffix, Encoding.Latin1.GetBytes(parts[n]), appends: false) != 0)
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

        int lines = int.TryParse(options.Value('l'), NumberStyles.None, CultureInfo.InvariantCulture, out int most) && most > 0 ? most : 1000;
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
        int unit = text.Length == 0 ? 1 : char.ToUpperInvariant(text[^1]) switch { 'K' => 1024, 'M' => 1 << 20, _ => 1 };
        return int.TryParse(text.TrimEnd('k', 'K', 'm', 'M', 'b', 'B'), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? Math.Min(number, 1 << 20) * unit : 0;
    }

    private static string Letters(int number, int length)
    {
        char[] letters = new char[length];
        for (int at = length - 1; at >= 0; at--)
        {
            letters[at] = (char)('a' + (number % 26));
            number /= 26;
        }

        return new string(letters);
    }
}
