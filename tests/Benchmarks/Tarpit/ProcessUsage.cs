using System.Globalization;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>What a process has used, as the kernel counts it.</summary>
/// <param name="Resident">Resident memory, in bytes.</param>
/// <param name="Cpu">Processor time, user and system, in milliseconds.</param>
internal sealed record ProcessUsage(long Resident, double Cpu)
{
    private const int TicksPerSecond = 100;

    /// <summary>Reads it from /proc.</summary>
    public static ProcessUsage Read(int process)
    {
        string memory = File.ReadAllText($"/proc/{process}/statm");
        string status = File.ReadAllText($"/proc/{process}/stat");

        // Fields are counted behind the name, which may hold blanks; utime and stime are the 14th and 15th of all.
        string[] fields = status[(status.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return new ProcessUsage(long.Parse(memory.Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize, ticks * 1000.0 / TicksPerSecond);
    }

    /// <summary>Reads it when it has stopped changing, or after a minute: the memory of a program at rest.</summary>
    public static async Task<ProcessUsage> ReadAtRestAsync(int process)
    {
        ProcessUsage before = Read(process);
        for (int i = 0; i < 30; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
            ProcessUsage now = Read(process);
            if (Math.Abs(now.Resident - before.Resident) < before.Resident / 200 && now.Cpu - before.Cpu < 40)
            {
                return now;
            }

            before = now;
        }

        return before;
    }
}
