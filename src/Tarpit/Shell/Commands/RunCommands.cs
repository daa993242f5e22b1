using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that run others.</summary>
internal static class RunCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["scp"] = CopyCommand.RunAsync,
        ["bash"] = ShellAsync,
        ["sh"] = ShellAsync,
        ["dash"] = ShellAsync,
        ["nohup"] = NohupAsync,
        ["env"] = EnvironmentAsync,
        ["printenv"] = EnvironmentAsync,
        ["xargs"] = ArgumentsAsync,
        ["timeout"] = i => RunAsync(i, [.. i.Arguments.SkipWhile(a => a.StartsWith('-')).Skip(1)]),
        ["nice"] = i => RunAsync(i, [.. i.OperandsWithout("n")]),
        ["setsid"] = i => RunAsync(i, [.. i.Arguments.SkipWhile(a => a.StartsWith('-'))]),
        ["time"] = i => RunAsync(i, i.Arguments),
        ["sleep"] = SleepAsync,
        ["expr"] = ExpressionAsync,
    };

    private static async ValueTask<int> RunAsync(Invocation i, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            return 0;
        }

        if (++i.State.Depth > 60)
        {
            i.State.Depth--;
            return 1;
        }

        await i.Interpreter.CallAsync(words, i.Streams, i.Cancellation);
        i.State.Depth--;
        return i.State.Status;
    }

    private static async ValueTask<int> ShellAsync(Invocation i)
    {
        if (i.State.Depth > 50)
        {
            return 1;
        }

        ShellState copy = i.State.Copy();
        copy.Depth += 2;
        copy.Name = i.Name;
        Interpreter inner = new(copy, i.Streams);
        int at = i.Arguments.ToList().FindIndex(a => a is ['-', ..] && a.Contains('c', StringComparison.Ordinal) && !a.StartsWith("--", StringComparison.Ordinal));
        if (at >= 0 && at + 1 < i.Arguments.Count)
        {
            copy.Arguments = [.. i.Arguments.Skip(at + 3)];
            copy.Name = at + 2 < i.Arguments.Count ? i.Arguments[at + 2] : copy.Name;
            await inner.RunTextAsync(i.Arguments[at + 1], i.Cancellation);
            return copy.Status;
        }

        if (i.Has('\0', "version"))
        {
            return await SystemCommands.PrintAsync(i, "GNU bash, version 5.2.21(1)-release (x86_64-pc-linux-gnu)\nCopyright (C) 2022 Free Software Foundation, Inc.\n");
        }

        if (i.Operands.Count > 0)
        {
            FileError error = i.Read(i.Operands[0], out byte[] script);
            if (error != FileError.None)
            {
                await i.Streams.Error.WriteAsync($"{i.Name}: {i.Operands[0]}: {error.Text()}\n", i.Cancellation);
                return 127;
            }

            await inner.RunFileAsync(script, i with { Name = i.Operands[0], Arguments = [.. i.Operands.Skip(1)], State = copy });
            return copy.Status;
        }

        if (i.State.Io.Terminal is not null && ReferenceEquals(i.Streams.Input, i.Interpreter.Streams.Input))
        {
            return await i.State.Visit.NestedShellAsync(copy, i.Cancellation);
        }

        string text = Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation));
        await inner.RunTextAsync(text, i.Cancellation);
        return copy.Status;
    }

    private static async ValueTask<int> NohupAsync(Invocation i)
    {
        if (i.Arguments.Count == 0)
        {
            return await i.FailAsync("missing operand\nTry 'nohup --help' for more information.", 125);
        }

        if (i.State.Io.Terminal is not null)
        {
            await i.Streams.Error.WriteAsync("nohup: ignoring input and appending output to 'nohup.out'\n", i.Cancellation);
        }

        return await RunAsync(i, i.Arguments);
    }

    private static async ValueTask<int> EnvironmentAsync(Invocation i)
    {
        string[] words = [.. i.Arguments.SkipWhile(a => a.StartsWith('-') || a.Contains('=', StringComparison.Ordinal))];
        if (i.Name is "env" && words.Length > 0)
        {
            return await RunAsync(i, words);
        }

        if (i.Name is "printenv" && words.Length > 0)
        {
            await i.PrintAsync(i.State.Exported.Contains(words[0]) ? i.State.Get(words[0]) + "\n" : "");
            return i.State.Exported.Contains(words[0]) ? 0 : 1;
        }

        await i.PrintAsync(string.Concat(i.State.Exported.Select(name => $"{name}={(name is "PWD" ? i.State.Folder : i.State.Get(name))}\n")));
        return 0;
    }

    private static async ValueTask<int> ArgumentsAsync(Invocation i)
    {
        List<string> words = [.. i.Arguments.SkipWhile((a, n) => a.StartsWith('-') || (n > 0 && i.Arguments[n - 1] is "-n" or "-I" or "-P"))];
        words = words.Count == 0 ? ["echo"] : words;
        string text = Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation));
        string[] given = i.Value('I') is not null ? TextCommands.Lines(text) : text.Split([' ', '\n', '\t', '\0'], StringSplitOptions.RemoveEmptyEntries);
        int each = i.Value('I') is not null ? 1 : i.Value('n') is { } n && int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0 ? count : Math.Max(1, given.Length);
        int status = 0;
        foreach (string[] part in given.Chunk(each))
        {
            await i.State.Budget.StepAsync(i.Cancellation);
            status |= await RunAsync(i, i.Value('I') is { } place ? [.. words.Select(word => word.Replace(place, part[0], StringComparison.Ordinal))] : [.. words, .. part]);
        }

        return status == 0 ? 0 : 123;
    }

    private static async ValueTask<int> SleepAsync(Invocation i)
    {
        if (i.Arguments.Count == 0 || !double.TryParse(i.Arguments[0].TrimEnd('s', 'm', 'h', 'd'), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) || seconds < 0)
        {
            return await i.FailAsync(i.Arguments.Count == 0 ? "missing operand\nTry 'sleep --help' for more information." : $"invalid time interval '{i.Arguments[0]}'\nTry 'sleep --help' for more information.");
        }

        seconds *= i.Arguments[0][^1] switch { 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 1 };
        await Task.Delay(TimeSpan.FromSeconds(Math.Min(seconds, 86_400)), i.Machine.Time, i.Cancellation);
        return 0;
    }

    private static async ValueTask<int> ExpressionAsync(Invocation i)
    {
        if (i.Arguments is [var left, ":", var pattern])
        {
            var match = Patterns.Compile("^" + Patterns.FromBasic(pattern), ignoreCase: false)?.Match(left);
            await i.PrintAsync((match is { Success: true } ? match.Groups.Count > 1 ? match.Groups[1].Value : match.Length.ToString(CultureInfo.InvariantCulture) : "0") + "\n");
            return match is { Success: true } ? 0 : 1;
        }

        long value = Calculator.Evaluate(string.Join(' ', i.Arguments), i.State);
        await i.PrintAsync(value.ToString(CultureInfo.InvariantCulture) + "\n");
        return value == 0 ? 1 : 0;
    }
}
