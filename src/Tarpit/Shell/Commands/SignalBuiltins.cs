using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>kill and trap.</summary>
internal static class SignalBuiltins
{
    public static async ValueTask<int> TrapAsync(Invocation i)
    {
        List<string> words = [.. i.Arguments];
        bool prints = false;
        while (words is [['-', _, ..] option, ..] && option is "-p" or "-l" or "--")
        {
            words.RemoveAt(0);
            if (option is "-l")
            {
                await i.PrintAsync(List());
                return 0;
            }

            prints |= option is "-p";
        }

        if (words is [['-', not '-', ..] wrong, ..] && wrong.Length > 1)
        {
            return await Builtin.InvalidOptionAsync(i, wrong[..2], "trap [-lp] [[arg] signal_spec ...]");
        }

        if (prints || words.Count == 0)
        {
            if (words.Find(word => Traps.Parse(word) is null) is { } unknown)
            {
                return await Builtin.ShellErrorAsync(i, $"{unknown}: invalid signal specification");
            }

            HashSet<int> wanted = [.. words.Select(Traps.Parse).OfType<int>()];
            await i.PrintAsync(string.Concat(i.State.Traps.All.Where(pair => words.Count == 0 || wanted.Contains(pair.Key)).Select(pair => $"trap -- {Quoting.Single(pair.Value)} {Traps.Name(pair.Key)}\n")));
            return 0;
        }

        if (words.Count == 1 && Traps.Parse(words[0]) is null)
        {
            await i.Streams.Error.WriteAsync("trap: usage: trap [-lp] [[arg] signal_spec ...]\n", i.Cancellation);
            return 2;
        }

        // One word alone, or a number first: these are put back.
        bool resets = words.Count == 1 || words[0] is "-" || (words[0].Length > 0 && words[0].All(char.IsAsciiDigit));
        int status = 0;
        foreach (string name in words[0] is not "-" && resets ? words : words.Skip(1))
        {
            if (Traps.Parse(name) is { } signal)
            {
                i.State.Reserve(words[0].Length);
                i.State.Traps.Set(signal, resets ? null : words[0]);
            }
            else
            {
                status = await Builtin.ShellErrorAsync(i, $"{name}: invalid signal specification");
            }
        }

        return status;
    }

    public static async ValueTask<int> KillAsync(Invocation i)
    {
        List<string> words = [.. i.Arguments];
        int signal = 15;
        if (words is ["-l" or "-L", ..])
        {
            return await ListAsync(i, words[1..]);
        }

        if (words is ["-s" or "-n", var named, ..])
        {
            words.RemoveRange(0, 2);
            if (Traps.Parse(named) is not { } known)
            {
                return await Builtin.ShellErrorAsync(i, $"{named}: invalid signal specification");
            }

            signal = known;
        }
        else if (words is [['-', _, ..] option, ..] && option is not "--")
        {
            words.RemoveAt(0);
            if (Traps.Parse(option[1..]) is not { } known)
            {
                return await Builtin.ShellErrorAsync(i, $"{option[1..]}: invalid signal specification");
            }

            signal = known;
        }

        words.Remove("--");
        if (words.Count == 0)
        {
            await i.Streams.Error.WriteAsync("kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n", i.Cancellation);
            return 2;
        }

        int status = 0, sent = 0;
        foreach (string word in words)
        {
            int one = await SendAsync(i, word, signal);
            status = one == 0 ? status : one;
            sent += one == 0 ? 1 : 0;
        }

        return sent > 0 ? 0 : status;
    }

    private static async ValueTask<int> SendAsync(Invocation i, string word, int signal)
    {
        ShellState state = i.State;
        if (state.Jobs.Find(word) is { } job)
        {
            if (job.IsDone)
            {
                return word.StartsWith('%') ? await Builtin.ShellErrorAsync(i, $"{word}: no such job") : await Builtin.ShellErrorAsync(i, $"({word}) - No such process");
            }

            await SendAsync(state, job, signal, i);
            return 0;
        }

        if (word.StartsWith('%'))
        {
            return await Builtin.ShellErrorAsync(i, $"{word}: no such job");
        }

        if (!int.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int process))
        {
            return await Builtin.ShellErrorAsync(i, $"{word}: arguments must be process or job IDs");
        }

        bool isRoot = process == state.Root.Process || process == 0, isItself = process == state.OwnProcess;
        if (isRoot || isItself)
        {
            // A shell that waits for a subshell ignores ^C if that goes on.
            ShellState target = isItself ? state : state.Root;
            bool isIgnored = signal == 2 && !ReferenceEquals(target, state) && target.Traps.Get(2) is null;
            if (!isIgnored && (isItself || !state.Budget.Shells.TrySend(target.Process, signal)) && (signal == Traps.Kill || !target.Traps.TryReceive(signal)))
            {
                target.Traps.Receive(signal);
            }

            return 0;
        }

        if (state.Budget.Shells.TrySend(process, signal))
        {
            return 0;
        }

        for (ShellState? around = state.Parent; around is not null; around = around.Parent)
        {
            // A subshell that waits for this one.
            if (around.OwnProcess == process)
            {
                if (signal == Traps.Kill || !around.Traps.TryReceive(signal))
                {
                    around.Traps.Receive(signal);
                }

                return 0;
            }
        }

        if (state.Visit.Memory.Processes.All.FirstOrDefault(p => p.Id == process) is not { } running)
        {
            return await Builtin.ShellErrorAsync(i, $"({word}) - No such process");
        }

        return SignalTargets.TrySend(i, running, isFatal: !Traps.IsHarmless(signal)) ? 0 : await Builtin.ShellErrorAsync(i, $"({word}) - Operation not permitted");
    }

    private static async ValueTask SendAsync(ShellState state, Job job, int signal, Invocation i)
    {
        if (signal is 19 or 20)
        {
            job.Stop(signal);
            state.Visit.Memory.Processes.Stop(job.Process, isStopped: true);
        }
        else if (signal == 18)
        {
            job.Continue(inForeground: false);
            state.Visit.Memory.Processes.Stop(job.Process, isStopped: false);
        }
        else if (signal is not (0 or 17 or 23 or 28))
        {
            if (job.IsStopped && state.IsInteractive && i.State.Subshells == 0)
            {
                // bash tells what it knew of it.
                await i.Streams.Error.WriteAsync("\n" + JobBuiltins.Line(state.Jobs, job, isLong: false, state.IsDash), i.Cancellation);
            }

            if (!state.Budget.Shells.TrySend(job.Process, signal))
            {
                job.Kill(signal);
            }
        }
    }

    private static async ValueTask<int> ListAsync(Invocation i, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            await i.PrintAsync(List());
            return 0;
        }

        int status = 0;
        foreach (string word in words)
        {
            bool isNumber = int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            if (Traps.Parse(isNumber ? (number > 128 ? number - 128 : number).ToString(CultureInfo.InvariantCulture) : word) is { } signal)
            {
                string name = Traps.Name(signal);
                await i.PrintAsync((isNumber ? name.StartsWith("SIG", StringComparison.Ordinal) ? name[3..] : name : signal.ToString(CultureInfo.InvariantCulture)) + "\n");
            }
            else
            {
                status = await Builtin.ShellErrorAsync(i, $"{word}: invalid signal specification");
            }
        }

        return status;
    }

    private static string List()
    {
        StringBuilder text = new();
        int column = 0;
        for (int signal = 1; signal < 65; signal++)
        {
            if (signal is 32 or 33)
            {
                continue;
            }

            string name = signal < 32 ? "SIG" + Traps.Signals[signal] : signal == 34 ? "SIGRTMIN" : signal == 64 ? "SIGRTMAX" : signal < 50 ? $"SIGRTMIN+{signal - 34}" : $"SIGRTMAX-{64 - signal}";
            text.Append(CultureInfo.InvariantCulture, $"{signal,2}) {name}");
            text.Append(++column % 5 == 0 ? "\n" : signal == 64 ? "\t\n" : "\t");
        }

        return text.ToString();
    }
}
