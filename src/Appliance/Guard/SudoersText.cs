namespace Blackwall.Guard;

/// <summary>Reads the users and groups out of sudoers(5) lines, aliases included. Pure.</summary>
internal static class SudoersText
{
    private static readonly string[] Aliases = ["User_Alias", "Runas_Alias", "Host_Alias", "Cmnd_Alias", "Cmd_Alias"];

    /// <summary>Names as they stand there: "alice", "%wheel", "%#27", "ALL".</summary>
    public static IEnumerable<string> Names(IReadOnlyList<string> lines)
    {
        Dictionary<string, string[]> aliases = new(StringComparer.Ordinal);
        List<string> named = [];
        foreach (string line in Whole(lines))
        {
            string[] words = line.Split([' ', '\t'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length < 2 || line.StartsWith('@') || words[0].StartsWith("Defaults", StringComparison.Ordinal))
            {
                continue;
            }

            if (Aliases.Contains(words[0], StringComparer.Ordinal))
            {
                string[] sides = words[1].Split('=', 2);
                if (string.Equals(words[0], Aliases[0], StringComparison.Ordinal) && sides.Length == 2)
                {
                    aliases[sides[0].Trim()] = List(sides[1]);
                }

                continue;
            }

            // "alice, bob  HOST = ...": the users end before the last word on the left.
            string left = line.Split('=', 2)[0].Trim();
            int host = left.LastIndexOfAny([' ', '\t']);
            if (line.Contains('=', StringComparison.Ordinal) && host > 0)
            {
                named.AddRange(List(left[..host]));
            }
        }

        return named.SelectMany(name => aliases.GetValueOrDefault(name) ?? [name]).Where(name => !name.StartsWith('!')).Distinct(StringComparer.Ordinal);
    }

    private static string[] List(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // A backslash joins the next line; a number sign begins a comment unless a number follows.
    private static IEnumerable<string> Whole(IReadOnlyList<string> lines)
    {
        string start = "";
        foreach (string line in lines)
        {
            if (line.EndsWith('\\'))
            {
                start += line[..^1];
                continue;
            }

            string whole = start + line;
            start = "";
            int comment = whole.IndexOf('#', StringComparison.Ordinal);
            while (comment >= 0 && comment + 1 < whole.Length && char.IsAsciiDigit(whole[comment + 1]))
            {
                comment = whole.IndexOf('#', comment + 1);
            }

            yield return (comment < 0 ? whole : whole[..comment]).Trim();
        }
    }
}
