using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell;

/// <summary>Patterns of file names and of texts: *, ?, [...], extglob, a backslash before what is not special.</summary>
internal static class Globs
{
    private const int MostFound = 20_000;
    private static readonly string[] s_dots = [".", ".."];

    // Entries that are looked at for one pattern.
    private const int MostLooked = 100_000;
    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create("*?[+@!");

    /// <summary>Whether a whole text fits.</summary>
    public static bool IsMatch(string pattern, string text, bool ignoresCase = false)
    {
        if (!ignoresCase && pattern.AsSpan().IndexOfAny(Special) < 0 && !pattern.Contains('\\', StringComparison.Ordinal))
        {
            return string.Equals(pattern, text, StringComparison.Ordinal);
        }

        if (pattern.Length > GlobParser.Longest)
        {
            return string.Equals(Plain(pattern), text, ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        }

        return new GlobPattern(Characters.Of(pattern), ignoresCase).IsMatch(Characters.Of(text));
    }

    /// <summary>Whether anything in a pattern is special.</summary>
    public static bool IsPattern(string pattern, bool hasLists)
    {
        int lastClose = pattern.LastIndexOf(']');
        for (int i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '*' or '?':
                    return true;
                case '[' when lastClose > i && pattern.IndexOf(']', i + 2) is > 0 and var close && pattern.IndexOf('/', i, close - i) < 0:
                    return true;
                case '+' or '@' or '!' when hasLists && i + 1 < pattern.Length && pattern[i + 1] == '(':
                    return true;
            }
        }

        return false;
    }

    /// <summary>The paths that fit, in order; empty: none.</summary>
    public static List<string> Expand(string pattern, ShellState state)
    {
        bool absolute = pattern.StartsWith('/');
        int looked = 0;
        List<string> paths = [absolute ? "/" : ""];
        string[] parts = Parts(pattern, state);
        for (int i = 0; i < parts.Length; i++)
        {
            bool isLast = i == parts.Length - 1;
            List<string> next = [];
            foreach (string path in paths)
            {
                if (parts[i] is "**" && state.Has("globstar"))
                {
                    AddTree(path, state, isLast, next, ref looked);
                }
                else
                {
                    AddEntries(path, parts[i], state, isLast, next, ref looked);
                }

                if (next.Count > MostFound || looked > MostLooked)
                {
                    return [];
                }
            }

            paths = next;
        }

        if (pattern.EndsWith('/') && parts.Length > 0)
        {
            paths = [.. paths.Where(path => state.Files.Find(state.Path(path)) is FolderNode).Select(path => path + "/")];
        }

        if (Ignored(state) is { Count: > 0 } ignored)
        {
            paths.RemoveAll(path => path.Split('/')[^1] is "." or ".." || ignored.Exists(one => IsIgnored(one, path)));
        }

        paths.Sort(string.CompareOrdinal);
        return paths;
    }

    // GLOBIGNORE: patterns between colons, but not those in brackets.
    private static List<string> Ignored(ShellState state)
    {
        List<string> patterns = [];
        string all = state.Get("GLOBIGNORE");
        for (int at = 0, start = 0, open = -1; at <= all.Length; at++)
        {
            open = at < all.Length && all[at] == '[' && open < 0 ? at : at < all.Length && all[at] == ']' && at > open + 1 && all[at - 1] != ':' ? -1 : open;
            if (at == all.Length || (all[at] == ':' && open < 0))
            {
                patterns.Add(all[start..at]);
                start = at + 1;
            }
        }

        patterns.RemoveAll(pattern => pattern.Length == 0);
        return patterns;
    }

    private static bool IsIgnored(string pattern, string path)
    {
        string[] patterns = pattern.Split('/'), names = path.Split('/');
        return patterns.Length == names.Length && patterns.Zip(names).All(pair => IsMatch(pair.First, pair.Second));
    }

    private static void AddEntries(string path, string part, ShellState state, bool isLast, List<string> next, ref int looked)
    {
        if (!IsPattern(part, hasLists: true))
        {
            string name = Plain(part);
            if (name is "." or ".." || state.Files.Find(state.Path(Join(path, name)), follow: false) is not null)
            {
                next.Add(Join(path, name));
            }

            return;
        }

        if (state.Files.Find(path.Length == 0 ? state.Folder : state.Path(path)) is not FolderNode folder || !Access.MayRead(folder, state.Visit.UserId))
        {
            return;
        }

        GlobPattern glob = new(Characters.Of(part), state.Has("nocaseglob"));
        bool hidden = part.StartsWith('.') || part.StartsWith("\\.", StringComparison.Ordinal), all = state.Has("dotglob") || state.Get("GLOBIGNORE").Length > 0;
        if (hidden && !state.Has("globskipdots"))
        {
            next.AddRange(s_dots.Where(glob.IsMatch).Select(name => Join(path, name)));
        }

        looked += folder.Entries.Count;
        foreach ((string name, Node node) in folder.Entries)
        {
            if ((hidden || all || !name.StartsWith('.')) && glob.IsMatch(Characters.Of(name)) && (isLast || node is FolderNode or LinkNode))
            {
                next.Add(Join(path, name));
            }
        }
    }

    // "**": all folders below, and at the end all files too.
    private static void AddTree(string path, ShellState state, bool isLast, List<string> next, ref int looked, bool isRoot = true)
    {
        if (!isLast || path.Length > 0)
        {
            next.Add(isRoot && isLast && path.Length > 0 ? path + "/" : path);
        }

        if (next.Count > MostFound || looked > MostLooked || state.Files.Find(path.Length == 0 ? state.Folder : state.Path(path), follow: path.Length == 0) is not FolderNode folder)
        {
            return;
        }

        looked += folder.Entries.Count;
        foreach ((string name, Node node) in folder.Entries)
        {
            if (name.StartsWith('.') && !state.Has("dotglob"))
            {
                continue;
            }

            if (node is FolderNode)
            {
                AddTree(Join(path, name), state, isLast, next, ref looked, isRoot: false);
            }
            else if (isLast)
            {
                next.Add(Join(path, name));
            }
        }
    }

    // A slash in brackets or in a list separates nothing.
    private static string[] Parts(string pattern, ShellState state)
    {
        string[] parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);

        // One "**" finds all that another behind it would.
        return state.Has("globstar") ? [.. parts.Where((part, at) => part is not "**" || at == 0 || parts[at - 1] is not "**")] : parts;
    }

    private static string Plain(string part)
    {
        if (!part.Contains('\\', StringComparison.Ordinal))
        {
            return part;
        }

        System.Text.StringBuilder plain = new();
        for (int i = 0; i < part.Length; i++)
        {
            i += part[i] == '\\' && i + 1 < part.Length ? 1 : 0;
            plain.Append(part[i]);
        }

        return plain.ToString();
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : path.EndsWith('/') ? path + name : $"{path}/{name}";
}
