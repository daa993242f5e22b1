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

    // Where a word begins, and what stands with a backslash within one.
    private const string Breaks = " \t><=;|&(:", Special = " \t\"'\\><=;|&()*?[]{}$`!#~";

    /// <param name="before">The line as far as the cursor.</param>
    /// <param name="isCommand">A command begins there.</param>
    public static Completion Of(ShellState state, string before, bool isCommand)
    {
        (string word, char quote) = Word(before);
        int slash = word.LastIndexOf('/'), dollar = quote is '\'' ? -1 : word.LastIndexOf('$');
        bool isVariable = dollar >= 0 && word.AsSpan(dollar + 1).TrimStart('{').IndexOfAnyExcept(Letters) < 0, isUser = !isVariable && quote is '\0' && slash < 0 && word.StartsWith('~');
        string start = isVariable ? word[(dollar + 1)..].TrimStart('{') : isUser ? word[1..] : word[(slash + 1)..];
        bool isBraced = isVariable && word.AsSpan(dollar + 1).StartsWith('{');
        IEnumerable<(string Name, bool IsFolder)> all = isVariable ? state.Variables.All.Select(variable => (variable.Key, false))
            : isUser ? Accounts.All(state.Files).Select(account => (account.Name, true))
            : isCommand && slash < 0 ? Commands(state, start) : Files(state, slash < 0 ? "" : word[..(slash + 1)], IsForFolders(before));
        (string Name, bool IsFolder)[] found = [.. all.Where(entry => entry.Name.StartsWith(start, StringComparison.Ordinal) && (start.Length > 0 || !entry.Name.StartsWith('.'))).DistinctBy(entry => entry.Name, StringComparer.Ordinal).OrderBy(entry => entry.Name, StringComparer.Ordinal).Take(MostNames)];
        if (found.Length == 0)
        {
            return new Completion("", []);
        }

        string common = found.Select(entry => entry.Name).Aggregate(Common)[start.Length..];
        string end = found.Length > 1 ? "" : found[0].IsFolder ? "/" : (isBraced ? "}" : "") + (quote is '\0' ? "" : quote) + " ";
        return new Completion((quote is '\0' && !isVariable ? Escaped(common) : common) + end, [.. found.Select(entry => (isVariable ? isBraced ? "${" : "$" : isUser ? "~" : "") + entry.Name + (isBraced ? "}" : "") + (entry.IsFolder && !isUser ? "/" : ""))]);
    }

    private static readonly System.Buffers.SearchValues<char> Letters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");

    // The word at the end of a line as the shell will have it, and the quotation mark that it is within.
    private static (string Word, char Quote) Word(string before)
    {
        StringBuilder word = new();
        char quote = '\0';
        for (int at = 0; at < before.Length; at++)
        {
            char letter = before[at];
            if (letter is '\\' && quote is not '\'' && at + 1 < before.Length)
            {
                word.Append(before[++at]);
            }
            else if (quote is '\0' && letter is '"' or '\'')
            {
                quote = letter;
            }
            else if (letter == quote)
            {
                quote = '\0';
            }
            else if (quote is '\0' && Breaks.Contains(letter, StringComparison.Ordinal))
            {
                word.Clear();
            }
            else
            {
                word.Append(letter);
            }
        }

        return (word.ToString(), quote);
    }

    private static string Escaped(string text) => string.Concat(text.Select(letter => Special.Contains(letter, StringComparison.Ordinal) ? "\\" + letter : letter.ToString()));

    private static bool IsForFolders(string before) => before.TrimStart().Split(' ', 2) is ["cd" or "rmdir" or "pushd", _];

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
        foreach (string name in Catalogue.Builtins.Keys.Concat(state.Aliases.Keys).Concat(state.Functions.Keys).Where(_ => start.Length > 0))
        {
            yield return (name, false);
        }

        foreach (string folder in start.Length == 0 ? [] : state.Get("PATH").Split(':'))
        {
            foreach (string name in state.Files.Find(folder) is FolderNode node ? node.Entries.Keys : [])
            {
                yield return (name, false);
            }
        }
    }

    private static IEnumerable<(string, bool)> Files(ShellState state, string folder, bool isForFolders)
    {
        int slash = folder.IndexOf('/', StringComparison.Ordinal);
        string? home = !folder.StartsWith('~') ? null : slash == 1 ? state.Visit.HomeFolder : Accounts.Find(state.Files, folder[1..slash])?.Home;
        string path = home is not null ? home + folder[slash..] : state.Path(folder.Length == 0 ? "." : folder);
        if (state.Files.Find(FileSystem.Normalize(path, "/")) is FolderNode node)
        {
            foreach ((string name, Node entry) in node.Entries)
            {
                bool isFolder = entry is FolderNode || (entry is LinkNode && state.Files.Find(FileSystem.Normalize(name, path)) is FolderNode);
                if (isFolder || !isForFolders)
                {
                    yield return (name, isFolder);
                }
            }
        }
    }
}
