using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Remote;

/// <summary>Programs that fetch something or log in elsewhere, by name.</summary>
internal static class DownloadCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["wget"] = WgetCommand.RunAsync,
        ["curl"] = CurlCommand.RunAsync,
        ["ftp"] = LoginClients.FtpAsync,
        ["tnftp"] = LoginClients.FtpAsync,
        ["tftp"] = LoginClients.OtherAsync,
        ["rsync"] = LoginClients.OtherAsync,
        ["nc"] = NetcatCommand.RunAsync,
        ["nc.openbsd"] = NetcatCommand.RunAsync,
        ["ssh"] = LoginClients.SshAsync,
        ["telnet"] = LoginClients.TelnetAsync,
        ["ssh-copy-id"] = LoginClients.OtherAsync,
        ["sftp"] = LoginClients.OtherAsync,
        ["smbclient"] = LoginClients.OtherAsync,
    };
}
