using System.Globalization;
using Blackwall.Lab.Tools;

namespace Blackwall.Benchmarks.Machine;

/// <summary>The kernel thread that receives for one interface: all that receiving costs is this thread's CPU time.</summary>
internal sealed class NapiThread
{
    private readonly int _id;
    private readonly BenchNetwork _network;

    private NapiThread(int id, BenchNetwork network)
    {
        _id = id;
        _network = network;
    }

    /// <summary>Makes reception threaded (/sys/class/net/X/threaded), and keeps the thread on the last CPU.</summary>
    public static async Task<NapiThread> StartAsync(BenchNetwork network)
    {
        // Without an XDP program a veth has NAPI only with GRO.
        await network.Edge.RunAsync("ethtool", "-K", network.Receiver, "gro", "on");
        await Tool.RunAsync(["ip", "netns", "exec", network.Edge.Name, "sh", "-c", $"echo 1 > /sys/class/net/{network.Receiver}/threaded"]);
        string name = $"napi/{network.Receiver}";
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int id) && Comm(folder).StartsWith(name, StringComparison.Ordinal))
            {
                Native.Pin(id, PinnedThread.Last);
                return new NapiThread(id, network);
            }
        }

        throw new IOException($"There is no kernel thread {name}; this kernel cannot thread reception.");
    }

    public Reading Read()
    {
        string[] schedule = File.ReadAllText($"/proc/{_id}/schedstat").Split(' ');
        (long packets, long delivered) = _network.Edge.Do(() => (Received(), Delivered()));
        return new Reading(long.Parse(schedule[0], CultureInfo.InvariantCulture), packets, delivered);
    }

    private static string Comm(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "comm"));
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return string.Empty;
        }
    }

    // /proc/self is the process, whose namespace is another one; the thread's own is meant.
    private long Received()
    {
        string line = File.ReadLines("/proc/thread-self/net/dev").Single(l => l.TrimStart().StartsWith(_network.Receiver + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private static long Delivered()
    {
        string[][] rows = [.. File.ReadLines("/proc/thread-self/net/snmp").Where(l => l.StartsWith("Ip:", StringComparison.Ordinal)).Select(l => l.Split(' '))];
        return long.Parse(rows[1][Array.IndexOf(rows[0], "InDelivers")], CultureInfo.InvariantCulture);
    }

    /// <param name="Nanoseconds">CPU time of the thread.</param>
    /// <param name="Packets">Received by the interface.</param>
    /// <param name="Delivered">That reached a transport protocol.</param>
    internal readonly record struct Reading(long Nanoseconds, long Packets, long Delivered);
}
