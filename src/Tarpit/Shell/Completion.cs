using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell;

/// <summary>What a tab adds to a word: names of files, and of commands where one begins.</summary>
/// <param name="Added">What all that fit have in common beyond the word, with what follows a single one.</param>
/// <param name="Names">All that fit.</param>
internal sealed record Completion(string Added, IReadOnlyList<string> Names)
{
    private const int MostNames = 2000;

    public static Completion Of(ShellState state, string word, bool isCommand)
    {
        int slash = word.LastIndexOf('/');
        string start = word[(slash + 1)..];
        IEnumerable<(string Name, bool IsFolder)> all = isCommand && slash < 0 ? Commands(state, start) : Files(state, slash < 0 ? "" : word[..(slash + 1)], start);
        (string Name, bool IsFolder)[] found = [.. all.DistinctBy(entry => entry.Name, StringComparer.Ordinal).OrderBy(entry => entry.Name, StringComparer.Ordinal).Take(MostNames)];
        if (found.Length == 0)
        {
            return new Completion("", []);
        }

        string common = found.Length == 1 ? found[0].Name + (found[0].IsFolder ? "/" : " ") : found.Select(entry => entry.Name).Aggregate(Common);
        return new Completion(common[start.Length..], [.. found.Select(entry => entry.Name + (entry.IsFolder ? "/" : ""))]);
    }

    /// <summary>The names as a shell lists them.</summary>
    public string Columns(int width)
    {
        int cell = Names.Max(name => name.Length) + 2, columns = Math.Max(1, width / cell), rows = (Names.Count + columns - 1) / columns;
        StringBuilder text = new();
        for (int row = 0; row < rows; row++)
        {
            for (int at = row; at < Names.Count; at += rows)
            {
                text.Append(at + rows < Names.Count ? Names[at].PadRight(cell) : Names[at]);
            }

            text.Append("\r\n");
        }

        return text.ToString();
    }

    private static string Common(string a, string b)
    {
        int length = 0;
        while (length < a.Length && length < b.Length && a[length] == b[length])
        {
            length++;
        }

        return a[..length];
    }

    private static IEnumerable<(string, bool)> Commands(ShellState state, string start)
    {
        foreach (string name in Catalogue.Builtins.Keys.Concat(state.Aliases.Keys).Concat(state.Functions.Keys).Where(name => start.Length > 0 && name.StartsWith(start, StringComparison.Ordinal)))
        {
            yield return (name, false);
        }

        foreach (string folder in start.Length == 0 ? [] : state.Get("PATH").Split(':'))
        {
            foreach (string name in state.Files.Find(folder) is FolderNode node ? node.Entries.Keys.Where(name => name.StartsWith(start, StringComparison.Ordinal)) : [])
            {
                yield return (name, false);
            }
        }
    }

    private static IEnumerable<(string, bool)> Files(ShellState state, string folder, string start)
    {
        string path = folder.StartsWith("~/", StringComparison.Ordinal) ? state.Visit.HomeFolder + folder[1..] : state.Path(folder.Length == 0 ? "." : folder);
        if (state.Files.Find(FileSystem.Normalize(path, "/")) is FolderNode node)
        {
            foreach ((string name, Node entry) in node.Entries.Where(entry => entry.Key.StartsWith(start, StringComparison.Ordinal) && (start.StartsWith('.') || !entry.Key.StartsWith('.'))))
            {
                yield return (name, entry is FolderNode || (entry is LinkNode && state.Files.Find(FileSystem.Normalize(name, path)) is FolderNode));
            }
        }
    }
}
