using System.Globalization;

namespace Blackwall.Guard;

/// <summary>
/// Users who may become root on this machine: user id 0, members of the groups sudo, wheel and admin, and users named by sudoers(5). A file that cannot
/// be read removes nobody.
/// </summary>
internal sealed class Administrators
{
    private static readonly string[] UsualGroups = ["root", "sudo", "wheel", "admin"];

    private readonly HashSet<string> _users = new(StringComparer.Ordinal) { "root" };
    private readonly HashSet<int> _groups = [0];
    private readonly HashSet<int> _ids = [0];
    private bool _everybody;

    private Administrators()
    {
    }

    /// <param name="etc">/etc.</param>
    public static Administrators Read(string etc)
    {
        Administrators found = new();
        HashSet<string> groups = new(UsualGroups, StringComparer.Ordinal);
        IEnumerable<string> sudoers = Lines(Path.Combine(etc, "sudoers"));
        string folder = Path.Combine(etc, "sudoers.d");
        // sudo leaves out names with a dot or a tilde.
        sudoers = sudoers.Concat(Files(folder).Where(file => !Path.GetFileName(file).Contains('.', StringComparison.Ordinal) && !file.EndsWith('~')).SelectMany(Lines));

        foreach (string name in SudoersText.Names([.. sudoers]))
        {
            if (string.Equals(name, "ALL", StringComparison.Ordinal))
            {
                found._everybody = true;
            }
            else if (name.StartsWith("%#", StringComparison.Ordinal) && int.TryParse(name.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out int group))
            {
                found._groups.Add(group);
            }
            else if (name.StartsWith('%'))
            {
                groups.Add(name[1..]);
            }
            else
            {
                found._users.Add(name);
            }
        }

        // name:password:id:members
        foreach (string[] columns in Lines(Path.Combine(etc, "group")).Select(line => line.Split(':')).Where(columns => columns.Length >= 4 && groups.Contains(columns[0])))
        {
            found._users.UnionWith(columns[3].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
            if (int.TryParse(columns[2], NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                found._groups.Add(id);
            }
        }

        // name:password:user id:group id:...; root may have other names, and a group may be somebody's first one.
        foreach (string[] columns in Lines(Path.Combine(etc, "passwd")).Select(line => line.Split(':')).Where(columns => columns.Length >= 4))
        {
            if (string.Equals(columns[2], "0", StringComparison.Ordinal)
                || (int.TryParse(columns[3], NumberStyles.None, CultureInfo.InvariantCulture, out int first) && found._groups.Contains(first)))
            {
                found._users.Add(columns[0]);
            }

            if (found._users.Contains(columns[0]) && int.TryParse(columns[2], NumberStyles.None, CultureInfo.InvariantCulture, out int user))
            {
                found._ids.Add(user);
            }
        }

        return found;
    }

    public bool Includes(string user) => _everybody || _users.Contains(user);

    /// <summary>By the ids that a process of the user has.</summary>
    public bool Includes(int userId, IEnumerable<int> groupIds) => _everybody || _ids.Contains(userId) || groupIds.Any(_groups.Contains);

    private static string[] Files(string folder)
    {
        try
        {
            return Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static IEnumerable<string> Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
