using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Connections;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>Functions of Perl that reach files, users and sockets of the machine.</summary>
internal static class ScriptFiles
{
    public static bool TryCall(ScriptMachine machine, string name, List<object?> values, string first, out object? result)
    {
        ShellState state = machine.Call.State;
        string path = state.Path(first);
        Node? node = name is ['-', _] or "unlink" or "opendir" or "chdir" ? state.Files.Find(path, follow: name is not "-l") : null;
        object Truth(bool holds) => holds ? 1.0 : "";
        switch (name)
        {
            case "-e" or "-f" or "-d" or "-l" or "-r" or "-w" or "-x" or "-s" or "-z":
                result = node is null ? null : name[1] switch
                {
                    'f' => Truth(node is FileNode),
                    'd' => Truth(node is FolderNode),
                    'l' => Truth(node is LinkNode),
                    'r' => Truth(Access.MayRead(node, state.Visit.UserId)),
                    'w' => Truth(Access.MayWrite(node, state.Visit.UserId)),
                    'x' => Truth(Access.MayExecute(node, state.Visit.UserId)),
                    's' => node is FileNode { Content.Size: > 0 and var size } ? (double)size : "",
                    'z' => Truth(node is FileNode { Content.Size: 0 }),
                    _ => Truth(true),
                };
                return true;
            case "opendir" or "binmode" or "select" or "socket" or "setsockopt" or "setsid" or "wait" or "waitpid" or "kill" or "exists" or "bless" or "local":
                result = 1.0;
                return true;
            case "unlink":
                result = (double)values.Count(value => state.Files.Find(state.Path(machine.Text(value)), follow: false) is not (null or FolderNode) && Access.MayWrite(state.Files.Find(state.Path(machine.Text(value)) is var full ? full[..Math.Max(1, full.LastIndexOf('/'))] : "/")!, state.Visit.UserId) && state.Files.Remove(state.Path(machine.Text(value))) is FileError.None);
                return true;
            case "mkdir":
                result = Truth(state.Files.MakeFolder(path, state.Visit.UserId, state.Visit.GroupId) is FileError.None);
                return true;
            case "chdir":
                state.Folder = node is FolderNode ? path : state.Folder;
                result = Truth(node is FolderNode);
                return true;
            case "inet_aton":
                result = Dialer.Resolve(state, first) is { } address ? address.ToString() : first;
                return true;
            case "sockaddr_in" or "pack_sockaddr_in":
                result = $"{machine.Text(values.ElementAtOrDefault(1))}:{first}";
                return true;
            case "getprotobyname" or "PF_INET" or "AF_INET" or "SOCK_STREAM" or "SOCK_DGRAM" or "INADDR_ANY":
                result = name is "getprotobyname" ? 6.0 : name is "PF_INET" or "AF_INET" or "SOCK_DGRAM" ? 2.0 : 1.0;
                return true;
            case "getpwuid" or "getpwnam":
                string? entry = state.Files.Read("/etc/passwd", out byte[] users) is FileError.None ? Encoding.Latin1.GetString(users).Split('\n').FirstOrDefault(line => line.Split(':') is [var user, _, var id, ..] && string.Equals(name is "getpwuid" ? id : user, first, StringComparison.Ordinal)) : null;
                result = entry?.Split(':')[name is "getpwuid" ? 0 : 2];
                return true;
            default:
                result = null;
                return false;
        }
    }
}
