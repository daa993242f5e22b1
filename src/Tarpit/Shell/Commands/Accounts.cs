using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Users as /etc/passwd has them.</summary>
internal static class Accounts
{
    public static IEnumerable<(string Name, int Id, int Group, string Home, string Shell)> All(FileSystem files)
    {
        files.Read("/etc/passwd", out byte[] content);
        foreach (string line in Encoding.Latin1.GetString(content).Split('\n'))
        {
            if (line.Split(':') is [var name, _, var id, var group, _, var home, var shell]
                && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int user) && int.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out int first))
            {
                yield return (name, user, first, home, shell);
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

    public static string UserName(FileSystem files, int id) =>
        All(files).FirstOrDefault(account => account.Id == id).Name ?? id.ToString(CultureInfo.InvariantCulture);

    public static string GroupName(FileSystem files, int id)
    {
        files.Read("/etc/group", out byte[] content);
        string number = id.ToString(CultureInfo.InvariantCulture);
        return Encoding.Latin1.GetString(content).Split('\n').Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && string.Equals(fields[2], number, StringComparison.Ordinal))?[0] ?? number;
    }
}
