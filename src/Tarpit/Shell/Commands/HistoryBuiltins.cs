using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Prompting;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>history and fc.</summary>
internal static class HistoryBuiltins
{
    private const string Usage = "history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]";
    private const string FixUsage = "fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]";

    public static async ValueTask<int> HistoryAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "cd:anrwps");
        if (options.Error is { } error)
        {
            return await Builtin.InvalidOptionAsync(i, error, Usage);
        }

        CommandHistory history = i.State.History;
        if (options.Has('c'))
        {
            history.Clear();
        }

        if (options.Value('d') is { } place)
        {
            return await DeleteAsync(i, history, place);
        }

        if (options.Has('s') || options.Has('p'))
        {
            // The line that says so is not kept.
            RemoveLast(i);
            if (options.Has('s'))
            {
                history.Add(string.Join(' ', options.Operands));
                return 0;
            }

            return await ShowExpandedAsync(i, history, options.Operands);
        }

        if (options.Has('a') || options.Has('w') || options.Has('r') || options.Has('n'))
        {
            HistoryFile file = new(i.State);
            string name = options.Operands.Count > 0 ? options.Operands[0] : i.State.Get("HISTFILE");
            bool isDone = options.Has('a') || options.Has('w') ? file.TryWrite(name, appends: options.Has('a')) : file.TryRead(name, newOnly: options.Has('n'));
            return isDone || options.Has('a') ? 0 : await Builtin.ShellErrorAsync(i, $"{name}: cannot {(options.Has('w') ? "create" : "open")}: No such file or directory");
        }

        if (options.Has('c'))
        {
            return 0;
        }

        int count = int.MaxValue;
        if (options.Operands.Count > 0 && !int.TryParse(options.Operands[0].TrimStart('-'), NumberStyles.None, CultureInfo.InvariantCulture, out count))
        {
            return await Builtin.ShellErrorAsync(i, $"{options.Operands[0]}: numeric argument required");
        }

        StringBuilder text = new();
        string? format = i.State.Find("HISTTIMEFORMAT");
        for (int n = Math.Max(0, history.Count - count); n < history.Count; n++)
        {
            // When a line was typed is not kept: those of a file have none either.
            string when = string.IsNullOrEmpty(format) ? "" : Dates.Format(format, i.State.Visit.Since);
            text.Append(CultureInfo.InvariantCulture, $"{history.First + n,5}  {when}{history[n]}\n");
        }

        await i.PrintAsync(text.ToString());
        return 0;
    }

    public static async ValueTask<int> FixAsync(Invocation i)
    {
        string[] arguments = [.. i.Arguments];
        int at = 0;
        bool lists = false, plain = false, reverses = false, again = false;
        for (; at < arguments.Length && arguments[at] is ['-', not (>= '0' and <= '9'), ..]; at++)
        {
            if (arguments[at] is "--")
            {
                at++;
                break;
            }

            string letters = arguments[at][1..];
            if (letters.FirstOrDefault(letter => !"elnrs".Contains(letter, StringComparison.Ordinal)) is not '\0' and var wrong)
            {
                return await Builtin.InvalidOptionAsync(i, $"-{wrong}", FixUsage);
            }

            (lists, plain, reverses, again) = (lists || letters.Contains('l', StringComparison.Ordinal), plain || letters.Contains('n', StringComparison.Ordinal), reverses || letters.Contains('r', StringComparison.Ordinal), again || letters.Contains('s', StringComparison.Ordinal));
            if (letters.EndsWith('e'))
            {
                again |= at + 1 < arguments.Length && arguments[at + 1] is "-";
                at++;
            }
        }

        string[] operands = arguments[Math.Min(at, arguments.Length)..];
        CommandHistory history = i.State.History;
        int last = history.Count - (i.State.IsInteractive ? 2 : 1);
        if (last < 0)
        {
            return lists ? 0 : await Builtin.ShellErrorAsync(i, "no command found");
        }

        if (again)
        {
            return await AgainAsync(i, history, operands, last);
        }

        int? from = operands.Length > 0 ? Find(history, operands[0], last) : lists ? Math.Max(0, last - 15) : last;
        int? to = operands.Length > 1 ? Find(history, operands[1], last) : lists ? last : from;
        if (from is not { } first || to is not { } end)
        {
            return await Builtin.ShellErrorAsync(i, "history specification out of range");
        }

        IEnumerable<int> range = first <= end ? Enumerable.Range(first, end - first + 1) : Enumerable.Range(end, first - end + 1).Reverse();
        range = reverses ? range.Reverse() : range;
        if (lists)
        {
            await i.PrintAsync(string.Concat(range.Select(n => string.Create(CultureInfo.InvariantCulture, $"{(plain ? "" : history.First + n)}\t {history[n]}\n"))));
            return 0;
        }

        return await EditAsync(i, string.Concat(range.Select(n => history[n] + "\n")));
    }

    private static async ValueTask<int> AgainAsync(Invocation i, CommandHistory history, string[] operands, int last)
    {
        List<(string Old, string New)> changes = [];
        while (operands is [var pair, ..] && pair.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
        {
            changes.Add((pair[..equals], pair[(equals + 1)..]));
            operands = operands[1..];
        }

        if ((operands.Length > 0 ? Find(history, operands[0], last) : last) is not { } found)
        {
            return await Builtin.ShellErrorAsync(i, "no command found");
        }

        string command = changes.Aggregate(history[found], (text, change) => text.Replace(change.Old, change.New, StringComparison.Ordinal));
        return await RunAsync(i, command);
    }

    // The commands in an editor, and what it leaves of them is run.
    private static async ValueTask<int> EditAsync(Invocation i, string commands)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/tmp/bash-fc.{Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(3))}");
        i.Files.Write(path, Encoding.Latin1.GetBytes(commands), i.State.Visit.UserId, i.State.Visit.GroupId, 0x180);
        string editor = i.State.Find("FCEDIT") ?? i.State.Find("EDITOR") ?? "editor";
        await i.Interpreter.CallAsync([editor, path], i.Streams, i.Cancellation);
        i.Files.Read(path, out byte[] content);
        i.Files.Remove(path);
        return await RunAsync(i, Encoding.Latin1.GetString(content).TrimEnd('\n'));
    }

    // It takes the place of fc in the history.
    private static async ValueTask<int> RunAsync(Invocation i, string command)
    {
        await i.Streams.Error.WriteAsync(command + "\n", i.Cancellation);
        RemoveLast(i);
        i.State.History.Add(command);
        await i.Interpreter.RunTextWithAsync(command, null, i.State.Line, i.Streams, i.Cancellation);
        return i.State.Status;
    }

    private static async ValueTask<int> DeleteAsync(Invocation i, CommandHistory history, string place)
    {
        string[] ends = place.Length > 1 && place.IndexOf('-', 1) is > 0 and var dash ? [place[..dash], place[(dash + 1)..]] : [place, place];
        int[] indexes = [.. ends.Select(end => int.TryParse(end, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number < 0 ? history.Count + number : number - history.First : -1)];
        if (indexes[0] < 0 || indexes[0] >= history.Count || indexes[1] < indexes[0] || indexes[1] >= history.Count)
        {
            return await Builtin.ShellErrorAsync(i, $"{place}: history position out of range");
        }

        history.RemoveRange(indexes[0], indexes[1] - indexes[0] + 1);
        return 0;
    }

    private static async ValueTask<int> ShowExpandedAsync(Invocation i, CommandHistory history, IReadOnlyList<string> words)
    {
        foreach (string word in words)
        {
            HistoryExpansion.Result expanded = new HistoryExpansion(history).Expand(word, '\0', i.State.Find("histchars") ?? "!^#", i.State.Has("extglob"));
            if (expanded.IsError)
            {
                return await Builtin.ShellErrorAsync(i, $"{word}: history expansion failed");
            }

            await i.PrintAsync(expanded.Text + "\n");
        }

        return 0;
    }

    private static void RemoveLast(Invocation i)
    {
        if (i.State is { IsInteractive: true, History.Count: > 0 })
        {
            i.State.History.RemoveRange(i.State.History.Count - 1, 1);
        }
    }

    private static int? Find(CommandHistory history, string text, int last)
    {
        int index = -1;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number))
        {
            index = number <= 0 ? last + 1 + number : number - history.First;
        }
        else
        {
            for (int at = last; at >= 0 && index < 0; at--)
            {
                index = history[at].StartsWith(text, StringComparison.Ordinal) ? at : -1;
            }
        }

        return index >= 0 && index <= last ? index : null;
    }
}
