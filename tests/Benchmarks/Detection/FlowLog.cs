using System.IO.Compression;
using Blackwall.Pipeline.Model;

namespace Blackwall.Benchmarks.Detection;

/// <summary>Turns a log of flows into packets with the same ends, times, sizes and outcomes.</summary>
internal static class FlowLog
{
    private const int MostBytes = 60_000;
    private const int ScannedPorts = 10;
    private const int Guesses = 30;
    private const int Ssh = 22;

    /// <summary>Flow logs of the slips folder, and who attacks in them.</summary>
    public static IReadOnlyList<(string File, string What, string Inside, IReadOnlyList<Truth> Truths)> All { get; } =
    [
        ("slips/test11-portscan.binetflow", "vertical scan", "10.0.0.0/8", [new("10.8.0.69", -1, ["outbound-scan", "port-scan"])]),
        ("slips/test2-malicious.binetflow", "a telephone that its owners call infected", "10.0.0.0/8", [new("10.8.0.69", -1, [])]),
        ("slips/test4-malicious.binetflow", "a bot in a peer-to-peer network, over UDP", "192.168.0.0/16", [new("192.168.2.12", -1, [])]),
        ("slips/test3-mixed.binetflow", "border of a university", "147.32.0.0/16", [new("216.73.23.146", -1, []), new("46.166.151.160", -1, []), new("147.32.84.147", -1, [])]),
        ("slips/test5-mixed.binetflow", "infected host, mixed with its ordinary traffic", "10.0.0.0/8", [new("10.0.2.15", -1, [])]),
        ("slips/port-scans/vertical/conn.log", "vertical scan", "192.168.0.0/16", [new("192.168.1.9", -1, ["outbound-scan", "port-scan"])]),
        ("slips/test18-malicious-ctu-sme-11-win/zeek-labeled/conn.log.labeled", "Remcos calling a master who refuses it, 5,000 packets labelled by hand", "192.168.0.0/16", [new("192.168.1.107 66.63.168.35", -1, [])]),
    ];

    /// <summary>
    /// A folder of hourly logs in which nobody is labelled: attackers are who asks for so many ports, or so often for SSH. Hardly anybody who comes
    /// to such an address is honest, so the only false alarms that can be told are those about the host itself.
    /// </summary>
    public static (string Folder, string What, string Host) Background { get; } = ("rita/missing_host", "72 hours at one public address: who asks for 10 ports, or 30 times for SSH", "64.225.56.201");

    /// <summary>Who scans and who guesses in the background.</summary>
    public static IReadOnlyList<Truth> Count(IReadOnlyList<LoggedFlow> flows)
    {
        List<Truth> truths = [];
        double first = flows.Min(flow => flow.At);
        foreach (IGrouping<string, LoggedFlow> source in flows.Where(flow => flow.Protocol is "tcp" && !string.Equals(flow.Source, Background.Host, StringComparison.Ordinal)).GroupBy(flow => flow.Source, StringComparer.Ordinal))
        {
            if (source.Select(flow => flow.Port).Distinct().Count() >= ScannedPorts || source.Count(flow => flow.Port == Ssh) >= Guesses)
            {
                truths.Add(new Truth(source.Key, Tape.Origin + source.Min(flow => flow.At) - first, []));
            }
        }

        return truths;
    }

    /// <summary>The flows of a log, or of a folder of Zeek's.</summary>
    public static IReadOnlyList<LoggedFlow> Flows(string path)
    {
        IEnumerable<LoggedFlow> flows = Directory.Exists(path)
            ? Directory.EnumerateFiles(path, "conn.*.log.gz", SearchOption.AllDirectories).SelectMany(file => ZeekLog.Read(Unpacked(file)))
            : path.EndsWith(".binetflow", StringComparison.Ordinal) ? ArgusLog.Read(File.ReadLines(path)) : ZeekLog.Read(File.ReadLines(path));
        return [.. flows.Where(flow => Address.TryParse(flow.Source, out _) && Address.TryParse(flow.Target, out _))];
    }

    /// <summary>Plays flows onto a tape.</summary>
    public static Tape Play(IReadOnlyList<LoggedFlow> flows)
    {
        Tape tape = new(1);
        double first = flows.Select(flow => flow.At).DefaultIfEmpty().Min();
        foreach (LoggedFlow flow in flows)
        {
            Play(tape, flow, flow.At - first);
        }

        return tape;
    }

    private static IEnumerable<string> Unpacked(string file)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static void Play(Tape tape, LoggedFlow flow, double at)
    {
        int up = (int)Math.Clamp(flow.Up, 0, MostBytes), down = (int)Math.Clamp(flow.Down, 0, MostBytes);
        if (flow.Protocol is "tcp" && flow.Answered)
        {
            tape.Talk(at, flow.Source, flow.Target, flow.Port, up, down, flow.Seconds, (ushort)flow.SourcePort);
        }
        else if (flow.Protocol is "tcp")
        {
            tape.Knock(at, flow.Source, flow.Target, flow.Port, flow.Refused);
        }
        else if (flow.Protocol is "udp")
        {
            tape.Datagram(at, flow.Source, flow.Target, flow.SourcePort, flow.Port, new byte[Math.Clamp(up, 1, 1400)]);
            if (down > 0)
            {
                tape.Datagram(at + Math.Min(flow.Seconds, 5), flow.Target, flow.Source, flow.Port, flow.SourcePort, new byte[Math.Clamp(down, 1, 1400)]);
            }
        }
    }
}
