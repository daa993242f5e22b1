using System.Globalization;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>wait, jobs, fg, bg and disown.</summary>
internal static class JobBuiltins
{
    public static async ValueTask<int> WaitAsync(Invocation i)
    {
        ShellState state = i.State;
        bool takesOne = i.Has('n');
        IReadOnlyList<string> operands = i.OperandsWithout("p");
        if (takesOne)
        {
            Job[] candidates = [.. state.Jobs.All.Where(job => !job.IsKnown && (operands.Count == 0 || operands.Any(text => ReferenceEquals(state.Jobs.Find(text), job))))];
            if (candidates.Length == 0)
            {
                return 127;
            }

            if (!Array.Exists(candidates, job => job.IsDone))
            {
                await state.Turns.OutsideAsync(async () => await Task.WhenAny(candidates.Select(job => job.Task).Append(state.Traps.Arrival)).WaitAsync(i.Cancellation));
            }

            if (!Array.Exists(candidates, job => job.IsDone) && state.Traps.Pending.TryPeek(out int came))
            {
                return 128 + came;
            }

            Job first = Array.Find(candidates, job => job.IsDone) ?? candidates[0];
            first.IsKnown = true;
            if (i.Value('p') is { } variable)
            {
                state.Set(variable, first.Process.ToString(CultureInfo.InvariantCulture));
            }

            state.Jobs.Remove(first);
            return first.Status;
        }

        if (operands.Count == 0)
        {
            foreach (Job job in state.Jobs.All.ToArray())
            {
                if (await WaitForAsync(i, job) is { } signal)
                {
                    return signal;
                }

                state.Jobs.Remove(job);
            }

            return 0;
        }

        int status = 0;
        foreach (string operand in operands)
        {
            if (state.Jobs.Find(operand) is { } job)
            {
                if (await WaitForAsync(i, job) is { } signal)
                {
                    return signal;
                }

                status = job.Status;
                state.Jobs.Remove(job);
            }
            else if (state.Jobs.Status(operand) is { } known)
            {
                status = known;
            }
            else
            {
                status = operand.StartsWith('%') ? await Builtin.ShellErrorAsync(i, $"{operand}: no such job", 127)
                    : operand.All(char.IsAsciiDigit) ? await Builtin.ShellErrorAsync(i, $"pid {operand} is not a child of this shell", 127)
                    : await Builtin.ShellErrorAsync(i, $"`{operand}': not a pid or valid job spec");
            }
        }

        return status;
    }

    // Null: it has ended; else the status of a wait that a signal broke off.
    private static async Task<int?> WaitForAsync(Invocation i, Job job)
    {
        ShellState state = i.State;
        if (!job.IsDone)
        {
            await state.Turns.OutsideAsync(() => Task.WhenAny(job.Task, state.Traps.Arrival).WaitAsync(i.Cancellation));
            if (state.Traps.Pending.TryPeek(out int signal))
            {
                return 128 + signal;
            }
        }

        if (job is { IsKnown: false, Signal: not (0 or 2 or 13) } && !state.IsInteractive)
        {
            await i.Streams.Error.WriteAsync(FormattableString.Invariant($"{state.Where}{job.Process,5} {Traps.Describe(job.Signal),-23} {job.Text}\n"), i.Cancellation);
        }

        job.IsKnown = true;
        return null;
    }

    public static async ValueTask<int> ListAsync(Invocation i)
    {
        if (i.Arguments.TakeWhile(argument => argument is ['-', _, ..] and not "--").FirstOrDefault(argument => argument[1..].Any(c => !"lnprsx".Contains(c, StringComparison.Ordinal))) is { } wrong)
        {
            return await Builtin.InvalidOptionAsync(i, $"-{wrong[1..].First(c => !"lnprsx".Contains(c, StringComparison.Ordinal))}", "jobs [-lnprs] [jobspec ...] or jobs -x command [args]");
        }

        await i.State.Turns.YieldAsync();
        // A subshell that has none of its own shows those of its shell.
        Jobs shown = i.State is { Subshells: > 0, Jobs.All.Count: 0, Parent: { } around } ? around.Jobs : i.State.Jobs;
        foreach (Job job in shown.All.ToArray())
        {
            if ((i.Has('r') && (job.IsDone || job.IsStopped)) || (i.Has('s') && !job.IsStopped))
            {
                continue;
            }

            if (i.Has('p'))
            {
                await i.PrintAsync(job.Process.ToString(CultureInfo.InvariantCulture) + "\n");
                continue;
            }

            await i.PrintAsync(Line(shown, job, i.Has('l'), i.State.IsDash));
            if (job.IsDone)
            {
                i.State.Jobs.Remove(job);
            }
        }

        return 0;
    }

    /// <summary>Jobs that ended or were stopped since the last prompt; those that ended are forgotten now.</summary>
    public static string Finished(ShellState state)
    {
        string text = "";
        foreach (Job job in state.Jobs.All.Where(job => job.IsDone || (job.IsStopped && !job.IsStopKnown)).ToArray())
        {
            text += job.IsKnown && job.IsDone ? "" : Line(state.Jobs, job, isLong: false, state.IsDash);
            job.IsStopKnown = true;
            if (job.IsDone)
            {
                state.Jobs.Remove(job);
            }
        }

        return text;
    }

    /// <summary>As jobs prints it.</summary>
    public static string Line(Jobs jobs, Job job, bool isLong, bool isDash)
    {
        char mark = ReferenceEquals(job, jobs.Current) ? '+' : ReferenceEquals(job, jobs.Previous) ? '-' : ' ';
        string what = job.IsStopped ? job.StopSignal switch { 19 => "Stopped (signal)", 21 => "Stopped (tty input)", _ => "Stopped" } : !job.IsDone ? "Running" : job.Signal is not 0 ? Traps.Describe(job.Signal) : job.Status == 0 ? "Done" : string.Create(CultureInfo.InvariantCulture, $"Exit {job.Status}");
        string process = isLong ? string.Create(CultureInfo.InvariantCulture, $"{job.Process} ") : " ";
        return isDash ? string.Create(CultureInfo.InvariantCulture, $"[{job.Number}] {mark} {process.TrimStart()}{what,-27}{job.Text}\n") : string.Create(CultureInfo.InvariantCulture, $"[{job.Number}]{mark} {process}{what,-24}{job.Text}{(job.IsDone || job.IsStopped ? "" : " &")}\n");
    }

    public static async ValueTask<int> ForegroundAsync(Invocation i)
    {
        if (!i.State.Has("monitor"))
        {
            return await Builtin.ShellErrorAsync(i, "no job control");
        }

        if (Wanted(i) is not { } job)
        {
            return await NoJobAsync(i);
        }

        await i.PrintAsync(job.Text + "\n");
        if (i.Interpreter is not Interpreter { Foreground.Apply: true } shell || i.State.Io is not Keyboard keyboard)
        {
            await WaitForAsync(i, job);
            i.State.Jobs.Remove(job);
            return job.Status;
        }

        KeyboardUse before = keyboard.Use;
        keyboard.Use = job.Keys ?? before;
        i.State.Visit.Memory.Processes.Stop(job.Process, isStopped: false);
        job.Continue(inForeground: true);
        try
        {
            await shell.Foreground.WaitAsync(job, i.Cancellation);
        }
        finally
        {
            keyboard.Use = before;
        }

        return i.State.Status;
    }

    public static async ValueTask<int> BackgroundAsync(Invocation i)
    {
        if (!i.State.Has("monitor"))
        {
            return await Builtin.ShellErrorAsync(i, "no job control");
        }

        if (Wanted(i) is not { } job)
        {
            return await NoJobAsync(i);
        }

        if (!job.IsStopped)
        {
            return await Builtin.ShellErrorAsync(i, string.Create(CultureInfo.InvariantCulture, $"job {job.Number} already in background"));
        }

        string line = string.Create(CultureInfo.InvariantCulture, $"[{job.Number}]{(ReferenceEquals(job, i.State.Jobs.Current) ? '+' : ReferenceEquals(job, i.State.Jobs.Previous) ? '-' : ' ')} {job.Text} &\n");
        i.State.Visit.Memory.Processes.Stop(job.Process, isStopped: false);
        i.State.Jobs.Touch(job);
        i.State.LastJob = job.Process;
        job.Continue(inForeground: false);
        await i.PrintAsync(line);
        return 0;
    }

    private static Job? Wanted(Invocation i)
    {
        string text = i.Operands.Count > 0 ? i.Operands[0] : "%+";
        return i.State.Jobs.Find(text.StartsWith('%') ? text : "%" + text);
    }

    private static ValueTask<int> NoJobAsync(Invocation i) => Builtin.ShellErrorAsync(i, $"{(i.Operands.Count > 0 ? i.Operands[0] : "current")}: no such job");

    public static async ValueTask<int> DisownAsync(Invocation i)
    {
        if (i.Operands.Count == 0)
        {
            Job[] chosen = i.Has('a') ? [.. i.State.Jobs.All] : i.Has('r') ? [.. i.State.Jobs.All.Where(job => !job.IsDone && !job.IsStopped)] : i.State.Jobs.Current is { } current ? [current] : [];
            foreach (Job job in i.Has('h') ? [] : chosen)
            {
                i.State.Jobs.Remove(job);
            }

            return chosen.Length == 0 && !i.Has('a') && !i.Has('r') ? await Builtin.ShellErrorAsync(i, "current: no such job") : 0;
        }

        int status = 0;
        foreach (string operand in i.Operands)
        {
            if (i.State.Jobs.Find(operand) is not { } job)
            {
                status = await Builtin.ShellErrorAsync(i, $"{operand}: no such job");
            }
            else if (!i.Has('h'))
            {
                i.State.Jobs.Remove(job);
            }
        }

        return status;
    }
}
