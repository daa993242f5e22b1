using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Improvisation;

/// <summary>
/// A file that an improvised program told of has to be there when somebody looks: it is made in the visitor's own copy of the machine, where that visitor
/// could have made it.
/// </summary>
internal static class NamedFiles
{
    private const int Most = 8;

    private static readonly string[] s_places = ["/tmp/", "/var/tmp/", "/root/", "/home/", "/opt/", "/srv/", "/etc/", "/var/lib/", "/var/log/", "/usr/local/"];

    public static void Create(Invocation invocation, IReadOnlyList<string> lines)
    {
        int made = 0;
        foreach (string word in lines.SelectMany(line => line.Split([' ', '\t', '\'', '"', ',', ';', '(', ')', '=', '\u2018', '\u2019'], StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal))
        {
            string path = word.TrimEnd('.', ':');
            if (made == Most || !CommandShape.IsPath(path) || path[^1] == '/' || !s_places.Any(place => path.StartsWith(place, StringComparison.Ordinal)) || invocation.Files.Find(path) is not null)
            {
                continue;
            }

            string folder = path[..path.LastIndexOf('/')];
            int user = invocation.State.Visit.UserId;
            if (invocation.Files.Find(folder) is FolderNode parent && Access.MayWrite(parent, user))
            {
                invocation.Files.Write(path, System.Text.Encoding.Latin1.GetBytes(ContentOf(path, invocation)), user, user);
                made++;
            }
        }
    }

    private static string ContentOf(string path, Invocation invocation) => path[(path.LastIndexOf('.') + 1)..] switch
    {
        "conf" or "cfg" or "ini" or "list" => $"# {path[(path.LastIndexOf('/') + 1)..]}\n",
        "sh" => "#!/bin/sh\n",
        "log" or "txt" or "out" => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{invocation.Machine.Now:yyyy-MM-dd HH:mm:ss} {invocation.Name.Split('/')[^1]}: done\n"),
        _ => "",
    };
}
