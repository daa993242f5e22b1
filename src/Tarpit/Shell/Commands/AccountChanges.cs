using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>What useradd, usermod, passwd and the like change: the files of accounts, and which password logs in next time.</summary>
internal static class AccountChanges
{
    private static readonly char[] s_forbidden = [':', '\n', '/', ' '];

    public static bool IsName(string name) => name.Length is > 0 and <= 32 && name.IndexOfAny(s_forbidden) < 0 && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '$');

    /// <summary>Adds a user with a group of the same name.</summary>
    public static int Add(Invocation i, string name, int? id, int? group, string home, string shell, string text)
    {
        int user = id ?? Free(Accounts.All(i.Files).Select(account => account.Id));
        int first = group ?? (Accounts.Groups(i.Files).Any(other => other.Id == user) ? Free(Accounts.Groups(i.Files).Select(other => other.Id)) : user);
        Accounts.Edit(i.Files, "/etc/passwd", fields => string.Join(':', fields), string.Create(CultureInfo.InvariantCulture, $"{name}:x:{user}:{first}:{text}:{home}:{shell}"));
        Accounts.Edit(i.Files, "/etc/shadow", fields => string.Join(':', fields), string.Create(CultureInfo.InvariantCulture, $"{name}:!:{(i.Machine.Now - DateTimeOffset.UnixEpoch).Days}:0:99999:7:::"));
        if (group is null)
        {
            AddGroup(i, name, first);
            Tell(i, "useradd", string.Create(CultureInfo.InvariantCulture, $"new group: name={name}, GID={first}"));
        }

        string terminal = i.State.Visit.TerminalName is { Length: > 0 } own ? "/dev/" + own : "none";
        Tell(i, "useradd", string.Create(CultureInfo.InvariantCulture, $"new user: name={name}, UID={user}, GID={first}, home={home}, shell={shell}, from={terminal}"));
        return user;
    }

    /// <summary>A line in auth.log.</summary>
    public static void Tell(Invocation i, string program, string text) =>
        VisitorLines.Add(i.State.Visit.Memory, "auth.log", string.Create(CultureInfo.InvariantCulture, $"{program}[{i.State.Visit.Memory.NextProcess()}]"), text);

    public static void AddGroup(Invocation i, string name, int? id)
    {
        int number = id ?? Free(Accounts.Groups(i.Files).Select(group => group.Id));
        Accounts.Edit(i.Files, "/etc/group", fields => string.Join(':', fields), string.Create(CultureInfo.InvariantCulture, $"{name}:x:{number}:"));
        Accounts.Edit(i.Files, "/etc/gshadow", fields => string.Join(':', fields), $"{name}:!::");
    }

    public static void Remove(Invocation i, string name)
    {
        foreach (string path in new[] { "/etc/passwd", "/etc/shadow", "/etc/subuid", "/etc/subgid" })
        {
            Accounts.Edit(i.Files, path, fields => Is(fields, name) ? null : string.Join(':', fields));
        }

        foreach (string path in new[] { "/etc/group", "/etc/gshadow" })
        {
            Accounts.Edit(i.Files, path, fields => Is(fields, name) ? null : fields.Length < 4 ? string.Join(':', fields) : string.Join(':', [.. fields[..3], Without(fields[3], name)]));
        }

        i.State.Visit.Memory.SetPassword(name, null);
    }

    /// <summary>Makes a user a member of groups; of these alone, unless they are added.</summary>
    public static void Join(Invocation i, string user, IReadOnlyCollection<string> groups, bool isAdded)
    {
        Accounts.Edit(i.Files, "/etc/group", fields => fields.Length < 4 ? string.Join(':', fields)
            : string.Join(':', [.. fields[..3], groups.Contains(fields[0], StringComparer.Ordinal) ? With(fields[3], user) : isAdded ? fields[3] : Without(fields[3], user)]));
    }

    /// <summary>Sets fields of a user: by their place in /etc/passwd.</summary>
    public static void Set(Invocation i, string user, int place, string value) =>
        Accounts.Edit(i.Files, "/etc/passwd", fields => string.Join(':', Is(fields, user) && fields.Length > place ? [.. fields[..place], value, .. fields[(place + 1)..]] : fields));

    /// <summary>The password of a user is another one from now on.</summary>
    public static void SetPassword(Invocation i, string user, string password)
    {
        SetSecret(i, user, "$y$j9T$" + Letters(16) + "$" + Letters(43));
        i.State.Visit.Memory.SetPassword(user, password);
        Tell(i, i.Name is "chpasswd" ? "chpasswd" : "passwd", $"pam_unix({(i.Name is "chpasswd" ? "chpasswd" : "passwd")}:chauthtok): password changed for {user}");
        i.State.Log.Record(new Observation(ObservationKinds.Login) { User = user, Secret = password, Method = "changed-password" });
    }

    /// <summary>What /etc/shadow has of a user.</summary>
    public static void SetSecret(Invocation i, string user, string secret) =>
        Accounts.Edit(i.Files, "/etc/shadow", fields => string.Join(':', Is(fields, user) && fields.Length > 2 ? [fields[0], secret, (i.Machine.Now - DateTimeOffset.UnixEpoch).Days.ToString(CultureInfo.InvariantCulture), .. fields[3..]] : fields));

    public static string Secret(FileSystem files, string user)
    {
        files.Read("/etc/shadow", out byte[] content);
        return Encoding.Latin1.GetString(content).Split('\n').Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 2 && Is(fields, user))?[1] ?? "*";
    }

    /// <summary>A home with what /etc/skel has.</summary>
    public static void MakeHome(Invocation i, string home, int user, int group)
    {
        if (i.Files.MakeFolder(home, user, group, 0x1E8) != FileError.None || i.Files.Find("/etc/skel") is not FolderNode skeleton)
        {
            return;
        }

        foreach ((string name, Node node) in skeleton.Entries)
        {
            i.Files.Put($"{home}/{name}", node with { User = user, Group = group, Modified = i.Machine.Now });
        }
    }

    private static bool Is(string[] fields, string name) => string.Equals(fields[0], name, StringComparison.Ordinal);

    private static string With(string members, string user) => members.Split(',').Contains(user, StringComparer.Ordinal) ? members : members.Length == 0 ? user : $"{members},{user}";

    private static string Without(string members, string user) => string.Join(',', members.Split(',').Where(member => !string.Equals(member, user, StringComparison.Ordinal)));

    private static int Free(IEnumerable<int> taken) => Math.Max(1000, taken.Where(id => id is >= 1000 and < 60_000).DefaultIfEmpty(999).Max() + 1);

    private static string Letters(int length) => RandomNumberGenerator.GetString("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", length);
}
