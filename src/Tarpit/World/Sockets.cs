using System.Globalization;
using System.Net;
using System.Text;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.World;

/// <summary>Sockets of the machine: what ss, netstat, lsof and /proc/net show.</summary>
internal static class Sockets
{
    public const string TableHead = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    /// <summary>Listeners first, then the visitor's own connections.</summary>
    public static IReadOnlyList<SystemSocket> All(MachineState state)
    {
        List<SystemSocket> all = [];
        foreach (SystemService service in SystemServices.All.Where(service => state.Services.Get(service.Name) == ServiceState.Active))
        {
            foreach (string listen in service.Listens)
            {
                bool isTcp = listen.StartsWith("tcp ", StringComparison.Ordinal);
                string local = listen[4..];
                all.Add(new SystemSocket(isTcp ? "tcp" : "udp", isTcp ? "LISTEN" : "UNCONN", local, (local[0] is '*' ? "*" : local[0] is '[' ? "[::]" : "0.0.0.0") + ":*", state.Processes.MainProcess(service), service.Program));
            }
        }

        foreach (OpenPort port in state.Ports.All.Where(port => state.Processes.Find(port.Process) is not null))
        {
            all.Add(new SystemSocket(port.Protocol, port.Protocol is "tcp" ? "LISTEN" : "UNCONN", string.Create(CultureInfo.InvariantCulture, $"{port.Address}:{port.Port}"), (port.Address[0] is '*' ? "*" : port.Address[0] is '[' ? "[::]" : "0.0.0.0") + ":*", port.Process, port.Program) { Backlog = port.Backlog });
        }

        foreach (LoginRecord login in state.Logins.Where(login => login.Until is null))
        {
            all.Add(new SystemSocket("tcp", "ESTAB", string.Create(CultureInfo.InvariantCulture, $"{Network.Own(state.Address)}:22"), string.Create(CultureInfo.InvariantCulture, $"{login.From}:{login.Port}"), login.Process - 1, "sshd"));
        }

        Dictionary<int, int> open = [];
        return [.. all.Select(socket => socket with { Descriptor = open[socket.Process] = open.GetValueOrDefault(socket.Process, 2) + 1 })];
    }

    /// <summary>Whether something listens at a port already.</summary>
    public static bool IsTaken(MachineState state, int port) => All(state).Any(socket => socket is { Protocol: "tcp", State: "LISTEN" } && socket.Port == port);

    /// <summary>/proc/net/tcp.</summary>
    public static string Table(MachineState state)
    {
        StringBuilder text = new(TableHead);
        int n = 0;
        foreach (SystemSocket socket in All(state).Where(socket => socket.Protocol is "tcp" && !socket.Local.StartsWith('[')))
        {
            text.Append(CultureInfo.InvariantCulture, $"{n,4}: {Hex(socket.Local)} {Hex(socket.Peer)} {(socket.State is "LISTEN" ? "0A" : "01")} 00000000:00000000 00:00000000 00000000     0        0 {socket.Inode} 1 0000000000000000 100 0 0 10 0\n");
            n++;
        }

        return text.ToString();
    }

    private static string Hex(string end)
    {
        int colon = end.LastIndexOf(':');
        string host = end[..colon].Split('%')[0], port = end[(colon + 1)..];
        byte[] address = IPAddress.TryParse(host, out IPAddress? parsed) && parsed.GetAddressBytes() is { Length: 4 } bytes ? bytes : [0, 0, 0, 0];
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString([.. address.Reverse()])}:{(port is "*" ? 0 : int.Parse(port, CultureInfo.InvariantCulture)):X4}");
    }
}
