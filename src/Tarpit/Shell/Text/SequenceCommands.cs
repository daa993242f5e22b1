using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Awk;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>seq(1), yes(1), shuf(1) and factor(1).</summary>
internal static class SequenceCommands
{
    public static async ValueTask<int> SequenceAsync(Invocation i)
    {
        string separator = "\n", format = "";
        bool isPadded = false, hasFormat = false;
        List<string> numbers = [];
        for (int at = 0; at < i.Arguments.Count; at++)
        {
            string argument = i.Arguments[at];
            if (numbers.Count == 0 && argument is "-w" or "--equal-width" && numbers.Count == 0)
            {
                isPadded = true;
            }
            else if (argument.StartsWith("-s", StringComparison.Ordinal) || argument.StartsWith("--separator=", StringComparison.Ordinal))
            {
                separator = argument.StartsWith("--", StringComparison.Ordinal) ? argument[12..] : argument.Length > 2 ? argument[2..] : at + 1 < i.Arguments.Count ? i.Arguments[++at] : "";
            }
            else if (argument.StartsWith("-f", StringComparison.Ordinal) || argument.StartsWith("--format=", StringComparison.Ordinal))
            {
                hasFormat = true;
                format = argument.StartsWith("--", StringComparison.Ordinal) ? argument[9..] : argument.Length > 2 ? argument[2..] : at + 1 < i.Arguments.Count ? i.Arguments[++at] : "";
            }
            else if (argument is ['-', not (>= '0' and <= '9' or '.' or 'i' or 'n'), ..] and not "--" && numbers.Count == 0)
            {
                return await i.FailAsync((argument.StartsWith("--", StringComparison.Ordinal) ? $"unrecognized option '{argument}'" : $"invalid option -- '{argument[1]}'") + "\nTry 'seq --help' for more information.");
            }
            else if (argument is not "--")
            {
                numbers.Add(argument);
            }
        }

        if (numbers.Count is 0 or > 3)
        {
            return await i.FailAsync(numbers.Count == 0 ? "missing operand\nTry 'seq --help' for more information." : Characters.ToBytes($"extra operand ‘{numbers[3]}’\nTry 'seq --help' for more information."));
        }

        foreach (string text in numbers)
        {
            if (!CNumbers.TryDouble(text, out _))
            {
                return await i.FailAsync(Characters.ToBytes($"invalid floating point argument: ‘{text}’\nTry 'seq --help' for more information."));
            }
        }

        if (hasFormat && FormatFault(format) is { } fault)
        {
            return await i.FailAsync(Characters.ToBytes(fault));
        }

        return hasFormat && isPadded ? await i.FailAsync("format string may not be specified when printing equal width strings\nTry 'seq --help' for more information.")
            : await CountAsync(i, numbers, separator, format, isPadded);
    }

    // A format has one number, as e, f or g show it; null: this one has.
    private static string? FormatFault(string format)
    {
        string plain = format.Replace("%%", "", StringComparison.Ordinal);
        int at = plain.IndexOf('%', StringComparison.Ordinal);
        if (at < 0)
        {
            return $"format ‘{format}’ has no % directive";
        }

        int end = at + 1;
        while (end < plain.Length && plain[end] is >= '0' and <= '9' or '-' or '+' or '#' or ' ' or '\'' or '.')
        {
            end++;
        }

        return end >= plain.Length ? $"format ‘{format}’ ends in %"
            : !"efgaEFGA".Contains(plain[end], StringComparison.Ordinal) ? $"format ‘{format}’ has unknown %{plain[end]} directive"
            : plain.IndexOf('%', end) >= 0 ? $"format ‘{format}’ has too many % directives" : null;
    }

    // Leading zeros count: seq -w 007 9.
    private static int Width(string text, int precision)
    {
        int whole = text.Contains('e', StringComparison.OrdinalIgnoreCase) ? text.Length : text.TrimStart('+').Split('.')[0].Length;
        return precision > 0 ? whole + 1 + precision : whole;
    }

    private static async ValueTask<int> CountAsync(Invocation i, List<string> numbers, string separator, string format, bool isPadded)
    {
        static double Value(string text) => CNumbers.TryDouble(text, out double value) ? value : 0;
        static int Digits(string text) => text.Contains('e', StringComparison.OrdinalIgnoreCase) ? 0 : text.IndexOf('.', StringComparison.Ordinal) is >= 0 and var dot ? text.Length - dot - 1 : 0;
        double first = numbers.Count > 1 ? Value(numbers[0]) : 1, step = numbers.Count > 2 ? Value(numbers[1]) : 1, last = Value(numbers[^1]);
        if (step == 0)
        {
            return await i.FailAsync(Characters.ToBytes($"invalid Zero increment value: ‘{numbers[1]}’\nTry 'seq --help' for more information."));
        }

        int precision = Math.Max(numbers.Count > 1 ? Digits(numbers[0]) : 0, numbers.Count > 2 ? Digits(numbers[1]) : 0);
        string fixedFormat = string.Create(CultureInfo.InvariantCulture, $"F{Math.Min(precision, 15)}");
        int width = isPadded ? numbers.Where((_, n) => n != 1 || numbers.Count < 3).Max(text => Width(text, precision)) : 0;
        StringBuilder text = new();
        bool isFirst = true;
        double limit = last + (step > 0 ? 1e-9 : -1e-9) * Math.Abs(step);
        for (long n = 0; ; n++)
        {
            double value = first + (n * step);
            if (step > 0 ? value > limit : value < limit)
            {
                break;
            }

            string made = format.Length > 0 ? AwkFormat.Apply(format, [AwkValue.Of(value)], "%.6g") : value.ToString(fixedFormat, CultureInfo.InvariantCulture);
            made = made is "-0" ? "0" : made;
            text.Append(isFirst ? "" : separator).Append(width > made.Length ? (made[0] == '-' ? "-" + made[1..].PadLeft(width - 1, '0') : made.PadLeft(width, '0')) : made);
            isFirst = false;
            if (text.Length > 8192)
            {
                i.State.Budget.Charge(8);
                await i.State.Budget.StepAsync(i.Cancellation);
                await i.PrintAsync(text.ToString());
                text.Clear();
            }
        }

        await i.PrintAsync(isFirst ? "" : text.Append('\n').ToString());
        return 0;
    }

    // Until nobody reads it: a full pipe ends it, and the window of a peer slows it.
    public static async ValueTask<int> RepeatAsync(Invocation i)
    {
        string line = (i.Arguments.Count == 0 ? "y" : string.Join(' ', i.Arguments.Where((argument, at) => at > 0 || argument is not "--"))) + "\n";
        string block = string.Concat(Enumerable.Repeat(line, Math.Max(1, 2048 / line.Length)));
        while (true)
        {
            for (int n = 0; n < 50; n++)
            {
                await i.State.Budget.StepAsync(i.Cancellation);
            }

            await i.PrintAsync(block);
        }
    }

    public static async ValueTask<int> ShuffleAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "ei:n:o:rz", new Dictionary<string, char>(StringComparer.Ordinal) { ["echo"] = 'e', ["input-range"] = 'i', ["head-count"] = 'n', ["output"] = 'o', ["repeat"] = 'r', ["random-source"] = 'o' }, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        string[] lines;
        if (options.Value('i') is { } range && range.Split('-') is [var low, var high] && int.TryParse(low, NumberStyles.None, CultureInfo.InvariantCulture, out int first) && int.TryParse(high, NumberStyles.None, CultureInfo.InvariantCulture, out int last))
        {
            lines = [.. Enumerable.Range(first, Math.Clamp(last - first + 1, 0, 1_000_000)).Select(n => n.ToString(CultureInfo.InvariantCulture))];
        }
        else
        {
            lines = options.Has('e') ? [.. options.Operands] : Lines.Of(await Lines.ReadAsync(i, options.Operands.Count > 0 ? options.Operands[0] : "-") ?? "");
        }

        System.Security.Cryptography.RandomNumberGenerator.Shuffle(lines.AsSpan());
        int count = int.TryParse(options.Value('n'), NumberStyles.None, CultureInfo.InvariantCulture, out int most) ? most : int.MaxValue;
        await i.PrintAsync(Lines.Join(lines.Take(count)));
        return 0;
    }

    public static async ValueTask<int> FactorAsync(Invocation i)
    {
        IEnumerable<string> words = i.Arguments.Count > 0 ? i.Arguments : (await Lines.ReadAsync(i, "-") ?? "").Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
        int status = 0;
        foreach (string word in words)
        {
            string plain = word.Trim().TrimStart('+').TrimStart('0') is { Length: > 0 } digits ? digits : "0";
            if (!word.Trim().TrimStart('+').All(char.IsAsciiDigit) || !ulong.TryParse(plain, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
            {
                status = await i.FailAsync($"‘{word}’ is not a valid positive integer");
                continue;
            }

            i.State.Budget.Charge(100);
            await i.PrintAsync($"{plain}:{string.Concat(Primes.Of(number).Select(prime => " " + prime.ToString(CultureInfo.InvariantCulture)))}\n");
        }

        return status;
    }
}
