using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Users and groups as /etc/passwd and /etc/group have them.</summary>
internal static class Accounts
{
    public static IEnumerable<(string Name, int Id, int Group, string Home, string Shell)> All(FileSystem files)
    {
        foreach (string[] fields in Lines(files, "/etc/passwd"))
        {
            if (fields is [var name, _, var id, var group, _, var home, var shell]
                && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int user) && int.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out int first))
            {
                yield return (name, user, first, home, shell);
            }
        }
    }

    public static IEnumerable<(string Name, int Id, string[] Members)> Groups(FileSystem files)
    {
        foreach (string[] fields in Lines(files, "/etc/group"))
        {
            if (fields is [var name, _, var id, var members] && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                yield return (name, number, members.Split(',', StringSplitOptions.RemoveEmptyEntries));
            }
        }
    }

    public static (string Name, int Id, int Group, string Home, string Shell)? Find(FileSystem files, string name)
    {
        foreach (var account in All(files))
        {
            if (string.Equals(account.Name, name, StringComparison.Ordinal) || string.Equals(account.Id.ToString(CultureInfo.InvariantCulture), name, StringComparison.Ordinal))
            {
                return account;
            }
        }

        return null;
    }

    /// <summary>Groups of a user: his own first, then the others by number.</summary>
    public static IReadOnlyList<(string Name, int Id)> GroupsOf(FileSystem files, string user, int first)
    {
        List<(string Name, int Id)> groups = [(GroupName(files, first), first)];
        groups.AddRange(Groups(files).Where(group => group.Id != first && group.Members.Contains(user, StringComparer.Ordinal)).OrderBy(group => group.Id).Select(group => (group.Name, group.Id)));
        return groups;
    }

    public static string UserName(FileSystem files, int id) =>
        All(files).FirstOrDefault(account => account.Id == id).Name ?? id.ToString(CultureInfo.InvariantCulture);

    public static string GroupName(FileSystem files, int id) =>
        Groups(files).FirstOrDefault(group => group.Id == id).Name ?? id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Changes the lines of a file of accounts; a line that becomes null goes.</summary>
    public static void Edit(FileSystem files, string path, Func<string[], string?> change, string? added = null)
    {
        if (files.Read(path, out byte[] content) != FileError.None)
        {
            return;
        }

        IEnumerable<string> lines = Encoding.Latin1.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => change(line.Split(':'))).OfType<string>();
        files.Write(path, Encoding.Latin1.GetBytes(string.Concat(lines.Concat(added is null ? [] : [added]).Select(line => line + "\n"))), 0, 0);
    }

    private static IEnumerable<string[]> Lines(FileSystem files, string path)
    {
        files.Read(path, out byte[] content);
        return Encoding.Latin1.GetString(content).Split('\n').Select(line => line.Split(':'));
    }
}
