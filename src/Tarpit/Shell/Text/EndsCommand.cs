using System.Globalization;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>head(1) and tail(1).</summary>
internal static class EndsCommand
{
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal) { ["bytes"] = 'c', ["lines"] = 'n', ["quiet"] = 'q', ["silent"] = 'q', ["verbose"] = 'v', ["zero-terminated"] = 'z', ["follow"] = 'f', ["retry"] = 'F', ["pid"] = 'p', ["sleep-interval"] = 's' };

    public static ValueTask<int> HeadAsync(Invocation i) => RunAsync(i, isHead: true);

    public static ValueTask<int> TailAsync(Invocation i) => RunAsync(i, isHead: false);

    private static async ValueTask<int> RunAsync(Invocation i, bool isHead)
    {
        // -5 and, for tail, +5 are the old form.
        List<string> arguments = [.. i.Arguments.Select((argument, at) => !(at > 0 && i.Arguments[at - 1] is "-n" or "-c" or "--lines" or "--bytes") && argument.Length > 1 && (argument[0] == '-' || (argument[0] == '+' && !isHead && at == 0)) && char.IsAsciiDigit(argument[1]) ? (argument.EndsWith('c') ? "-c" : "-n") + (argument[0] == '+' ? "+" : "") + argument[1..].TrimEnd('c', 'l', 'f') : argument)];
        OptionParsing options = new(arguments, isHead ? "c:n:qvz" : "c:n:qvzfFp:s:", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        bool isBytes = options.Last("cn") == 'c';
        string wanted = (isBytes ? options.Value('c') : options.Value('n')) ?? "10";
        char sign = wanted.Length > 0 && wanted[0] is '+' or '-' ? wanted[0] : '\0';
        if (Number(wanted.TrimStart('+', '-')) is not { } count)
        {
            return await i.FailAsync(Characters.ToBytes($"invalid number of {(isBytes ? "bytes" : "lines")}: ‘{wanted}’"));
        }

        int status = 0, shown = 0;
        IReadOnlyList<string> names = options.Operands.Count == 0 ? ["-"] : options.Operands;
        foreach (string name in names)
        {
            if (isHead && sign == '\0' && i.Opened(name) is { } input)
            {
                await HeaderAsync(i, options, names, name, shown++);
                await TakeAsync(i, input, isBytes, count, options.Has('z') ? '\0' : '\n');
                continue;
            }

            string? text = name is "-" || i.Read(name, out _) == Files.FileError.None ? await Lines.ReadAsync(i, name) : null;
            if (text is null)
            {
                Files.FileError failure = i.Read(name, out _);
                status = await i.FailAsync(failure == Files.FileError.IsFolder ? $"error reading '{name}': Is a directory" : $"cannot open '{name}' for reading: {Files.FileErrors.Text(failure)}");
                continue;
            }

            await HeaderAsync(i, options, names, name, shown++);
            await i.PrintAsync(isBytes ? Bytes(text, isHead, sign, count) : Part(text, isHead, sign, count, options.Has('z') ? '\0' : '\n'));
        }

        // Who looks at a terminal, or left it in the background, stops it.
        if (!isHead && (options.Has('f') || options.Has('F')) && (i.State.Io.Terminal is not null || Shell.Execution.Job.IsAround) && options.Operands.Count > 0 && status == 0)
        {
            await i.State.Turns.OutsideAsync(() => Task.Delay(Timeout.InfiniteTimeSpan, i.Machine.Time, i.Cancellation));
        }

        return status;
    }

    private static ValueTask HeaderAsync(Invocation i, OptionParsing options, IReadOnlyList<string> names, string name, int shown)
    {
        bool has = options.Has('v') || (names.Count > 1 && !options.Has('q'));
        return i.PrintAsync(has ? $"{(shown == 0 ? "" : "\n")}==> {(name is "-" ? "standard input" : name)} <==\n" : "");
    }

    // No more of the input than is wanted: what follows is for the next command.
    private static async ValueTask TakeAsync(Invocation i, ShellInput input, bool isBytes, long count, char end)
    {
        if (isBytes)
        {
            const int atOnce = 64 * 1024;
            for (byte[] some = [0]; count > 0 && some.Length > 0; count -= some.Length)
            {
                await i.State.Budget.StepAsync(i.Cancellation);
                some = await input.ReadExactlyAsync((int)Math.Min(count, atOnce), i.Cancellation);
                await i.Streams.Output.WriteAsync(some, i.Cancellation);
            }

            return;
        }

        System.Text.StringBuilder text = new();
        while (count > 0 && await input.ReadByteAsync(i.Cancellation) is { } next)
        {
            text.Append((char)next);
            count -= next == end ? 1 : 0;
            if (text.Length > 64 * 1024 || (next == end && input.Available == 0))
            {
                await i.PrintAsync(text.ToString());
                text.Clear();
            }
        }

        input.DropBlock();
        await i.PrintAsync(text.ToString());
    }

    private static string Bytes(string text, bool isHead, char sign, long count)
    {
        long start = isHead ? 0 : sign == '+' ? Math.Max(0, count - 1) : text.Length - count;
        long end = !isHead ? text.Length : sign == '-' ? text.Length - count : count;
        start = Math.Clamp(start, 0, text.Length);
        return text[(int)start..(int)Math.Clamp(end, start, text.Length)];
    }

    private static string Part(string text, bool isHead, char sign, long count, char end)
    {
        int lines = text.AsSpan().Count(end) + (text.Length > 0 && !text.EndsWith(end) ? 1 : 0);
        long first = isHead ? 0 : sign == '+' ? Math.Max(0, count - 1) : lines - count;
        long last = !isHead ? lines : sign == '-' ? lines - count : count;
        int start = Place(text, first, end);
        return text[start..Math.Max(start, Place(text, last, end))];
    }

    // Where a line begins.
    private static int Place(string text, long line, char end)
    {
        int at = 0;
        for (long n = 0; n < line && at < text.Length; n++)
        {
            int found = text.IndexOf(end, at);
            at = found < 0 ? text.Length : found + 1;
        }

        return at;
    }

    private static long? Number(string text)
    {
        int end = 0;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        long unit = text[end..] switch { "" => 1, "b" => 512, "K" or "KiB" or "k" => 1024, "kB" or "KB" => 1000, "M" or "MiB" => 1 << 20, "MB" => 1_000_000, "G" or "GiB" => 1 << 30, _ => 0 };
        return end == 0 || unit == 0 ? null : long.TryParse(text.AsSpan(0, end), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? Math.Min(number, int.MaxValue) * unit : int.MaxValue;
    }
}
