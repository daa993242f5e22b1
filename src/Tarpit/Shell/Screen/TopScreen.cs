using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.World;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Screen;

/// <summary>top and htop: processes, renewed as the clock goes, until somebody presses q.</summary>
internal sealed class TopScreen(Invocation i)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(3);

    /// <summary>Without a terminal: so many rounds (top -b -n).</summary>
    public async ValueTask<int> BatchAsync(int rounds, TimeSpan interval)
    {
        for (int n = 0; n < rounds; n++)
        {
            await i.PrintAsync(Text(int.MaxValue, byMemory: false, isColored: false));
            if (n + 1 < rounds)
            {
                await i.PrintAsync("\n");
                await Task.Delay(interval, i.Machine.Time, i.Cancellation);
            }
        }

        return 0;
    }

    public async ValueTask<int> RunAsync(ScreenKeys keys)
    {
        bool byMemory = false;
        await keys.WriteAsync("\x1b[?1049h\x1b[?25l");
        while (true)
        {
            (int columns, int rows) = keys.Size;
            string[] lines = Text(rows - 8, byMemory, isColored: true).Split('\n');
            await keys.WriteAsync("\x1b[H" + string.Concat(lines.Take(rows - 1).Select(line => "\x1b[K" + (line.Length <= columns + 16 ? line : line[..(columns + 16)]) + "\n")) + "\x1b[J");
            int? key = await keys.ReadAsync(s_interval);
            if (key is null or 'q' or 3 or ScreenKeys.Escape)
            {
                break;
            }

            byMemory = key == 'M' || (key != 'P' && byMemory);
        }

        await keys.WriteAsync("\x1b[?25h\x1b[?1049l");
        return 0;
    }

    private string Text(int most, bool byMemory, bool isColored)
    {
        IReadOnlyList<RunningProcess> all = i.State.Visit.Memory.Processes.All;
        int running = 1 + all.Count(process => process.Load > 1);
        double busy = Math.Min(99.9, (all.Sum(process => process.Load) / i.Machine.ProcessorCount) + 0.3 + (i.Machine.Now.Second % 4 * 0.1));

        // One tick of 10 ms in three seconds is 0.3 %; who takes less has one now and then.
        double now(RunningProcess process) => process.Load > 0 ? process.Load : process.ShortName is "top" || IdleLoads.Of(process) + (((process.Id * 0.37) + (i.Machine.Now.Second / 3 * 0.618)) % 1) >= 1 ? 0.3 : 0;
        double mega(long kilobytes) => kilobytes / 1024.0;
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"top -{SessionCommands.UptimeLine(i)}\nTasks: {all.Count,3} total, {running,3} running, {all.Count - running,3} sleeping,   0 stopped,   0 zombie\n%Cpu(s): {busy,4:0.0} us,  0.3 sy,  0.0 ni, {Math.Max(0, 99.7 - busy),4:0.0} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st \n");
        text.Append(CultureInfo.InvariantCulture, $"MiB Mem : {mega(i.Machine.MemoryKilobytes),8:0.0} total, {mega(MemoryUse.Free(i.Machine)),8:0.0} free, {mega(MemoryUse.Used(i.Machine)),8:0.0} used, {mega(MemoryUse.Cached(i.Machine)),8:0.0} buff/cache     \nMiB Swap:      0.0 total,      0.0 free,      0.0 used. {mega(i.Machine.MemoryKilobytes - MemoryUse.Used(i.Machine)),8:0.0} avail Mem \n\n");
        string head = "    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND";
        text.Append(isColored ? $"\x1b[7m{head}\x1b[0m\n" : head + "\n");
        IEnumerable<RunningProcess> sorted = byMemory ? all.OrderByDescending(process => process.Memory) : all.OrderByDescending(now).ThenByDescending(process => process.Memory);
        foreach (RunningProcess p in sorted.Take(Math.Max(1, most)))
        {
            TimeSpan used = p.UsedTime(i.Machine.Now);
            text.Append(CultureInfo.InvariantCulture, $"{p.Id,7} {(p.User.Length <= 8 ? p.User : p.User[..7] + "+"),-8}  20   0 {(p.Memory == 0 ? 0 : (p.Memory * 2) + 4000),7} {p.Memory,6} {p.Memory / 2,6} {(p.Load > 1 ? 'R' : p.IsKernels ? 'I' : 'S')} {now(p),5:0.0} {p.Memory * 100.0 / i.Machine.MemoryKilobytes,5:0.0} {(int)used.TotalMinutes,3}:{used.Seconds:00}.{used.Milliseconds / 10:00}").Append(' ').Append(p.ShortName).Append('\n');
        }

        return text.ToString();
    }
}
