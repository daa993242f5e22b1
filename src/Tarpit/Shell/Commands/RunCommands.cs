using System.Globalization;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that run others.</summary>
internal static class RunCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["scp"] = CopyCommand.RunAsync,
        ["bash"] = ShellCommand.RunAsync,
        ["sh"] = ShellCommand.RunAsync,
        ["dash"] = ShellCommand.RunAsync,
        ["nohup"] = NohupAsync,
        ["env"] = EnvironmentCommand.RunAsync,
        ["printenv"] = EnvironmentCommand.RunAsync,
        ["xargs"] = XargsCommand.RunAsync,
        ["timeout"] = TimeoutAsync,
        ["nice"] = NiceAsync,
        ["setsid"] = i => BeforeAsync(i, "cfw", 0),
        ["stdbuf"] = i => BeforeAsync(i, "i:o:e:", 0),
        ["ionice"] = i => i.Arguments.Count == 0 ? SystemCommands.PrintAsync(i, "none: prio 4\n") : BeforeAsync(i, "c:n:p:P:tu:", 0),
        ["chrt"] = i => BeforeAsync(i, "abdfhimoprvRT:P:D:", 1),
        ["taskset"] = TasksetAsync,
        ["setarch"] = i => BeforeAsync(i, "BFILRSTXZ3v", 1),
        ["x86_64"] = i => BeforeAsync(i, "BFILRSTXZ3v", 0),
        ["i386"] = i => BeforeAsync(i, "BFILRSTXZ3v", 0),
        ["linux32"] = i => BeforeAsync(i, "BFILRSTXZ3v", 0),
        ["nologin"] = i => SystemCommands.PrintAsync(i, "This account is currently not available.\n", 1),
        ["linux64"] = i => BeforeAsync(i, "BFILRSTXZ3v", 0),
        ["time"] = i => RunAsync(i, i.Arguments),
        ["sleep"] = SleepAsync,
        ["getopt"] = GetoptCommand.RunAsync,
        ["expr"] = ExprCommand.RunAsync,
    };

    /// <summary>Runs a program in the place of this one; what cannot be found is told in the words of this one.</summary>
    public static async ValueTask<int> RunAsync(Invocation i, IReadOnlyList<string> words, string failure = "failed to run command ‘{0}’")
    {
        if (words.Count == 0)
        {
            return 0;
        }

        bool isMissing = words[0].Contains('/', StringComparison.Ordinal) ? i.Files.Find(i.State.Path(words[0])) is null : i.Interpreter.FindProgram(words[0]) is null;
        if (isMissing)
        {
            return await i.FailAsync($"{failure.Replace("{0}", words[0], StringComparison.Ordinal)}: No such file or directory", 127);
        }

        ShellState place = i.State.CopyForProgram();
        place.IsReplaced = true;
        return await new Interpreter(place, i.Streams).CallProgramAsync(words[0], [.. words.Skip(1)], i.Streams, i.Cancellation);
    }

    // Options, words that are its own, and the command.
    private static async ValueTask<int> BeforeAsync(Invocation i, string letters, int own)
    {
        OptionParsing options = new(i.Arguments, letters, new Dictionary<string, char>(StringComparer.Ordinal));
        string[] words = [.. options.Operands.Skip(own)];
        return words.Length > 0 ? await RunAsync(i, words, i.Name is "stdbuf" ? "failed to run command ‘{0}’" : "failed to execute {0}")
            : i.Name is "setsid" ? await i.FailAsync("no command specified\nTry 'setsid --help' for more information.")
            : i.Name is "stdbuf" ? await i.FailAsync("missing operand\nTry 'stdbuf --help' for more information.", 125)
            : i.Name is "chrt" ? await i.FailAsync("bad usage\nTry 'chrt --help' for more information.") : 0;
    }

    private static async ValueTask<int> NiceAsync(Invocation i)
    {
        List<string> words = [.. i.Arguments];
        bool isChanged = false;
        while (words is [['-', not '-', ..], ..] or [['-', '-', _, ..], ..])
        {
            string option = words[0];
            words.RemoveAt(0);
            isChanged = true;
            string? value = option is "-n" or "--adjustment" ? words.FirstOrDefault() : option.StartsWith("-n", StringComparison.Ordinal) ? option[2..] : option.StartsWith("--adjustment=", StringComparison.Ordinal) ? option[13..] : option[1..];
            if (option is "-n" or "--adjustment" && words.Count > 0)
            {
                words.RemoveAt(0);
            }

            if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            {
                return await i.FailAsync(value is null ? "option requires an argument -- 'n'\nTry 'nice --help' for more information." : option.StartsWith("-n", StringComparison.Ordinal) || option.StartsWith("--adj", StringComparison.Ordinal) ? $"invalid adjustment ‘{value}’" : $"invalid option -- '{option[1]}'\nTry 'nice --help' for more information.", 125);
            }
        }

        return words.Count > 0 ? await RunAsync(i, words, "‘{0}’")
            : isChanged ? await i.FailAsync("a command must be given with an adjustment\nTry 'nice --help' for more information.", 125) : await SystemCommands.PrintAsync(i, "0\n");
    }

    // taskset MASK COMMAND, taskset -c LIST COMMAND, taskset -p PID.
    private static async ValueTask<int> TasksetAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "acp", new Dictionary<string, char>(StringComparer.Ordinal) { ["pid"] = 'p', ["cpu-list"] = 'c', ["all-tasks"] = 'a' });
        if (!options.Has('p'))
        {
            return options.Operands.Count > 1 ? await RunAsync(i, [.. options.Operands.Skip(1)], "failed to execute {0}") : await i.FailAsync("bad usage\nTry 'taskset --help' for more information.");
        }

        string id = options.Operands.LastOrDefault("");
        int processors = i.Machine.ProcessorCount;
        string mask = options.Has('c') ? processors == 1 ? "0" : $"0-{processors - 1}" : ((1L << processors) - 1).ToString("x", CultureInfo.InvariantCulture), kind = options.Has('c') ? "list" : "mask";
        if (!int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number < 1)
        {
            return await i.FailAsync($"invalid PID argument: '{id}'");
        }

        if (i.State.Visit.Memory.Processes.Find(number) is null)
        {
            return await i.FailAsync($"failed to get pid {id}'s affinity: No such process");
        }

        string text = $"pid {id}'s current affinity {kind}: {mask}\n";
        return await SystemCommands.PrintAsync(i, options.Operands.Count > 1 ? text + $"pid {id}'s new affinity {kind}: {options.Operands[0]}\n" : text);
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

        return await RunAsync(i, i.Arguments, "failed to run command '{0}'");
    }

    private static async ValueTask<int> TimeoutAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "k:s:vp", new Dictionary<string, char>(StringComparer.Ordinal) { ["kill-after"] = 'k', ["signal"] = 's', ["preserve-status"] = 'p', ["foreground"] = 'v', ["verbose"] = 'v' });
        if (options.Error is not null || options.Operands.Count < 2)
        {
            await i.Streams.Error.WriteAsync("Try 'timeout --help' for more information.\n", i.Cancellation);
            return 125;
        }

        if (options.Value('s') is { } signal && !IsSignal(signal))
        {
            return await i.FailAsync(Characters.ToBytes($"‘{signal}’: invalid signal\nTry 'timeout --help' for more information."), 125);
        }

        string text = options.Operands[0];
        if (!double.TryParse(text.TrimEnd('s', 'm', 'h', 'd'), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) || seconds < 0)
        {
            return await i.FailAsync(Characters.ToBytes($"invalid time interval ‘{text}’\nTry 'timeout --help' for more information."), 125);
        }

        seconds = Math.Min(seconds * (text[^1] switch { 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 1 }), 86_400);
        if (seconds == 0)
        {
            return await RunAsync(i, [.. options.Operands.Skip(1)]);
        }

        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(seconds), i.Machine.Time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, i.Cancellation);
        try
        {
            return await RunAsync(i with { Cancellation = either.Token }, [.. options.Operands.Skip(1)]);
        }
        catch (OperationCanceledException) when (!i.Cancellation.IsCancellationRequested)
        {
            return options.Value('s') is "KILL" or "SIGKILL" or "9" ? 137 : options.Has('p') ? 143 : 124;
        }
    }

    private static bool IsSignal(string text)
    {
        string name = text.ToUpperInvariant();
        name = name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name;
        return int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number <= 64
            : name is "HUP" or "INT" or "QUIT" or "ILL" or "TRAP" or "ABRT" or "BUS" or "FPE" or "KILL" or "USR1" or "SEGV" or "USR2" or "PIPE" or "ALRM" or "TERM" or "STKFLT" or "CHLD" or "CONT" or "STOP" or "TSTP" or "TTIN" or "TTOU" or "URG" or "XCPU" or "XFSZ" or "VTALRM" or "PROF" or "WINCH" or "IO" or "PWR" or "SYS" or "EXIT";
    }

    private static async ValueTask<int> SleepAsync(Invocation i)
    {
        const double longest = 86_400;
        if (i.Arguments.Count == 0)
        {
            return await i.FailAsync("missing operand\nTry 'sleep --help' for more information.");
        }

        double seconds = 0;
        bool isWrong = false;
        foreach (string text in i.Arguments)
        {
            string number = text.Length > 1 && text[^1] is 's' or 'm' or 'h' or 'd' ? text[..^1] : text;
            if (!double.TryParse(number is "infinity" or "inf" ? "86400" : number, NumberStyles.Float, CultureInfo.InvariantCulture, out double part) || part < 0)
            {
                isWrong = true;
                await i.FailAsync($"invalid time interval ‘{text}’");
                continue;
            }

            seconds += part * (text[^1] switch { 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 1 });
        }

        if (isWrong)
        {
            await i.Streams.Error.WriteAsync("Try 'sleep --help' for more information.\n", i.Cancellation);
            return 1;
        }

        await i.State.Turns.OutsideAsync(() => i.Machine.SleepAsync(TimeSpan.FromSeconds(Math.Min(seconds, longest)), i.Cancellation));
        return 0;
    }
}
