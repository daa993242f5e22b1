using System.Globalization;
using System.Text;
using Blackwall.Pipeline.Model;

namespace Blackwall.Guard;

/// <summary>
/// Finds who is logged in over SSH, also where no login records are kept: connections held by a server process whose title names a user and a
/// terminal, which sshd sets after authentication only. A connection that is still guessing passwords has another title.
/// </summary>
internal static class SshSessions
{
    private static readonly string[] Programs = ["sshd", "sshd-session"];

    /// <summary>Peers of sessions whose user may administer the machine.</summary>
    /// <param name="procFolder">/proc.</param>
    /// <param name="administrators">Who may.</param>
    public static IReadOnlyList<Address> Peers(string procFolder, Administrators administrators)
    {
        List<string> sessions = [.. Directory.EnumerateDirectories(procFolder).Where(process => IsSession(process, administrators))];
        if (sessions.Count == 0)
        {
            return [];
        }

        Dictionary<long, Address> connections = [];
        foreach (string table in new[] { "net/tcp", "net/tcp6" })
        {
            string path = Path.Combine(procFolder, table);
            foreach ((long inode, Address peer) in File.Exists(path) ? TcpTable.Read(File.ReadAllText(path)) : [])
            {
                connections[inode] = peer;
            }
        }

        return [.. sessions.SelectMany(Sockets).Where(connections.ContainsKey).Select(inode => connections[inode]).Distinct()];
    }

    /// <summary>
    /// Whether an administrator is logged in and it cannot be seen from where: the processes of others are closed to a service that may not look into
    /// them.
    /// </summary>
    public static bool IsBlind(string procFolder, Administrators administrators) =>
        Directory.EnumerateDirectories(procFolder).Any(process => LooksLikeSession(process, administrators) && !IsReadable(process));

    private static bool IsReadable(string process)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd")).Any();
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (IOException)
        {
            // It ended while it was looked at.
            return true;
        }
    }

    private static bool IsSession(string process, Administrators administrators)
    {
        try
        {
            return LooksLikeSession(process, administrators)
                && Programs.Contains(Path.GetFileName(File.ResolveLinkTarget(Path.Combine(process, "exe"), returnFinalTarget: false)?.FullName ?? ""), StringComparer.Ordinal);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool LooksLikeSession(string process, Administrators administrators)
    {
        if (!int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            return false;
        }

        try
        {
            return Programs.Contains(File.ReadAllText(Path.Combine(process, "comm")).Trim(), StringComparer.Ordinal)
                && Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "cmdline"))).TrimEnd('\0', ' ') is var title
                && IsLoggedIn(title)
                && Administers(process, administrators);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It ended while it was looked at.
            return false;
        }
    }

    /// <summary>"sshd: alice@pts/0" is; "sshd: alice [priv]", "sshd: unknown [net]" and "sshd: /usr/sbin/sshd -D [listener]" are not.</summary>
    internal static bool IsLoggedIn(string title) =>
        Programs.Any(program => title.StartsWith($"{program}: ", StringComparison.Ordinal))
        && title.Contains('@', StringComparison.Ordinal)
        && !title.Contains('[', StringComparison.Ordinal);

    // The process of a session runs as its user. Any local user can give a program of his own that name and that title, but not these ids.
    private static bool Administers(string process, Administrators administrators) =>
        ProcessIds.TryRead(File.ReadAllText(Path.Combine(process, "status")), out int user, out int[] groups) && administrators.Includes(user, groups);

    private static List<long> Sockets(string process)
    {
        List<long> inodes = [];
        try
        {
            foreach (string descriptor in Directory.EnumerateFileSystemEntries(Path.Combine(process, "fd")))
            {
                string? target = new FileInfo(descriptor).LinkTarget;
                if (target is not null && target.StartsWith("socket:[", StringComparison.Ordinal)
                    && long.TryParse(target.AsSpan("socket:[".Length).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out long inode))
                {
                    inodes.Add(inode);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // As above.
        }

        return inodes;
    }
}
