using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>
/// Connections of the programs that a visitor runs. They reach the ports of the machine itself and nothing else: names that are not in /etc/hosts do not resolve, the router refuses,
/// and no other host answers. Nothing is ever sent to a network.
/// </summary>
internal static class Dialer
{
    private static readonly TimeSpan s_unresolved = TimeSpan.FromSeconds(4);

    // The kernel asks three times, a second apart, for the hardware address of a host.
    private static readonly TimeSpan s_unreachable = TimeSpan.FromSeconds(3.06);

    /// <summary>Tries to connect.</summary>
    /// <param name="state">The shell whose program it is.</param>
    /// <param name="host">A name or an address.</param>
    /// <param name="patience">How long the program waits; null: as long as the kernel does.</param>
    public static async ValueTask<Attempt> DialAsync(ShellState state, string host, int port, TimeSpan? patience, CancellationToken cancellation)
    {
        if (Resolve(state, host) is not { } address)
        {
            return await FailAsync(state, Reach.UnknownName, null, s_unresolved, patience, cancellation);
        }

        if (!IsOwn(state, address))
        {
            return string.Equals($"{address}", Network.Gateway(state.Visit.Memory.Address), StringComparison.Ordinal)
                ? new Attempt(Reach.Refused, address, TimeSpan.FromMilliseconds(1))
                : await FailAsync(state, Reach.NoRoute, address, s_unreachable, patience, cancellation);
        }

        if (state.Visit.Memory.Ports.All.FirstOrDefault(open => open.Port == port && open.Arrive is not null) is { } own && Listens(state, address, port))
        {
            (LocalWire near, LocalWire far) = LocalWire.Pair();
            return own.Arrive!(new WireStream(far)) ? new Attempt(Reach.Connected, address, TimeSpan.FromMilliseconds(1), new WireStream(near)) : new Attempt(Reach.Refused, address, TimeSpan.Zero);
        }

        WireStream? stream = Listens(state, address, port) ? state.Visit.Connect?.Invoke(state.Visit.Remote, new IPEndPoint(address, port), state.Log, cancellation) : null;
        return stream is null ? new Attempt(Reach.Refused, address, TimeSpan.Zero) : new Attempt(Reach.Connected, address, TimeSpan.FromMilliseconds(1), stream);
    }

    /// <summary>The address of a host; null: it has none that anybody knows.</summary>
    public static IPAddress? Resolve(ShellState state, string host)
    {
        string name = host.Trim('[', ']');
        if (IPAddress.TryParse(name, out IPAddress? address) && (name.Contains(':', StringComparison.Ordinal) || name.Count(c => c == '.') == 3))
        {
            return address;
        }

        IEnumerable<string> lines = state.Files.Read("/etc/hosts", out byte[] hosts) is FileError.None ? Encoding.Latin1.GetString(hosts).Split('\n') : [];
        IEnumerable<IPAddress> found = lines
            .Select(line => line.Split('#')[0].Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Skip(1).Contains(name, StringComparer.OrdinalIgnoreCase))
            .Select(words => IPAddress.TryParse(words[0], out IPAddress? listed) ? listed : null)
            .OfType<IPAddress>();
        return found.OrderBy(listed => listed.AddressFamily is AddressFamily.InterNetwork ? 0 : 1).FirstOrDefault()
            ?? (name is "localhost" || string.Equals(name, state.Visit.Memory.HostName, StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : null);
    }

    /// <summary>Whether an address is the machine's own.</summary>
    public static bool IsOwn(ShellState state, IPAddress address) =>
        IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)
        || address.Equals(Network.Own(state.Visit.Memory.Address)) || address.Equals(state.Visit.Memory.Address)
        || string.Equals(address.ToString(), Network.LinkLocal(state.Visit.Machine), StringComparison.Ordinal);

    private static bool Listens(ShellState state, IPAddress address, int port) => Sockets.All(state.Visit.Memory).Any(socket =>
        socket is { Protocol: "tcp", State: "LISTEN" } && socket.Port == port && socket.Local[..socket.Local.LastIndexOf(':')].Split('%')[0] switch
        {
            "*" => true,
            "0.0.0.0" => address.AddressFamily is AddressFamily.InterNetwork,
            "[::]" => address.AddressFamily is AddressFamily.InterNetworkV6,
            var bound => IPAddress.TryParse(bound.Trim('[', ']'), out IPAddress? own) && own.Equals(address),
        });

    private static async ValueTask<Attempt> FailAsync(ShellState state, Reach reach, IPAddress? address, TimeSpan takes, TimeSpan? patience, CancellationToken cancellation)
    {
        TimeSpan waited = patience < takes ? patience.Value : takes;
        await state.Turns.OutsideAsync(() => Task.Delay(waited * state.Visit.Settings.DelayScale, state.Visit.Machine.Time, cancellation));
        return new Attempt(patience < takes ? Reach.TimedOut : reach, address, waited);
    }

    /// <summary>A port as a number or by its name in services(5); null: it is neither.</summary>
    public static int? Port(ShellState state, string text)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return number is > 0 and <= ushort.MaxValue ? number : null;
        }

        IEnumerable<string> lines = state.Files.Read("/etc/services", out byte[] services) is FileError.None ? Encoding.Latin1.GetString(services).Split('\n') : [];
        string? found = lines.Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(words => words.Length > 1 && string.Equals(words[0], text, StringComparison.Ordinal) && words[1].EndsWith("/tcp", StringComparison.Ordinal))?[1].Split('/')[0];
        return found is not null && int.TryParse(found, NumberStyles.None, CultureInfo.InvariantCulture, out int named) ? named : null;
    }
}
