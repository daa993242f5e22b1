using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>cat(1), tac(1), rev(1) and nl(1).</summary>
internal static class CatCommand
{
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal) { ["show-all"] = 'A', ["number-nonblank"] = 'b', ["show-ends"] = 'E', ["number"] = 'n', ["squeeze-blank"] = 's', ["show-tabs"] = 'T', ["show-nonprinting"] = 'v' };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "AbeEnstTuv", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        int status = 0, number = 0;
        bool wasBlank = false, isPlain = options.All.All(option => option.Letter == 'u');
        foreach (string name in options.Operands.Count == 0 ? ["-"] : options.Operands)
        {
            if (isPlain && i.Opened(name) is { } input)
            {
                // What comes is shown as it comes.
                for (byte[] some = await input.ReadSomeAsync(i.Cancellation); some.Length > 0; some = await input.ReadSomeAsync(i.Cancellation))
                {
                    await i.State.Budget.StepAsync(i.Cancellation);
                    await i.Streams.Output.WriteAsync(some, i.Cancellation);
                }

                continue;
            }

            if (isPlain && i.Read(name, out byte[] content) == FileError.None)
            {
                await PrintAsync(i, content);
                continue;
            }

            if (await Lines.ReadAsync(i, name) is not { } text)
            {
                status = 1;
                continue;
            }

            StringBuilder made = new();
            bool hasEnd = text.EndsWith('\n');
            string[] lines = Lines.Of(text);
            for (int n = 0; n < lines.Length; n++)
            {
                bool isBlank = lines[n].Length == 0, isLast = n == lines.Length - 1 && !hasEnd;
                if (isBlank && wasBlank && options.Has('s'))
                {
                    continue;
                }

                wasBlank = isBlank;
                if (options.Has('b') ? !isBlank : options.Has('n'))
                {
                    made.Append(CultureInfo.InvariantCulture, $"{++number,6}\t");
                }

                made.Append(Shown(lines[n], options)).Append(isLast ? "" : options.Has('E') || options.Has('A') || options.Has('e') ? "$\n" : "\n");
            }

            await i.PrintAsync(made.ToString());
        }

        return status;
    }

    // Much is not there twice.
    private static async ValueTask PrintAsync(Invocation i, byte[] content)
    {
        const int atOnce = 64 * 1024;
        await i.State.Budget.GiveWayAsync(i.Cancellation);
        i.Hold(content.Length);
        for (int at = 0; at < content.Length; at += atOnce)
        {
            await i.Streams.Output.WriteAsync(content[at..Math.Min(content.Length, at + atOnce)], i.Cancellation);
        }
    }

    private static string Shown(string line, OptionParsing options)
    {
        bool all = options.Has('A'), tabs = all || options.Has('T') || options.Has('t'), others = all || options.Has('v') || options.Has('e') || options.Has('t');
        if (!tabs && !others)
        {
            return line;
        }

        StringBuilder shown = new();
        foreach (char c in line)
        {
            if (c == '\t')
            {
                shown.Append(tabs ? "^I" : "\t");
            }
            else if (!others)
            {
                shown.Append(c);
            }
            else
            {
                char low = (char)(c & 0x7F);
                shown.Append(c >= 0x80 ? "M-" : "").Append(low < ' ' ? "^" + (char)(low + 64) : low == '\x7f' ? "^?" : low.ToString());
            }
        }

        return shown.ToString();
    }

    public static async ValueTask<int> ReverseLinesAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "brs:", new Dictionary<string, char>(StringComparer.Ordinal) { ["before"] = 'b', ["regex"] = 'r', ["separator"] = 's' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        string separator = options.Value('s') is { Length: > 0 } given ? given : "\n";
        int status = 0;
        foreach (string name in options.Operands.Count == 0 ? ["-"] : options.Operands)
        {
            if (await ReadAsync(i, name, (file, error) => error == Files.FileError.IsFolder ? $"{file}: read error: Invalid argument" : $"failed to open '{file}' for reading: {error.Text()}") is not { } text)
            {
                status = 1;
                continue;
            }

            if (options.Has('b'))
            {
                // Each piece begins with its separator; what is before the first one has none.
                string[] heads = text.Split(separator);
                await i.PrintAsync(string.Concat(heads.Skip(1).Reverse().Select(part => separator + part)) + heads[0]);
                continue;
            }

            // Each piece keeps its separator; the last one may have none.
            string[] parts = separator.Length == 1 ? Lines.Split(text, separator[0]) : text.Split(separator);
            List<string> pieces = [.. parts.Take(parts.Length - 1).Select(part => part + separator)];
            if (parts[^1].Length > 0)
            {
                pieces.Add(parts[^1]);
            }

            pieces.Reverse();
            await i.PrintAsync(string.Concat(pieces));
        }

        return status;
    }

    public static async ValueTask<int> ReverseCharactersAsync(Invocation i)
    {
        int status = 0;
        foreach (string name in i.Operands.Count == 0 ? ["/dev/stdin"] : i.Operands)
        {
            if (await ReadAsync(i, name is "-" ? "./-" : name, (file, error) => $"cannot open {(name is "-" ? name : file)}: {error.Text()}") is not { } text)
            {
                status = 1;
                continue;
            }

            string made = string.Join('\n', Lines.Split(text, '\n').Select(line => Characters.ToBytes(string.Concat(Characters.Of(line.Split('\0')[0]).EnumerateRunes().Reverse().Select(rune => rune.ToString())))));
            await i.PrintAsync(made);
        }

        return status;
    }

    // The text of a file; null: it cannot be read, which was told in the words of the program.
    private static async ValueTask<string?> ReadAsync(Invocation i, string name, Func<string, Files.FileError, string> complaint)
    {
        if (i.Opened(name) is null && i.Read(name, out _) is var error && error != Files.FileError.None)
        {
            await i.FailAsync(complaint(name, error));
            return null;
        }

        return await Lines.ReadAsync(i, name);
    }

    public static async ValueTask<int> NumberAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "b:w:s:n:v:i:f:h:d:pl:", new Dictionary<string, char>(StringComparer.Ordinal) { ["body-numbering"] = 'b', ["number-width"] = 'w', ["number-separator"] = 's', ["number-format"] = 'n', ["starting-line-number"] = 'v', ["line-increment"] = 'i' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        string body = options.Value('b') ?? "t", format = options.Value('n') ?? "rn", separator = options.Value('s') is { } given ? given : "\t";
        int width = Number(options.Value('w'), 6), number = Number(options.Value('v'), 1), step = Number(options.Value('i'), 1), status = 0;
        var pattern = body.StartsWith('p') ? Patterns.Compile(Patterns.FromBasic(body[1..]), ignoreCase: false) : null;
        StringBuilder made = new();
        foreach (string name in options.Operands.Count == 0 ? ["-"] : options.Operands)
        {
            if (await Lines.ReadAsync(i, name) is not { } text)
            {
                status = 1;
                continue;
            }

            await i.GiveWayAsync(made.Length);
            foreach (string line in Lines.Of(text))
            {
                bool isNumbered = body is "a" || (body is "t" && line.Length > 0) || pattern?.IsMatch(line) == true;
                if (!isNumbered)
                {
                    made.Append(' ', width + separator.Length).Append(line).Append('\n');
                    continue;
                }

                string digits = number.ToString(CultureInfo.InvariantCulture);
                made.Append(format switch { "ln" => digits.PadRight(width), "rz" => digits.PadLeft(width, '0'), _ => digits.PadLeft(width) }).Append(separator).Append(line).Append('\n');
                number += step;
            }
        }

        await i.PrintAsync(made.ToString());
        return status;
    }

    private static int Number(string? text, int otherwise) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? Math.Clamp(number, -100_000, 100_000) : otherwise;
}
