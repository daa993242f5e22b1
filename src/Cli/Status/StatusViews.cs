using Blackwall.Cli.Changes;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Tables;
using Blackwall.Client.Changes;
using Blackwall.Client.Status;

namespace Blackwall.Cli.Status;

/// <summary>The wall, its health and its counters as an operator reads them.</summary>
internal static class StatusViews
{
    private static readonly string[] Origins = ["Operator", "Local", "Model", "Mesh", "Feed", "Guard"];

    public static void Status(ApiCall call, Client.Status.Health health, Stats stats, Change? trial)
    {
        Table table = new("", "");
        foreach (Wall wall in stats.Gates.Select(gate => gate.Wall))
        {
            string attached = wall.AttachMode is null ? "not attached" : $"attached {wall.AttachMode}, {wall.EgressMode}";
            string side = stats.Gates.Count > 1 ? $" ({wall.Side})" : "";
            table.Add("wall", $"{wall.Interface}{side}: {wall.Mode}, {attached}, policy {ApiCall.Number(wall.Generation)}");
            if (wall.Fallback is { } fallback)
            {
                table.Add("", fallback);
            }
        }

        if (trial is not null)
        {
            table.Add("trial", ChangeViews.Sentence(trial, call.Now));
        }

        table.Add("health", health.Status);
        foreach ((string part, string fault) in health.Faults ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            table.Add("", $"{part}: {fault}");
        }

        IReadOnlyDictionary<string, long>? board = stats.Parts.GetValueOrDefault("board");
        table.Add("decisions", string.Join(", ", Origins.Select(origin => $"{Lower(origin)} {(board?.TryGetValue($"of{origin}", out long count) == true ? ApiCall.Number(count) : "")}")));
        table.Add("packets", Sums(stats, row => row.Packets));
        if (stats.Wall.Mode is "observe")
        {
            table.Add("would have", Sums(stats, row => row.WouldPackets));
        }

        call.Print(table);
    }

    public static void Stats(ApiCall call, Stats stats)
    {
        Table packets = new("REASON", "PACKETS", "BYTES", "WOULD PACKETS", "WOULD BYTES");
        foreach (Counter row in stats.Counters)
        {
            packets.Add(row.Reason, ApiCall.Number(row.Packets), ApiCall.Number(row.Bytes), ApiCall.Number(row.WouldPackets), ApiCall.Number(row.WouldBytes));
        }

        call.Print(packets);
        Table rest = new("PART", "COUNTER", "VALUE");
        foreach ((string kind, long lost) in stats.Losses)
        {
            rest.Add("lost", kind, ApiCall.Number(lost));
        }

        foreach ((string part, IReadOnlyDictionary<string, long> counters) in stats.Parts)
        {
            foreach ((string name, long value) in counters)
            {
                rest.Add(part, name, ApiCall.Number(value));
            }
        }

        call.Output.WriteLine();
        call.Print(rest);
    }

    /// <summary>"pass 12, drop 3": counters by the first word of their reason.</summary>
    private static string Sums(Stats stats, Func<Counter, long> column)
    {
        IEnumerable<string> sums = stats.Counters
            .GroupBy(row => row.Reason.Split('-')[0], StringComparer.Ordinal)
            .Select(group => $"{group.Key} {ApiCall.Number(group.Sum(column))}");
        return string.Join(", ", sums) is { Length: > 0 } told ? told : "no packets yet";
    }

    private static string Lower(string word) => string.Concat(char.ToLowerInvariant(word[0]), word[1..]);
}
