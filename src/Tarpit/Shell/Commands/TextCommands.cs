using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that show files.</summary>
internal static class TextCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["cat"] = CatAsync,
        ["more"] = CatAsync,
        ["less"] = CatAsync,
        ["head"] = i => EndsAsync(i, fromStart: true),
        ["tail"] = i => EndsAsync(i, fromStart: false),
        ["wc"] = CountAsync,
        ["tac"] = i => LinesAsync(i, lines => lines.Reverse()),
        ["rev"] = i => LinesAsync(i, lines => lines.Select(line => new string([.. line.Reverse()]))),
        ["nl"] = i => LinesAsync(i, lines => lines.Select((line, n) => string.Create(CultureInfo.InvariantCulture, $"{n + 1,6}\t{line}"))),
        ["tee"] = TeeAsync,
        ["dd"] = CopyBlocksAsync,
        ["strings"] = StringsAsync,
        ["xxd"] = HexAsync,
        ["hexdump"] = HexAsync,
        ["od"] = OctalAsync,
    };

    /// <summary>Lines without their ends; what has no end at the end is a line too.</summary>
    public static string[] Lines(string text) => text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');

    private static async ValueTask<int> CatAsync(Invocation i)
    {
        if (i.Operands.Count == 0 && !i.Arguments.Contains("-", StringComparer.Ordinal))
        {
            byte[] some;
            while ((some = await i.Streams.Input.ReadSomeAsync(i.Cancellation)).Length > 0)
            {
                await i.Streams.Output.WriteAsync(some, i.Cancellation);
            }

            return 0;
        }

        int status = 0, line = 0;
        foreach (string name in i.Operands)
        {
            FileError error = name is "/dev/stdin" ? FileError.None : i.Read(name, out _);
            if (error != FileError.None)
            {
                status = await i.FailAsync($"{name}: {error.Text()}");
                continue;
            }

            (List<(string, string Text)> texts, _) = await i.ReadAsync([name]);
            string text = texts[0].Text;
            await i.PrintAsync(i.Has('n') ? string.Concat(Lines(text).Select(l => string.Create(CultureInfo.InvariantCulture, $"{++line,6}\t{l}\n"))) : text);
        }

        return status;
    }

    private static async ValueTask<int> EndsAsync(Invocation i, bool fromStart)
    {
        (List<(string Name, string Text)> files, int status) = await i.ReadAsync(i.OperandsWithout("nc"));
        bool bytes = i.Value('c') is not null;
        string? from = (i.Value('n') ?? i.Value('c')) is { } given && given.StartsWith('+') ? given : null;
        int count = i.Number(bytes ? 'c' : 'n', 10);
        foreach ((string name, string text) in files)
        {
            if (files.Count > 1)
            {
                await i.PrintAsync($"{(string.Equals(name, files[0].Name, StringComparison.Ordinal) ? "" : "\n")}==> {name} <==\n");
            }

            if (bytes)
            {
                int length = Math.Clamp(count, 0, text.Length);
                await i.PrintAsync(fromStart ? text[..length] : from is not null ? text[Math.Min(length - 1, text.Length)..] : text[(text.Length - length)..]);
                continue;
            }

            string[] lines = Lines(text);
            IEnumerable<string> chosen = fromStart ? count >= 0 ? lines.Take(count) : lines.SkipLast(-count)
                : from is not null ? lines.Skip(count - 1) : lines.TakeLast(Math.Abs(count));
            await i.PrintAsync(string.Concat(chosen.Select(line => line + "\n")));
        }

        return status;
    }

    private static async ValueTask<int> CountAsync(Invocation i)
    {
        (List<(string Name, string Text)> files, int status) = await i.ReadAsync(i.Operands);
        bool lines = i.Has('l'), words = i.Has('w'), bytes = i.Has('c') || i.Has('m');
        if (!lines && !words && !bytes)
        {
            lines = words = bytes = true;
        }

        long[] sums = new long[3];
        List<(string Name, long[] Counts)> rows = [];
        foreach ((string name, string text) in files)
        {
            long[] counts = [text.AsSpan().Count('\n'), text.Split([' ', '\n', '\t', '\r', '\v', '\f'], StringSplitOptions.RemoveEmptyEntries).Length, text.Length];
            rows.Add((name is "-" ? "" : name, counts));
            for (int n = 0; n < 3; n++)
            {
                sums[n] += counts[n];
            }
        }

        if (rows.Count > 1)
        {
            rows.Add(("total", sums));
        }

        bool[] shown = [lines, words, bytes];
        int width = shown.Count(s => s) == 1 && rows.Count == 1 ? 0 : rows.Count == 1 && rows[0].Name.Length == 0 ? 7 : sums.Max().ToString(CultureInfo.InvariantCulture).Length;
        foreach ((string name, long[] counts) in rows)
        {
            string text = string.Join(' ', counts.Where((_, n) => shown[n]).Select(c => c.ToString(CultureInfo.InvariantCulture).PadLeft(width)));
            await i.PrintAsync($"{text}{(name.Length > 0 ? " " + name : "")}\n");
        }

        return status;
    }

    private static async ValueTask<int> LinesAsync(Invocation i, Func<string[], IEnumerable<string>> change)
    {
        (List<(string, string Text)> files, int status) = await i.ReadAsync(i.Operands);
        foreach ((_, string text) in files)
        {
            await i.PrintAsync(string.Concat(change(Lines(text)).Select(line => line + "\n")));
        }

        return status;
    }

    private static async ValueTask<int> TeeAsync(Invocation i)
    {
        byte[] content = await i.Streams.Input.ReadAllAsync(i.Cancellation);
        int status = 0;
        foreach (string name in i.Operands)
        {
            string path = i.State.Path(name);
            byte[] written = i.Has('a') && i.Files.Read(path, out byte[] before) == FileError.None ? [.. before, .. content] : content;
            FileError error = i.Files.Write(path, written, i.State.Visit.UserId, i.State.Visit.UserId);
            if (error == FileError.None)
            {
                i.State.Log.Record(new Observation(ObservationKinds.Upload) { Name = path, Sha256 = i.State.Log.SaveFile(path, written), Size = written.Length, Method = "shell" });
            }
            else
            {
                status = await i.FailAsync($"{name}: {error.Text()}");
            }
        }

        await i.Streams.Output.WriteAsync(content, i.Cancellation);
        return status;
    }

    private static async ValueTask<int> CopyBlocksAsync(Invocation i)
    {
        const int most = 16 << 20;
        Dictionary<string, string> options = i.Arguments.Select(a => a.Split('=', 2)).Where(p => p.Length == 2).GroupBy(p => p[0], StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last()[1], StringComparer.Ordinal);
        long block = Size(options.GetValueOrDefault("bs") ?? options.GetValueOrDefault("ibs"), 512), count = Size(options.GetValueOrDefault("count"), long.MaxValue), skip = Size(options.GetValueOrDefault("skip"), 0);
        byte[] content;
        long wanted = count > most / Math.Max(1, block) ? most : count * block;
        if (options.GetValueOrDefault("if") is not { } source)
        {
            content = await i.Streams.Input.ReadExactlyAsync((int)Math.Min(wanted, 8 << 20), i.Cancellation);
        }
        else if (i.Read(source, out content) is not FileError.None and var error)
        {
            return await i.FailAsync($"failed to open '{source}': {error.Text()}");
        }
        else if (source is "/dev/zero" or "/dev/urandom" or "/dev/random")
        {
            content = source is "/dev/zero" ? new byte[wanted] : System.Security.Cryptography.RandomNumberGenerator.GetBytes((int)wanted);
        }

        content = [.. content.Skip((int)Math.Min(skip * block, content.Length)).Take((int)Math.Min(wanted, int.MaxValue))];
        if (options.GetValueOrDefault("of") is { } target && target is not "/dev/null")
        {
            FileError failed = i.Files.Write(i.State.Path(target), content, i.State.Visit.UserId, i.State.Visit.UserId);
            if (failed != FileError.None)
            {
                return await i.FailAsync($"failed to open '{target}': {failed.Text()}");
            }
        }
        else if (!options.ContainsKey("of"))
        {
            await i.Streams.Output.WriteAsync(content, i.Cancellation);
        }

        long full = content.Length / block, partial = content.Length % block == 0 ? 0 : 1;
        double seconds = 0.000_05 + (content.Length / 1.1e9);
        string human = content.Length < 1000 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({content.Length / 1000.0:0.0} kB, {ListingCommands.Human(content.Length)}iB)");
        await i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{full}+{partial} records in\n{full}+{partial} records out\n{content.Length} bytes{human} copied, {seconds:0.#######} s, {content.Length / seconds / 1e6:0.0} MB/s\n"), i.Cancellation);
        return 0;
    }

    private static long Size(string? text, long otherwise)
    {
        if (text is null)
        {
            return otherwise;
        }

        long unit = text.Length == 0 ? 1 : char.ToUpperInvariant(text[^1]) switch { 'K' => 1024, 'M' => 1 << 20, 'G' => 1 << 30, _ => 1 };
        return long.TryParse(text.TrimEnd('k', 'K', 'M', 'G'), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? Math.Clamp(number, 0, 1L << 30) * unit : otherwise;
    }

    private static async ValueTask<int> StringsAsync(Invocation i)
    {
        (List<(string, string Text)> files, int status) = await i.ReadAsync(i.OperandsWithout("n"));
        foreach ((_, string text) in files)
        {
            StringBuilder found = new(), run = new();
            foreach (char c in text + "\0")
            {
                if (c is >= ' ' and <= '~' or '\t')
                {
                    run.Append(c);
                    continue;
                }

                _ = run.Length >= 4 ? found.Append(run).Append('\n') : found;
                run.Clear();
            }

            await i.PrintAsync(found.ToString());
        }

        return status;
    }

    private static async ValueTask<int> HexAsync(Invocation i)
    {
        (List<(string, string Text)> files, int status) = await i.ReadAsync(i.OperandsWithout("nl"));
        foreach ((_, string text) in files)
        {
            int limit = int.TryParse(i.Value('l') ?? i.Value('n'), NumberStyles.None, CultureInfo.InvariantCulture, out int most) ? most : 1 << 16;
            string shown = text[..Math.Min(text.Length, limit)];
            StringBuilder dump = new();
            if (i.Has('p'))
            {
                await i.PrintAsync(Convert.ToHexStringLower(Encoding.Latin1.GetBytes(shown)) + "\n");
                continue;
            }

            bool canonical = i.Name.EndsWith("hexdump", StringComparison.Ordinal);
            for (int at = 0; at < shown.Length; at += 16)
            {
                string line = shown[at..Math.Min(at + 16, shown.Length)];
                string hex = canonical ? string.Join(' ', line.Select(c => ((int)c).ToString("x2", CultureInfo.InvariantCulture)))
                    : string.Join(' ', line.Chunk(2).Select(p => string.Concat(p.Select(c => ((int)c).ToString("x2", CultureInfo.InvariantCulture)))));
                string plain = string.Concat(line.Select(c => c is >= ' ' and <= '~' ? c : '.'));
                dump.Append(CultureInfo.InvariantCulture, $"{at:x8}{(canonical ? "  " : ": ")}{hex.PadRight(canonical ? 49 : 39)}  {(canonical ? $"|{plain}|" : plain)}\n");
            }

            await i.PrintAsync(dump.ToString());
        }

        return status;
    }

    private static async ValueTask<int> OctalAsync(Invocation i)
    {
        (List<(string, string Text)> files, int status) = await i.ReadAsync(i.OperandsWithout("tAN"));
        foreach ((_, string text) in files)
        {
            StringBuilder dump = new();
            int length = Math.Min(text.Length, i.Value('N') is { } n && int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int most) ? most : 1 << 16);
            for (int at = 0; at < length; at += 16)
            {
                string line = text[at..Math.Min(at + 16, length)];
                dump.Append(Convert.ToString(at, 8).PadLeft(7, '0')).Append(string.Concat(line.Chunk(2).Select(p => " " + Convert.ToString(p[0] | (p.Length > 1 ? p[1] << 8 : 0), 8).PadLeft(6, '0')))).Append('\n');
            }

            await i.PrintAsync(dump.Append(Convert.ToString(length, 8).PadLeft(7, '0')).Append('\n').ToString());
        }

        return status;
    }
}
