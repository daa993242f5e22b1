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
        await i.State.Turns.YieldAsync();
        // A subshell that has none of its own shows those of its shell.
        Jobs shown = i.State is { Subshells: > 0, Jobs.All.Count: 0, Parent: { } around } ? around.Jobs : i.State.Jobs;
        foreach (Job job in shown.All.ToArray())
        {
            if ((i.Has('r') && job.IsDone) || i.Has('s'))
            {
                continue;
            }

            if (i.Has('p'))
            {
                await i.PrintAsync(job.Process.ToString(CultureInfo.InvariantCulture) + "\n");
                continue;
            }

            await i.PrintAsync(Line(shown, job, i.Has('l')));
            if (job.IsDone)
            {
                i.State.Jobs.Remove(job);
            }
        }

        return 0;
    }

    /// <summary>Jobs that ended since the last prompt, which are forgotten now.</summary>
    public static string Finished(ShellState state)
    {
        string text = "";
        foreach (Job job in state.Jobs.All.Where(job => job.IsDone).ToArray())
        {
            text += job.IsKnown ? "" : Line(state.Jobs, job, isLong: false);
            state.Jobs.Remove(job);
        }

        return text;
    }

    private static string Line(Jobs jobs, Job job, bool isLong)
    {
        IReadOnlyList<Job> all = jobs.All;
        char mark = ReferenceEquals(job, all[^1]) ? '+' : all.Count > 1 && ReferenceEquals(job, all[^2]) ? '-' : ' ';
        string what = !job.IsDone ? "Running" : job.Signal is not 0 ? (Traps.Describe(job.Signal)) : job.Status == 0 ? "Done" : string.Create(CultureInfo.InvariantCulture, $"Exit {job.Status}");
        string process = isLong ? string.Create(CultureInfo.InvariantCulture, $"{job.Process} ") : " ";
        return string.Create(CultureInfo.InvariantCulture, $"[{job.Number}]{mark} {process}{what,-24}{job.Text}{(job.IsDone ? "" : " &")}\n");
    }

    public static async ValueTask<int> ForegroundAsync(Invocation i)
    {
        if (!i.State.Has("monitor"))
        {
            return await Builtin.ShellErrorAsync(i, "no job control");
        }

        string text = i.Operands.Count > 0 ? i.Operands[0] : "%+";
        if (i.State.Jobs.Find(text.StartsWith('%') ? text : "%" + text) is not { } job)
        {
            return await Builtin.ShellErrorAsync(i, $"{(text is "%+" ? "current" : text)}: no such job");
        }

        await i.PrintAsync(job.Text + "\n");
        await WaitForAsync(i, job);
        i.State.Jobs.Remove(job);
        return job.Status;
    }

    public static async ValueTask<int> BackgroundAsync(Invocation i)
    {
        if (!i.State.Has("monitor"))
        {
            return await Builtin.ShellErrorAsync(i, "no job control");
        }

        string text = i.Operands.Count > 0 ? i.Operands[0] : "%+";
        return i.State.Jobs.Find(text) is { } job
            ? await Builtin.ShellErrorAsync(i, string.Create(CultureInfo.InvariantCulture, $"job {job.Number} already in background"))
            : await Builtin.ShellErrorAsync(i, $"{(text is "%+" ? "current" : text)}: no such job");
    }

    public static async ValueTask<int> DisownAsync(Invocation i)
    {
        if (i.Operands.Count == 0)
        {
            foreach (Job job in i.State.Jobs.All.ToArray())
            {
                i.State.Jobs.Remove(job);
            }

            return 0;
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
