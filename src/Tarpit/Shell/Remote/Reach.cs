using System.Globalization;
using System.Net;

namespace Blackwall.Tarpit.Shell.Remote;

/// <summary>What becomes of a connection. None is made: names do not resolve, other machines do not answer, and a closed port of this one refuses.</summary>
internal static class Reach
{
    /// <summary>Seconds until a resolver gives up.</summary>
    public const double ResolveSeconds = 4;

    /// <summary>Seconds until the kernel gives up where no router knows the way.</summary>
    public const double UnreachableSeconds = 3.06;

    /// <summary>Whether a name is an address or one of the machine's own.</summary>
    public static bool Resolves(ShellState state, string host) => IPAddress.TryParse(host.Trim('[', ']'), out _) || IsOwn(state, host);

    /// <summary>Whether it is this machine.</summary>
    public static bool IsOwn(ShellState state, string host) => host is "localhost" or "localhost.localdomain" or "ip6-localhost" || string.Equals(host, state.Visit.Memory.HostName, StringComparison.Ordinal)
        || (IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) && (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(World.Network.Own(state.Visit.Memory.Address))));

    /// <summary>The program that listens at a port of this machine; null: none.</summary>
    public static string? Listener(ShellState state, int port) => World.Sockets.All(state.Visit.Memory)
        .FirstOrDefault(socket => socket.State is "LISTEN" && socket.Local.EndsWith(":" + port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))?.Program;
}
