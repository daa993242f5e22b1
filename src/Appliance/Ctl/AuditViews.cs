using System.Text.Json.Nodes;

namespace Blackwall.Ctl;

/// <summary>Who may do what, and who did, as an operator reads it.</summary>
internal static class AuditViews
{
    public static void Entries(TextWriter output, TextWriter error, JsonNode page)
    {
        Table table = new("NUMBER", "TIME", "ACTOR", "FROM", "ACTION", "SUBJECT", "ANSWER", "WHY");
        foreach (JsonNode? entry in page["items"]!.AsArray())
        {
            table.Add(
                CtlViews.Text(entry!["sequence"]),
                CtlViews.Time(entry["time"], "-"),
                CtlViews.Text(entry["actor"]),
                CtlViews.Text(entry["remote"]),
                CtlViews.Text(entry["action"]),
                CtlViews.Text(entry["subject"]),
                CtlViews.Text(entry["status"]),
                CtlViews.Text(entry["detail"]));
        }

        CtlViews.Page(output, error, table, page);
    }

    public static void Proof(TextWriter output, JsonNode proof)
    {
        if ((bool?)proof["intact"] == true)
        {
            output.WriteLine(Table.Plain($"Entries {CtlViews.Text(proof["first"])} to {CtlViews.Text(proof["last"])} are as they were written; the newest has the hash {CtlViews.Text(proof["head"])}."));
        }
        else
        {
            output.WriteLine(Table.Plain($"Entry {CtlViews.Text(proof["brokenAt"])} does not follow from the one before it."));
        }
    }

    public static void Keys(TextWriter output, JsonNode list)
    {
        Table table = new("ID", "NAME", "LEAD", "SCOPES", "NETWORKS", "UNTIL", "LAST USED");
        foreach (JsonNode? key in list["items"]!.AsArray())
        {
            table.Add(
                CtlViews.Text(key!["id"]),
                CtlViews.Text(key["name"]),
                CtlViews.Text(key["lead"]),
                Joined(key["scopes"]),
                Joined(key["networks"]),
                CtlViews.Time(key["expiry"], "deleted"),
                CtlViews.Time(key["lastUsed"], "never"));
        }

        table.WriteTo(output);
    }

    private static string Joined(JsonNode? list) => string.Join(' ', (list as JsonArray ?? []).Select(CtlViews.Text));
}
