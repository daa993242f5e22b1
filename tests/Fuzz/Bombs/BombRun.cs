using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Blackwall.Tarpit;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Visiting;
using Blackwall.Tarpit.World;

namespace Blackwall.Fuzz.Bombs;

/// <summary>
/// Runs bombs one after the other, each in one session of a machine of its own visitor, and measures what the process spends while it runs: processor time in each second,
/// and memory that is alive beyond that of the session before it. A file has a bomb a line; one that begins with "tty:" is typed at a terminal, "tty*N:" and "stdin*N:" send N MiB of it.
/// </summary>
internal sealed class BombRun(int seconds)
{
    private const double MostMilliseconds = 250;
    private const double MostMegabytes = 32;
    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(5);

    private readonly Visitors _visitors = new(new Machine(new byte[32], DateTimeOffset.UnixEpoch.AddYears(50), TimeProvider.System), new TarpitSettings { DelayScale = 0 });
    private int _run;

    /// <summary>Exit code: 0 when all stay within the bounds, 1 when some do not, 3 when one did not end: what comes after it was not run.</summary>
    public static async Task<int> RunFileAsync(string path, int seconds, int first)
    {
        BombRun run = new(seconds);
        foreach (string warm in (string[])["find / > /dev/null; ls -laR / > /dev/null; echo a | sed s/a/b/ | grep b | awk '{print $1}' | sort", "for i in {1..3000}; do x=${x:0:50}$i; done"])
        {
            await run.ExecuteAsync(warm);
        }

        string[] bombs = [.. (await File.ReadAllLinesAsync(path)).Where(line => line.Length > 0 && line[0] != '#')];
        int bad = 0;
        for (int i = first; i < bombs.Length; i++)
        {
            (string told, bool isWithin, bool isEnded) = await run.MeasureAsync(bombs[i]);
            bad += isWithin ? 0 : 1;
            Console.WriteLine($"{(isWithin ? "    " : "OVER")} {i,3} {told} {(bombs[i].Length > 150 ? bombs[i][..150] : bombs[i])}");
            if (!isEnded)
            {
                return 3;
            }
        }

        return bad == 0 ? 0 : 1;
    }

    private async Task ExecuteAsync(string command)
    {
        using CancellationTokenSource end = new(TimeSpan.FromSeconds(20));
        try
        {
            await LogIn().ExecuteAsync(command, new BombIo([], 0, hasTerminal: false), new BombLog(), end.Token);
        }
        catch (OperationCanceledException)
        {
            // It was long enough.
        }
    }

    private async Task<(string Told, bool IsWithin, bool IsEnded)> MeasureAsync(string bomb)
    {
        (string text, BombIo io, bool isShell) = Read(bomb);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        using CancellationTokenSource end = new();
        using Process process = Process.GetCurrentProcess();
        double mostCpu = 0, allCpu = 0, mostMemory = 0;
        TimeSpan measured = TimeSpan.Zero;
        IHost host = LogIn();
        Task<ExitStatus> session = Task.Run(() => isShell ? host.ShellAsync(io, new BombLog(), end.Token) : host.ExecuteAsync(text, io, new BombLog(), end.Token));
        for (int second = 0; second < seconds && !session.IsCompleted; second++)
        {
            process.Refresh();
            TimeSpan cpu = process.TotalProcessorTime;
            long start = Stopwatch.GetTimestamp();
            await Task.WhenAny(session, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System));
            process.Refresh();
            double used = (process.TotalProcessorTime - cpu).TotalMilliseconds;
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            mostCpu = Math.Max(mostCpu, used / Math.Max(1, took.TotalSeconds));
            (allCpu, measured) = (allCpu + used, measured + took);
            mostMemory = Math.Max(mostMemory, (GC.GetTotalMemory(forceFullCollection: true) - before) / 1048576.0);
        }

        string how = session.IsCompleted ? "ended" : "runs";
        await end.CancelAsync();
        await Task.WhenAny(session, Task.Delay(s_end, TimeProvider.System));
        bool isEnded = session.IsCompleted;
        string fault = session.Exception?.InnerException is { } e and not OperationCanceledException ? e.GetType().Name + " at " + e.StackTrace?.Split('\n')[0].Trim() + " " : "";
        double average = allCpu / Math.Max(1, measured.TotalSeconds);
        string told = string.Create(CultureInfo.InvariantCulture, $"{mostCpu,5:F0} ms/s most {average,5:F0} average {mostMemory,6:F1} MB {(isEnded ? how : "STUCK"),-5} {fault}|");
        return (told, mostCpu <= MostMilliseconds && mostMemory <= MostMegabytes && isEnded && fault.Length == 0, isEnded);
    }

    private static (string Text, BombIo Io, bool IsShell) Read(string bomb)
    {
        int colon = bomb.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && bomb[..colon].Split('*') is [("tty" or "stdin") and var kind, .. var rest] && bomb[(colon + 1)..] is { Length: > 0 } sent)
        {
            byte[] input = Encoding.Latin1.GetBytes(sent.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal).Replace("\\e", "\x1b", StringComparison.Ordinal));
            long length = rest is [var megabytes] && int.TryParse(megabytes, CultureInfo.InvariantCulture, out int many) ? (long)many << 20 : input.Length;
            return ("", new BombIo(input, length, kind is "tty"), true);
        }

        return (bomb, new BombIo([], 0, hasTerminal: false), false);
    }

    private IHost LogIn()
    {
        _run++;
        return _visitors.LogIn(new IPEndPoint(new IPAddress([10, 8, (byte)(_run >> 8), (byte)_run]), 1), new IPEndPoint(IPAddress.Loopback, 22), "root");
    }
}
