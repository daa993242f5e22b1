using Blackwall.Pipeline.Model;

namespace Blackwall.Guard;

/// <summary>
/// Remote sessions that systemd-logind knows (the files of /run/systemd/sessions, which anybody may read): who logged in and from where, also without a
/// terminal. They show an administrator's address to an appliance that may not look into the processes of others.
/// </summary>
internal static class LogindSessions
{
    /// <summary>Peers of sessions whose user may administer the machine.</summary>
    /// <param name="folder">/run/systemd/sessions; nobody is known where it is missing.</param>
    /// <param name="administrators">Who may.</param>
    public static IReadOnlyList<Address> Peers(string folder, Administrators administrators) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder)

            // Beside each session lies a pipe NAME.ref, which must not be opened.
            .Where(path => !Path.HasExtension(path) && !Path.GetFileName(path).StartsWith('.'))
            .Select(path => Read(TextOf(path)))
            .OfType<(string User, Address Peer)>()
            .Where(session => administrators.Includes(session.User))
            .Select(session => session.Peer)
            .Distinct(),
    ];

    /// <summary>The user and the other end of a session; null: it is local, over, or from a host whose address is not told.</summary>
    /// <param name="text">A session file: NAME=value lines.</param>
    public static (string User, Address Peer)? Read(string text)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (string line in text.Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                values[line[..equals]] = line[(equals + 1)..].Trim('"');
            }
        }

        return values.GetValueOrDefault("REMOTE") is "1"
            && values.GetValueOrDefault("STATE") is not "closing"
            && values.TryGetValue("USER", out string? user)
            && values.TryGetValue("REMOTE_HOST", out string? host)
            && Address.TryParse(host, out Address peer)
            ? (user, peer)
            : null;
    }

    // One that ends while it is looked at hides no other.
    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
