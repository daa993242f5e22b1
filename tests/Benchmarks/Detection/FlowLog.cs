using System.Globalization;
using Blackwall.Pipeline;

namespace Blackwall.Benchmarks.Detection;

/// <summary>Turns a log of flows (Argus binetflow, comma or tab between) into packets with the same ends, times, sizes and outcomes.</summary>
internal static class FlowLog
{
    private const int MostBytes = 60_000;

    /// <summary>Flow logs of the slips folder, and who attacks in them.</summary>
    public static IReadOnlyList<(string File, string What, string Inside, IReadOnlyList<Truth> Truths)> All { get; } =
    [
        ("slips/test11-portscan.binetflow", "vertical scan", "10.0.0.0/8", [new("10.8.0.69", -1, ["outbound-scan", "port-scan"])]),
        ("slips/test2-malicious.binetflow", "a telephone that its owners call infected", "10.0.0.0/8", [new("10.8.0.69", -1, [])]),
        ("slips/test4-malicious.binetflow", "a bot in a peer-to-peer network, over UDP", "192.168.0.0/16", [new("192.168.2.12", -1, [])]),
        ("slips/test3-mixed.binetflow", "border of a university", "147.32.0.0/16", [new("216.73.23.146", -1, []), new("46.166.151.160", -1, []), new("147.32.84.147", -1, [])]),
        ("slips/test5-mixed.binetflow", "infected host, mixed with its ordinary traffic", "10.0.0.0/8", [new("10.0.2.15", -1, [])]),
    ];

    /// <summary>Plays the log onto a tape; lines that are no flow are passed over.</summary>
    public static Tape Read(string file)
    {
        Tape tape = new(1);
        double first = double.NaN;
        foreach (string line in File.ReadLines(file).Skip(1))
        {
            string[] fields = line.Split(line.Contains('\t', StringComparison.Ordinal) ? '\t' : ',');
            if (fields.Length < 13
                || !DateTime.TryParseExact(fields[0], "yyyy/MM/dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTime start)
                    && !DateTime.TryParseExact(fields[0], "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out start)
                || !Address.TryParse(fields[3], out _) || !Address.TryParse(fields[6], out _)
                || !int.TryParse(fields[4], CultureInfo.InvariantCulture, out int sourcePort) || !int.TryParse(fields[7], CultureInfo.InvariantCulture, out int port))
            {
                continue;
            }

            double at = (start - DateTime.UnixEpoch).TotalSeconds;
            first = double.IsNaN(first) ? at : first;
            Play(tape, fields, Math.Max(0, at - first), sourcePort, port);
        }

        return tape;
    }

    private static void Play(Tape tape, string[] fields, double at, int sourcePort, int port)
    {
        string source = fields[3], target = fields[6], state = fields[8];
        _ = double.TryParse(fields[1], CultureInfo.InvariantCulture, out double seconds);
        _ = int.TryParse(fields[12], CultureInfo.InvariantCulture, out int total);
        int up = fields.Length > 13 && int.TryParse(fields[13], CultureInfo.InvariantCulture, out int said) ? said : total / 2;
        int down = Math.Clamp(total - up, 0, MostBytes);
        up = Math.Clamp(up, 0, MostBytes);
        if (fields[2] is "tcp")
        {
            bool answered = state.Contains('_', StringComparison.Ordinal) ? state.Split('_')[1].Contains('S', StringComparison.Ordinal) : state is "CON" or "FIN" or "EST" or "SF";
            if (answered)
            {
                tape.Talk(at, source, target, port, up, down, seconds, (ushort)sourcePort);
            }
            else
            {
                tape.Knock(at, source, target, port, refused: state.Contains('R', StringComparison.Ordinal));
            }
        }
        else if (fields[2] is "udp")
        {
            tape.Datagram(at, source, target, sourcePort, port, new byte[Math.Clamp(up, 1, 1400)]);
            if (down > 0)
            {
                tape.Datagram(at + Math.Min(seconds, 5), target, source, port, sourcePort, new byte[Math.Clamp(down, 1, 1400)]);
            }
        }
    }
}
