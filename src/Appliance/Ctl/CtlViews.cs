using System.Globalization;
using System.Text.Json.Nodes;

namespace Blackwall.Ctl;

/// <summary>The API's answers as an operator reads them.</summary>
internal static class CtlViews
{
    private static readonly string[] Origins = ["Operator", "Local", "Model", "Mesh", "Feed", "Guard"];

    public static void Status(TextWriter output, JsonNode health, JsonNode stats, JsonNode? trial)
    {
        JsonNode wall = stats["wall"]!;
        Table table = new("", "");
        JsonArray walls = stats["walls"] as JsonArray ?? [new JsonObject { ["wall"] = wall.DeepClone() }];
        foreach (JsonNode one in walls.Select(gate => gate!["wall"]!))
        {
            string attached = one["attachMode"] is null ? "not attached" : $"attached {Text(one["attachMode"])}, {Text(one["egressMode"])}";
            string side = walls.Count > 1 ? $" ({Text(one["side"])})" : "";
            table.Add("wall", $"{Text(one["interface"])}{side}: {Text(one["mode"])}, {attached}, policy {Text(one["generation"])}");
            if (one["fallback"] is { } fallback)
            {
                table.Add("", Text(fallback));
            }
        }

        if (trial is not null)
        {
            table.Add("trial", ChangeVerbs.Sentence(trial));
        }

        table.Add("health", Text(health["status"]));
        foreach ((string part, JsonNode? fault) in health["faults"] as JsonObject ?? [])
        {
            table.Add("", $"{part}: {Text(fault)}");
        }

        JsonNode? board = stats["parts"]?["board"];
        table.Add("decisions", string.Join(", ", Origins.Select(origin => $"{Lower(origin)} {Text(board?[$"of{origin}"])}")));
        table.Add("packets", Sums(stats, "packets"));
        if (string.Equals(Text(wall["mode"]), "observe", StringComparison.Ordinal))
        {
            table.Add("would have", Sums(stats, "wouldPackets"));
        }

        table.WriteTo(output);
    }

    public static void Why(TextWriter output, JsonNode source)
    {
        output.WriteLine(Table.Plain(Text(source["why"])));
        if (source["standing"] is { } standing)
        {
            output.WriteLine(Table.Plain($"Detection: {Text(standing["phase"])}, suspicion {Text(standing["suspicion"])}, {((bool?)standing["proven"] == true ? "address proven" : "address not proven")}."));
            Table parts = new("COUNTED", "NOW", "EVIDENCE FROM");
            foreach (JsonNode? part in standing["parts"]!.AsArray())
            {
                parts.Add(Text(part!["name"]), Text(part["value"]), Text(part["threshold"]));
            }

            foreach (JsonNode? network in standing["networks"]!.AsArray())
            {
                parts.Add($"ports in vain of {Text(network!["network"])}", Text(network["portsInVain"]), $"{Text(network["sources"])} sources");
            }

            Section(output, "Standing", parts);
        }

        if (source["falsePositive"] is { } mark)
        {
            output.WriteLine(Table.Plain($"Marked as false positive by {Text(mark["actor"])} until {Time(mark["expiry"], "-")}: {string.Join(", ", mark["kinds"]!.AsArray().Select(Text))}"));
        }

        Section(output, "Decisions", DecisionTable(source["decisions"]!.AsArray()));
        Section(output, "Claims, the strongest first", ClaimTable(source["claims"] as JsonArray ?? []));
        Table kernel = new("SCOPE", "VERDICT", "DECISION", "PACKETS", "LAST", "UNTIL");
        foreach (JsonNode? entry in source["kernel"]!.AsArray())
        {
            kernel.Add(Text(entry!["scope"]), Text(entry["verdict"]), Text(entry["decisionId"]), Text(entry["hits"]), Time(entry["lastHit"], "-"), Time(entry["expiry"], "no end"));
        }

        Section(output, "In the kernel", kernel);
        Table evidence = new("SEEN", "KIND", "CLASS", "WHAT");
        foreach (JsonNode? piece in source["evidence"]!.AsArray())
        {
            evidence.Add(Time(piece!["seen"], "-"), Text(piece["kind"]), Text(piece["class"]), Text(piece["detail"]));
        }

        Section(output, "Evidence", evidence);
    }

    public static void Decisions(TextWriter output, TextWriter error, JsonNode page)
    {
        Page(output, error, DecisionTable(page["items"]!.AsArray()), page);
    }

    public static void Page(TextWriter output, TextWriter error, Table table, JsonNode page)
    {
        if (table.Rows == 0)
        {
            output.WriteLine("Nothing.");
        }
        else
        {
            table.WriteTo(output);
        }

        if (page["nextCursor"] is { } cursor)
        {
            error.WriteLine($"There may be more: --cursor {Text(cursor)}");
        }
    }

    public static void Decided(TextWriter output, JsonNode decision)
    {
        string acts = (bool?)decision["enforced"] == true ? "The wall acts on it." : "The wall does not act on it now.";
        output.WriteLine(Table.Plain($"{Text(decision["verdict"])} {Text(decision["scope"])} until {Time(decision["expiry"], "it is lifted")}, decision {Text(decision["id"])}. {acts}"));
    }

    public static void Happened(TextWriter output, string kind, JsonNode data)
    {
        JsonNode? decision = data["decision"];
        string line = kind switch
        {
            "decision" or "lifted" => $"{Time(data["time"], "-")}  {Text(data["change"])} by {Text(data["by"])}: {Text(decision?["verdict"])} {Text(decision?["scope"])} ({Text(decision?["origin"])}, {Text(decision?["reason"])}, decision {Text(decision?["id"])})",
            "evidence" => $"{Time(data["seen"], "-")}  evidence: {Text(data["source"])} {Text(data["kind"])}, {Text(data["detail"])} [{Text(data["class"])}]",
            "status" => $"wall: {Text(data["mode"])}, policy {Text(data["generation"])}{(data["fault"] is { } fault ? $", {Text(fault)}" : "")}",
            "gap" => "gap: some events were missed",
            _ => $"{kind}: {data.ToJsonString()}",
        };
        output.WriteLine(Table.Plain(line));
    }

    public static void Stats(TextWriter output, JsonNode stats)
    {
        Table packets = new("REASON", "PACKETS", "BYTES", "WOULD PACKETS", "WOULD BYTES");
        foreach (JsonNode? row in stats["counters"]!.AsArray())
        {
            packets.Add(Text(row!["reason"]), Text(row["packets"]), Text(row["bytes"]), Text(row["wouldPackets"]), Text(row["wouldBytes"]));
        }

        packets.WriteTo(output);
        Table rest = new("PART", "COUNTER", "VALUE");
        foreach ((string kind, JsonNode? lost) in stats["losses"]!.AsObject())
        {
            rest.Add("lost", kind, Text(lost));
        }

        foreach ((string part, JsonNode? counters) in stats["parts"]!.AsObject())
        {
            foreach ((string name, JsonNode? value) in counters!.AsObject())
            {
                rest.Add(part, name, Text(value));
            }
        }

        output.WriteLine();
        rest.WriteTo(output);
    }

    private static Table DecisionTable(JsonArray decisions)
    {
        Table table = new("ID", "SCOPE", "VERDICT", "ORIGIN", "REASON", "BY", "UNTIL", "ACTS", "COMMENT");
        foreach (JsonNode? decision in decisions)
        {
            table.Add(
                Text(decision!["id"]),
                Text(decision["scope"]),
                Text(decision["verdict"]),
                Text(decision["origin"]),
                Text(decision["reason"]),
                Text(decision["actor"]),
                Time(decision["expiry"], "no end"),
                (bool?)decision["enforced"] == true ? "yes" : "no",
                Text(decision["comment"]));
        }

        return table;
    }

    private static Table ClaimTable(JsonArray claims)
    {
        Table table = new("", "ID", "SCOPE", "VERDICT", "ORIGIN", "OWNER", "UNTIL");
        foreach (JsonNode? claim in claims)
        {
            table.Add(
                (bool?)claim!["wins"] == true ? "wins" : "",
                Text(claim["id"]),
                Text(claim["scope"]),
                Text(claim["verdict"]),
                Text(claim["origin"]),
                Text(claim["owner"]),
                Time(claim["expiry"], "no end"));
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
    private static string Sums(JsonNode stats, string column)
    {
        IEnumerable<string> sums = stats["counters"]!.AsArray()
            .GroupBy(row => Text(row!["reason"]).Split('-')[0], StringComparer.Ordinal)
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Key} {group.Aggregate(0ul, (sum, row) => sum + (ulong)row![column]!)}"));
        return string.Join(", ", sums) is { Length: > 0 } told ? told : "none";
    }

    public static string Time(JsonNode? time, string otherwise) =>
        time is null ? otherwise : ((DateTimeOffset)time).UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Text(JsonNode? value) => value is null ? "" : value.GetValueKind() == System.Text.Json.JsonValueKind.String ? (string)value! : value.ToJsonString();

    private static string Lower(string word) => string.Concat(char.ToLowerInvariant(word[0]), word[1..]);
}
