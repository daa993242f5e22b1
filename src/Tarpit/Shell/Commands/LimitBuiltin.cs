using System.Globalization;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>ulimit: limits of the shell and of what it starts. They are told again, and limit nothing.</summary>
internal static class LimitBuiltin
{
    private static readonly (char Letter, string Name, string Unit, string Soft, string Hard)[] s_all =
    [
        ('R', "real-time non-blocking time", "microseconds, -", "unlimited", "unlimited"), ('c', "core file size", "blocks, -", "0", "unlimited"), ('d', "data seg size", "kbytes, -", "unlimited", "unlimited"), ('e', "scheduling priority", "-", "0", "0"), ('f', "file size", "blocks, -", "unlimited", "unlimited"),
        ('i', "pending signals", "-", "", ""), ('l', "max locked memory", "kbytes, -", "", ""), ('m', "max memory size", "kbytes, -", "unlimited", "unlimited"), ('n', "open files", "-", "1024", "1048576"), ('p', "pipe size", "512 bytes, -", "8", "8"), ('q', "POSIX message queues", "bytes, -", "819200", "819200"),
        ('r', "real-time priority", "-", "0", "0"), ('s', "stack size", "kbytes, -", "8192", "unlimited"), ('t', "cpu time", "seconds, -", "unlimited", "unlimited"), ('u', "max user processes", "-", "", ""), ('v', "virtual memory", "kbytes, -", "unlimited", "unlimited"), ('x', "file locks", "-", "unlimited", "unlimited"),
    ];

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        bool soft = false, hard = false, all = false;
        List<(char Letter, string? Value)> asked = [];
        for (int at = 0; at < i.Arguments.Count; at++)
        {
            string argument = i.Arguments[at];
            if (argument is not ['-', _, ..] || argument is "--")
            {
                asked = asked.Count == 0 ? [('f', argument)] : [.. asked.SkipLast(1), (asked[^1].Letter, argument)];
                continue;
            }

            foreach (char letter in argument.Skip(1))
            {
                (soft, hard, all) = (soft || letter == 'S', hard || letter == 'H', all || letter == 'a');
                if (letter is 'S' or 'H' or 'a')
                {
                    continue;
                }

                if (!s_all.Any(limit => limit.Letter == letter))
                {
                    await Builtin.ShellErrorAsync(i, $"-{letter}: invalid option", 2);
                    await i.Streams.Error.WriteAsync("ulimit: usage: ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]\n", i.Cancellation);
                    return 2;
                }

                asked.Add((letter, null));
            }
        }

        if (all)
        {
            await i.PrintAsync(string.Concat(s_all.Select(limit => $"{limit.Name,-28}{$"({limit.Unit}{limit.Letter})",16} {Value(i, limit.Letter, hard)}\n")));
            return 0;
        }

        asked = asked.Count == 0 ? [('f', null)] : asked;
        int status = 0;
        foreach ((char letter, string? value) in asked)
        {
            if (value is null)
            {
                (_, string name, string unit, _, _) = s_all.First(limit => limit.Letter == letter);
                await i.PrintAsync((asked.Count > 1 ? $"{name,-28}{$"({unit}{letter})",16} " : "") + Value(i, letter, hard) + "\n");
            }
            else
            {
                status = await SetAsync(i, letter, value, soft || !hard, hard || !soft);
            }
        }

        return status;
    }

    private static string Value(Invocation i, char letter, bool isHard)
    {
        if (i.State.Limits.TryGetValue(letter, out (string Soft, string Hard) set))
        {
            return isHard ? set.Hard : set.Soft;
        }

        (_, _, _, string soft, string hard) = s_all.First(limit => limit.Letter == letter);
        string own = letter is 'l' ? (i.Machine.MemoryKilobytes / 8).ToString(CultureInfo.InvariantCulture) : (i.Machine.MemoryKilobytes / 260).ToString(CultureInfo.InvariantCulture);
        return (isHard ? hard : soft) is { Length: > 0 } known ? known : own;
    }

    private static async ValueTask<int> SetAsync(Invocation i, char letter, string value, bool soft, bool hard)
    {
        string name = s_all.First(limit => limit.Letter == letter).Name, highest = Value(i, letter, isHard: true);
        value = value switch { "hard" => highest, "soft" => Value(i, letter, isHard: false), _ => value };
        if (value is not "unlimited" && !(value.Length is > 0 and < 19 && value.All(char.IsAsciiDigit)))
        {
            return await Builtin.ShellErrorAsync(i, $"{value}: invalid number");
        }

        bool isAbove = highest is not "unlimited" && (value is "unlimited" || long.Parse(value, CultureInfo.InvariantCulture) > long.Parse(highest, CultureInfo.InvariantCulture));
        const long mostFiles = 1_048_576;
        if (letter is 'p' || (isAbove && i.State.Visit.UserId != 0) || (letter is 'n' && (value is "unlimited" || long.Parse(value, CultureInfo.InvariantCulture) > mostFiles)))
        {
            return await Builtin.ShellErrorAsync(i, $"{name}: cannot modify limit: {(letter is 'p' ? "Invalid argument" : "Operation not permitted")}");
        }

        i.State.Limits[letter] = (soft ? value : Value(i, letter, isHard: false), hard ? value : highest);
        return 0;
    }
}
