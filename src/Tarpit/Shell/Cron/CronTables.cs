using System.Text;
using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Cron;

/// <summary>
/// The tables of cron as a visitor has them: those of users, /etc/crontab and /etc/cron.d. What Debian's cron leaves alone for its mode or name is left alone,
/// and so are lines of the machine itself as long as what they run is as it was.
/// </summary>
internal static class CronTables
{
    public const string UserTables = "/var/spool/cron/crontabs";

    private const string SystemTables = "/etc/cron.d";
    private const int MostEntries = 64, MostSettings = 32, LongestLine = 4096, LargestTable = 64 * 1024;
    private const int AllButOwnerWrites = 0x12;

    /// <summary>Bits that a table of a user may have or not, and what the others are (mode 0600).</summary>
    private const int JudgedBits = 0xF5B, UserTableMode = 0x100;

    public static IReadOnlyList<CronEntry> Read(FileSystem files)
    {
        List<CronEntry> entries = [];
        foreach (string name in Names(files, UserTables))
        {
            if (files.Find($"{UserTables}/{name}", follow: false) is FileNode { Content.Size: <= LargestTable } table && (table.Mode & JudgedBits) == UserTableMode)
            {
                Add(entries, files, $"{UserTables}/{name}", table, name);
            }
        }

        foreach (string path in (string[])["/etc/crontab", .. Names(files, SystemTables).Where(IsPlain).Select(name => $"{SystemTables}/{name}")])
        {
            if (files.Find(path) is FileNode { Content.Size: <= LargestTable, User: 0 } table && (table.Mode & AllButOwnerWrites) == 0)
            {
                Add(entries, files, path, table, user: null);
            }
        }

        return entries;
    }

    /// <summary>Names that cron and run-parts look at.</summary>
    public static bool IsPlain(string name) => name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-');

    /// <summary>NAME = value, with or without quotes; null: the line sets no variable.</summary>
    public static KeyValuePair<string, string>? Setting(string line)
    {
        int sign = line.IndexOf('=', StringComparison.Ordinal);
        string name = sign < 0 ? "" : line[..sign].Trim().Trim('"', '\'');
        if (name.Length == 0 || !(char.IsAsciiLetter(name[0]) || name[0] is '_') || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_'))
        {
            return null;
        }

        string value = line[(sign + 1)..].Trim();
        bool isQuoted = value.Length > 1 && value[0] is '"' or '\'' && value[^1] == value[0];
        return KeyValuePair.Create(name, isQuoted ? value[1..^1] : value);
    }

    private static string[] Names(FileSystem files, string folder) => files.Find(folder) is FolderNode found ? [.. found.Entries.Keys.Order(StringComparer.Ordinal)] : [];

    // User null: each line says whose command it is.
    private static void Add(List<CronEntry> entries, FileSystem files, string path, FileNode table, string? user)
    {
        HashSet<string> machines = [.. Machines(files, path).Split('\n')];
        List<KeyValuePair<string, string>> settings = [];
        foreach (string raw in Encoding.Latin1.GetString(table.Content.Read()).Split('\n'))
        {
            string line = raw.TrimStart(' ', '\t');
            if (line.Length is 0 or > LongestLine || line[0] is '#')
            {
                continue;
            }

            if (Setting(line) is { } setting)
            {
                settings.AddRange(settings.Count < MostSettings ? [setting] : []);
                continue;
            }

            if (CronSchedule.Parse(line, out string rest, out _) is not { } schedule)
            {
                continue;
            }

            string owner = user ?? rest.Split((char[])[' ', '\t'], 2)[0];
            string command = user is not null ? rest : rest[owner.Length..].TrimStart(' ', '\t');
            bool isMachines = machines.Contains(raw);
            if (command.Length > 0 && entries.Count < MostEntries && (!isMachines || IsChanged(files, command)))
            {
                (string text, string input) = Split(command);
                entries.Add(new CronEntry(schedule, owner, text, input, [.. settings], isMachines));
            }
        }
    }

    // The first percent sign ends the command, the others are ends of lines of its input; with a backslash it is itself.
    private static (string Command, string Input) Split(string text)
    {
        StringBuilder command = new(), input = new(), current = command;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] is '\\' && at + 1 < text.Length && text[at + 1] is '%')
            {
                current.Append(text[++at]);
            }
            else if (text[at] is '%')
            {
                _ = ReferenceEquals(current, command) ? null : current.Append('\n');
                current = input;
            }
            else
            {
                current.Append(text[at]);
            }
        }

        return (command.ToString(), input.Length > 0 ? input.Append('\n').ToString() : "");
    }

    // What the machine's own commands do, everybody finds done. They matter when a visitor changed a file that they name, or what is in a folder.
    private static bool IsChanged(FileSystem files, string command) =>
        command.Split((char[])[' ', '\t', ';', '>', '<', '&', '|', '{', '}'], StringSplitOptions.RemoveEmptyEntries).Any(word => word.Length > 1 && word[0] is '/' && (files.Find(word), First(files, word)) switch
        {
            (FolderNode now, FolderNode first) => !now.IsLive && !ReferenceEquals(now.Entries, first.Entries),
            (FileNode now, var first) => !ReferenceEquals(now, first) && first is FileNode or null,
            _ => false,
        });

    private static string Machines(FileSystem files, string path) => First(files, path) is FileNode file ? Encoding.Latin1.GetString(file.Content.Read()) : "";

    // What is at a path as everybody finds it first.
    private static Node? First(FileSystem files, string path)
    {
        Node? node = files.Base;
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = (node as FolderNode)?.Entries.GetValueOrDefault(part);
        }

        return node;
    }
}
