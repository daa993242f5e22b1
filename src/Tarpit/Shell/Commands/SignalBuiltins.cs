using System.Globalization;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>kill and trap.</summary>
internal static class SignalBuiltins
{
    public static async ValueTask<int> TrapAsync(Invocation i)
    {
        IReadOnlyList<string> words = [.. i.Arguments.SkipWhile(argument => argument is "--")];
        if (words.Count == 0 || words[0] is "-p" or "-l")
        {
            await i.PrintAsync(i.State.ExitTrap is { } set ? $"trap -- {Quoting.Of(set)} EXIT\n" : "");
        }
        else if (words.Skip(1).Any(signal => signal is "EXIT" or "0"))
        {
            i.State.ExitTrap = words[0] is "-" ? null : words[0];
        }

        return 0;
    }

    public static async ValueTask<int> KillAsync(Invocation i)
    {
        if (i.Has('l'))
        {
            await i.PrintAsync(" 1) SIGHUP\t 2) SIGINT\t 3) SIGQUIT\t 4) SIGILL\t 5) SIGTRAP\n 6) SIGABRT\t 7) SIGBUS\t 8) SIGFPE\t 9) SIGKILL\t10) SIGUSR1\n11) SIGSEGV\t12) SIGUSR2\t13) SIGPIPE\t14) SIGALRM\t15) SIGTERM\n");
            return 0;
        }

        int status = 0;
        foreach (string operand in i.Operands)
        {
            if (!int.TryParse(operand, NumberStyles.None, CultureInfo.InvariantCulture, out int process))
            {
                status = await Builtin.ShellErrorAsync(i, $"{operand}: arguments must be process or job IDs");
            }
            else if (Processes.List(i.State.Visit).FirstOrDefault(p => p.Id == process) is not { } target)
            {
                status = await Builtin.ShellErrorAsync(i, $"({operand}) - No such process");
            }
            else if (!SignalTargets.TrySend(i, target, isFatal: i.Arguments[0] is not ("-0" or "-CONT" or "-WINCH" or "-STOP")))
            {
                status = await Builtin.ShellErrorAsync(i, $"({operand}) - Operation not permitted");
            }
        }

        return status;
    }
}
