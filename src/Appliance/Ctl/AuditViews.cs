using Blackwall.Client.Auditing;

namespace Blackwall.Ctl;

/// <summary>Who may do what, and who did, as an operator reads it.</summary>
internal static class AuditViews
{
    public static void Entries(TextWriter output, TextWriter error, AuditPage page)
    {
        Table table = new("NUMBER", "TIME", "ACTOR", "FROM", "ACTION", "SUBJECT", "ANSWER", "WHY");
        foreach (AuditEntry entry in page.Items)
        {
            table.Add(
                CtlViews.Text(entry.Sequence),
                CtlViews.Time(entry.Time, "-"),
                entry.Actor,
                entry.Remote ?? "",
                entry.Action,
                entry.Subject,
                CtlViews.Text(entry.Status),
                entry.Detail ?? "");
        }

        CtlViews.Page(output, error, table, page.NextCursor);
    }

    public static void Proof(TextWriter output, AuditProof proof) => output.WriteLine(Table.Plain(proof.Intact
        ? $"Entries {CtlViews.Text(proof.First)} to {CtlViews.Text(proof.Last)} are as they were written; the newest has the hash {proof.Head}."
        : $"Entry {CtlViews.Text(proof.BrokenAt ?? 0)} does not follow from the one before it."));

    public static void Keys(TextWriter output, KeyList list)
    {
        Table table = new("ID", "NAME", "LEAD", "SCOPES", "NETWORKS", "UNTIL", "LAST USED");
        foreach (Key key in list.Items)
        {
            table.Add(
                CtlViews.Text(key.Id),
                key.Name,
                key.Lead,
                string.Join(' ', key.Scopes),
                string.Join(' ', key.Networks),
                CtlViews.Time(key.Expiry, "deleted"),
                CtlViews.Time(key.LastUsed, "never"));
        }

        table.WriteTo(output);
    }
}
