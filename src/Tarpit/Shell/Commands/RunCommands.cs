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
        ["nice"] = i => RunAsync(i, [.. i.OperandsWithout("n")]),
        ["setsid"] = i => RunAsync(i, [.. i.Arguments.SkipWhile(a => a.StartsWith('-'))]),
        ["time"] = i => RunAsync(i, i.Arguments),
        ["sleep"] = SleepAsync,
        ["expr"] = ExprCommand.RunAsync,
    };

    private static async ValueTask<int> RunAsync(Invocation i, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            return 0;
        }

        if (!words[0].Contains('/', StringComparison.Ordinal) && i.Interpreter.FindProgram(words[0]) is null)
        {
            await i.Streams.Error.WriteAsync(Characters.ToBytes($"{i.Name}: failed to run command ‘{words[0]}’: No such file or directory\n"), i.Cancellation);
            return 127;
        }

        return await new Interpreter(i.State.CopyForProgram(), i.Streams).CallProgramAsync(words[0], [.. words.Skip(1)], i.Streams, i.Cancellation);
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

    private static async ValueTask<int> TimeoutAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "k:s:vp", new Dictionary<string, char>(StringComparer.Ordinal) { ["kill-after"] = 'k', ["signal"] = 's', ["preserve-status"] = 'p', ["foreground"] = 'v', ["verbose"] = 'v' });
        if (options.Error is not null || options.Operands.Count < 2)
        {
            return await i.FailAsync("missing operand\nTry 'timeout --help' for more information.", 125);
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
            return options.Has('p') ? 143 : options.Value('s') is "KILL" or "9" ? 137 : 124;
        }
    }

    private static async ValueTask<int> SleepAsync(Invocation i)
    {
        if (i.Arguments.Count == 0 || !double.TryParse(i.Arguments[0].TrimEnd('s', 'm', 'h', 'd'), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) || seconds < 0)
        {
            return await i.FailAsync(i.Arguments.Count == 0 ? "missing operand\nTry 'sleep --help' for more information." : $"invalid time interval '{i.Arguments[0]}'\nTry 'sleep --help' for more information.");
        }

        seconds *= i.Arguments[0][^1] switch { 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 1 };
        await i.State.Turns.OutsideAsync(() => Task.Delay(TimeSpan.FromSeconds(Math.Min(seconds, 86_400)), i.Machine.Time, i.Cancellation));
        return 0;
    }
}
