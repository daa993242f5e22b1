using System.Text;
using System.Text.RegularExpressions;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell;

/// <summary>Patterns of file names: *, ?, [...], a backslash before what is not special.</summary>
internal static class Globs
{
    private const int MostFound = 20_000;

    /// <summary>Whether a whole text fits.</summary>
    public static bool IsMatch(string pattern, string text) => Anchored(pattern) is { } regex && regex.IsMatch(text);

    /// <summary>A pattern as an expression that runs in linear time; null: it is too large for one.</summary>
    public static Regex? Regex(string pattern) => Compile(Translate(pattern));

    /// <summary>The paths that fit, in order; empty: none.</summary>
    public static List<string> Expand(string pattern, ShellState state)
    {
        bool absolute = pattern.StartsWith('/');
        List<string> paths = [absolute ? "/" : ""];
        foreach (string part in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            List<string> next = [];
            foreach (string path in paths)
            {
                if (part.AsSpan().IndexOfAny('*', '?', '[') < 0)
                {
                    string name = part.Replace("\\", "", StringComparison.Ordinal);
                    if (state.Files.Find(state.Path(Join(path, name)), follow: false) is not null || name is "." or "..")
                    {
                        next.Add(Join(path, name));
                    }
                }
                else if (state.Files.Find(path.Length == 0 ? state.Folder : state.Path(path)) is FolderNode folder && Anchored(part) is { } regex)
                {
                    next.AddRange(folder.Entries.Keys.Where(name => (part.StartsWith('.') || !name.StartsWith('.')) && regex.IsMatch(name)).Select(name => Join(path, name)));
                }

                if (next.Count > MostFound)
                {
                    return [];
                }
            }

            paths = next;
        }

        return paths;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : path.EndsWith('/') ? path + name : $"{path}/{name}";

    private static Regex? Anchored(string pattern) => Compile($"^(?:{Translate(pattern)})$");

    private static Regex? Compile(string expression)
    {
        const int longest = 4096;
        try
        {
            return expression.Length > longest ? null : new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static string Translate(string pattern)
    {
        StringBuilder expression = new();
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            switch (c)
            {
                case '*':
                    expression.Append(".*");
                    break;
                case '?':
                    expression.Append('.');
                    break;
                case '\\' when i + 1 < pattern.Length:
                    expression.Append(System.Text.RegularExpressions.Regex.Escape(pattern[++i].ToString()));
                    break;
                case '[' when pattern.IndexOf(']', Math.Min(i + 2, pattern.Length)) is > 0 and int end:
                    string set = pattern[(i + 1)..end].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal);
                    expression.Append('[').Append(set.StartsWith('!') ? "^" + set[1..] : set).Append(']');
                    i = end;
                    break;
                default:
                    expression.Append(System.Text.RegularExpressions.Regex.Escape(c.ToString()));
                    break;
            }
        }

        return expression.ToString();
    }
}
