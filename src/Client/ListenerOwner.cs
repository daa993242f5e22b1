using System.Globalization;

namespace Blackwall.Client;

/// <summary>Who listens at a TCP port of this machine (/proc/net/tcp): a key in clear must not go to another local user.</summary>
public static class ListenerOwner
{
    private const string Listening = "0A"; // TCP_LISTEN

    // Only root makes folders in /run, so whoever has this one is the user of the installed service.
    private const string ServiceFolder = "/run/blackwall";

    /// <summary>Whether somebody listens there who is neither root, nor the caller, nor the user of the installed service. False too where nobody listens.</summary>
    public static bool IsAnother(int port) =>
        Users("/proc/net/tcp", port).Concat(Users("/proc/net/tcp6", port)).Any(user => user != 0 && user != Own() && user != Service());

    // Columns: number, local address:port, remote, state, queues, timer, retransmissions, user; ports in hex.
    internal static IEnumerable<int> Read(IEnumerable<string> lines, int port) =>
        lines.Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns.Length > 7
                && string.Equals(columns[3], Listening, StringComparison.Ordinal)
                && int.TryParse(columns[1].AsSpan(columns[1].LastIndexOf(':') + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int local)
                && local == port)
            .Select(columns => int.TryParse(columns[7], NumberStyles.None, CultureInfo.InvariantCulture, out int user) ? user : -1);

    private static IEnumerable<int> Users(string file, int port)
    {
        try
        {
            return File.Exists(file) ? [.. Read(File.ReadLines(file), port)] : [];
        }
        catch (IOException)
        {
            return [];
        }
    }

    // The service's files are its user's: the name says which number that is.
    private static int Service()
    {
        try
        {
            return Directory.Exists(ServiceFolder) && File.ReadLines("/etc/passwd").FirstOrDefault(line => line.StartsWith("blackwall:", StringComparison.Ordinal)) is { } entry
                && int.TryParse(entry.Split(':').ElementAtOrDefault(2), NumberStyles.None, CultureInfo.InvariantCulture, out int user) ? user : -1;
        }
        catch (IOException)
        {
            return -1;
        }
    }

    private static int Own()
    {
        string? line = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("Uid:", StringComparison.Ordinal)) : null;
        return int.TryParse(line?.Split('\t').ElementAtOrDefault(2), NumberStyles.None, CultureInfo.InvariantCulture, out int user) ? user : -1;
    }
}
