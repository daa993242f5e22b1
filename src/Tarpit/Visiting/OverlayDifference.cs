using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Visiting;

/// <summary>What a visitor changed of the base tree. Parts that nobody touched are the same objects, so that they are never looked into.</summary>
internal static class OverlayDifference
{
    private const int MostEntries = 8192;

    /// <summary>Paths with what is there now; null: it was removed. A folder comes after what is in it; its entries do not count then.</summary>
    public static IReadOnlyList<(string Path, Node? Node)> Of(FolderNode before, FolderNode now)
    {
        List<(string, Node?)> changes = [];
        Walk("", before, now, changes);
        return changes;
    }

    private static void Walk(string path, FolderNode before, FolderNode now, List<(string, Node?)> changes)
    {
        if (before.IsLive || now.IsLive || ReferenceEquals(before.Entries, now.Entries))
        {
            return;
        }

        foreach ((string name, Node node) in now.Entries)
        {
            Node? original = before.Entries.GetValueOrDefault(name);
            if (ReferenceEquals(node, original) || changes.Count >= MostEntries)
            {
                continue;
            }

            if (node is FolderNode folder)
            {
                if (original is not FolderNode)
                {
                    changes.Add(($"{path}/{name}", folder with { Entries = new FolderNode().Entries }));
                }

                Walk($"{path}/{name}", original as FolderNode ?? new FolderNode(), folder, changes);
            }

            changes.Add(($"{path}/{name}", node));
        }

        foreach (string name in before.Entries.Keys.Where(name => !now.Entries.ContainsKey(name)))
        {
            if (changes.Count < MostEntries)
            {
                changes.Add(($"{path}/{name}", null));
            }
        }
    }
}
