using System.Globalization;
using Blackwall.Client.Changes;
using Blackwall.Client.Decisions;
using Blackwall.Client.Sources;
using Blackwall.Client.Status;

namespace Blackwall.Ctl;

/// <summary>The API's answers as an operator reads them.</summary>
internal static class CtlViews
{
    private static readonly string[] Origins = ["Operator", "Local", "Model", "Mesh", "Feed", "Guard"];

    public static void Status(TextWriter output, Client.Status.Health health, Stats stats, Change? trial)
    {
        Table table = new("", "");
        foreach (Wall wall in stats.Gates.Select(gate => gate.Wall))
        {
            string attached = wall.AttachMode is null ? "not attached" : $"attached {wall.AttachMode}, {wall.EgressMode}";
            string side = stats.Gates.Count > 1 ? $" ({wall.Side})" : "";
            table.Add("wall", $"{wall.Interface}{side}: {wall.Mode}, {attached}, policy {Text(wall.Generation)}");
            if (wall.Fallback is { } fallback)
            {
                table.Add("", fallback);
            }
        }

        if (trial is not null)
        {
            table.Add("trial", ChangeVerbs.Sentence(trial));
        }

        table.Add("health", health.Status);
        foreach ((string part, string fault) in health.Faults ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            table.Add("", $"{part}: {fault}");
        }

        IReadOnlyDictionary<string, long>? board = stats.Parts.GetValueOrDefault("board");
        table.Add("decisions", string.Join(", ", Origins.Select(origin => $"{Lower(origin)} {(board?.TryGetValue($"of{origin}", out long count) == true ? Text(count) : "")}")));
        table.Add("packets", Sums(stats, row => row.Packets));
        if (stats.Wall.Mode is "observe")
        {
            table.Add("would have", Sums(stats, row => row.WouldPackets));
        }

        table.WriteTo(output);
    }

    public static void Why(TextWriter output, Source source)
    {
        output.WriteLine(Table.Plain(source.Why));
        if (source.Standing is { } standing)
        {
            output.WriteLine(Table.Plain(string.Create(CultureInfo.InvariantCulture, $"Detection: {standing.Phase}, suspicion {standing.Suspicion}, {(standing.Proven ? "address proven" : "address not proven")}.")));
            Table parts = new("COUNTED", "NOW", "EVIDENCE FROM");
            foreach (StandingPart part in standing.Parts)
            {
                parts.Add(WordsOf(part.Name), part.Estimate ? $"about {Text(part.Value)}" : Text(part.Value), Text(part.Threshold));
            }

            foreach (NetworkStanding network in standing.Networks)
            {
                parts.Add($"ports in vain in a day, {Text(network.Sources)} sources of {network.Network}", $"about {Text(network.PortsInVain)}", "-");
            }

            Section(output, "Standing", parts);
        }

        if (source.FalsePositive is { } mark)
        {
            output.WriteLine(Table.Plain($"Marked as false positive by {mark.Actor} until {Time(mark.Expiry, "-")}: {string.Join(", ", mark.Kinds)}"));
        }

        Section(output, "Decisions", DecisionTable(source.Decisions));
        Section(output, "Claims, the strongest first", ClaimTable(source.Claims ?? []));
        Table kernel = new("SCOPE", "VERDICT", "DECISION", "PACKETS", "LAST", "UNTIL");
        foreach (KernelEntry entry in source.Kernel)
        {
            kernel.Add(entry.Scope, entry.Verdict, Text(entry.DecisionId), Text(entry.Hits), Time(entry.LastHit, "-"), Time(entry.Expiry, "no end"));
        }

        Section(output, "In the kernel", kernel);
        Table evidence = new("SEEN", "KIND", "CLASS", "WHAT");
        foreach (Evidence piece in source.Evidence)
        {
            evidence.Add(Time(piece.Seen, "-"), piece.Kind, piece.Class, piece.Detail);
        }

        Section(output, "Evidence", evidence);
    }

    // "portsInVainInADay" is "ports in vain in a day".
    private static string WordsOf(string name) =>
        string.Concat(name.Select((letter, place) => place > 0 && (char.IsUpper(letter) || (char.IsAsciiDigit(letter) && !char.IsAsciiDigit(name[place - 1]))) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));

    public static void Decisions(TextWriter output, TextWriter error, DecisionPage page) => Page(output, error, DecisionTable(page.Items), page.NextCursor);

    public static void Page(TextWriter output, TextWriter error, Table table, string? nextCursor)
    {
        if (table.Rows == 0)
        {
            output.WriteLine("Nothing.");
        }
        else
        {
            table.WriteTo(output);
        }

        if (nextCursor is not null)
        {
            error.WriteLine($"There may be more: --cursor {nextCursor}");
        }
    }

    public static void Decided(TextWriter output, Decision decision)
    {
        string acts = decision.Enforced ? "The wall acts on it." : "The wall does not act on it now.";
        output.WriteLine(Table.Plain($"{decision.Verdict} {decision.Scope} until {Time(decision.Expiry, "it is lifted")}, decision {Text(decision.Id)}. {acts}"));
    }

    public static void Stats(TextWriter output, Stats stats)
    {
        Table packets = new("REASON", "PACKETS", "BYTES", "WOULD PACKETS", "WOULD BYTES");
        foreach (Counter row in stats.Counters)
        {
            packets.Add(row.Reason, Text(row.Packets), Text(row.Bytes), Text(row.WouldPackets), Text(row.WouldBytes));
        }

        packets.WriteTo(output);
        Table rest = new("PART", "COUNTER", "VALUE");
        foreach ((string kind, long lost) in stats.Losses)
        {
            rest.Add("lost", kind, Text(lost));
        }

        foreach ((string part, IReadOnlyDictionary<string, long> counters) in stats.Parts)
        {
            foreach ((string name, long value) in counters)
            {
                rest.Add(part, name, Text(value));
            }
        }

        output.WriteLine();
        rest.WriteTo(output);
    }

    private static Table DecisionTable(IReadOnlyList<Decision> decisions)
    {
        Table table = new("ID", "SCOPE", "VERDICT", "ORIGIN", "OWNER", "REASON", "BY", "UNTIL", "ACTS", "COMMENT");
        foreach (Decision decision in decisions)
        {
            table.Add(
                Text(decision.Id),
                decision.Scope,
                decision.Verdict,
                decision.Origin,
                decision.Owner ?? "",
                decision.Reason,
                decision.Actor,
                Time(decision.Expiry, "no end"),
                decision.Enforced ? "yes" : "no",
                decision.Comment ?? "");
        }

        return table;
    }

    private static Table ClaimTable(IReadOnlyList<Claim> claims)
    {
        Table table = new("", "ID", "SCOPE", "VERDICT", "ORIGIN", "OWNER", "UNTIL");
        foreach (Claim claim in claims)
        {
            table.Add(claim.Wins ? "wins" : "", Text(claim.Id), claim.Scope, claim.Verdict, claim.Origin, claim.Owner, Time(claim.Expiry, "no end"));
        }

        return table;
    }

    private static void Section(TextWriter output, string title, Table table)
    {
        if (table.Rows > 0)
        {
            output.WriteLine();
            output.WriteLine($"{title}:");
            table.WriteTo(output);
        }
    }

    /// <summary>"pass 12, drop 3": counters by the first word of their reason.</summary>
    private static string Sums(Stats stats, Func<Counter, long> column)
    {
        IEnumerable<string> sums = stats.Counters
            .GroupBy(row => row.Reason.Split('-')[0], StringComparer.Ordinal)
            .Select(group => $"{group.Key} {Text(group.Sum(column))}");
        return string.Join(", ", sums) is { Length: > 0 } told ? told : "none";
    }

    public static string Time(DateTimeOffset? time, string otherwise) =>
        time is { } known ? known.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : otherwise;

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Lower(string word) => string.Concat(char.ToLowerInvariant(word[0]), word[1..]);
}
