using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Blackwall.Kernel;
using Blackwall.Pipeline.Model;

namespace Blackwall.Bridges.Tarpit;

/// <summary>Where the tarpit listens.</summary>
internal static class TarpitListeners
{
    private const int Backlog = 512;

    /// <summary>Where diverted flows go when nobody said it by hand: an address of the guarded interface, of each family that it has.</summary>
    public static void SetTargets(KernelOptions kernel, string interfaceName, ushort port)
    {
        if (kernel.TarpitAddress4 is null && kernel.TarpitAddress6 is null)
        {
            Address[] own = [.. Addresses(interfaceName)];
            kernel.TarpitAddress4 = own.Where(address => address.IsV4).Cast<Address?>().FirstOrDefault();
            kernel.TarpitAddress6 = own.Where(address => !address.IsV4).Cast<Address?>().FirstOrDefault();
            kernel.TarpitPort4 = kernel.TarpitAddress4 is null ? (ushort)0 : port;
            kernel.TarpitPort6 = kernel.TarpitAddress6 is null ? (ushort)0 : port;
        }
    }

    /// <summary>Opens all of them.</summary>
    /// <exception cref="SocketException">One is taken, or its address is not there.</exception>
    public static List<Socket> Open(KernelOptions kernel, IReadOnlyList<IPEndPoint> beside)
    {
        List<IPEndPoint> points = [.. beside];
        if (kernel.TarpitAddress4 is { } v4)
        {
            points.Add(new IPEndPoint(v4.ToIPAddress(), kernel.TarpitPort4));
        }

        if (kernel.TarpitAddress6 is { } v6)
        {
            points.Add(new IPEndPoint(v6.ToIPAddress(), kernel.TarpitPort6));
        }

        List<Socket> sockets = [];
        try
        {
            foreach (IPEndPoint point in points)
            {
                Socket socket = new(point.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                sockets.Add(socket);
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, optionValue: true);
                socket.Bind(point);
                socket.Listen(Backlog);
            }

            return sockets;
        }
        catch
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }
    }

    // Link-local addresses are no targets: a diverted packet would need to come from the same link.
    private static IEnumerable<Address> Addresses(string interfaceName) => NetworkInterface.GetAllNetworkInterfaces()
        .Where(link => string.Equals(link.Name, interfaceName, StringComparison.Ordinal))
        .SelectMany(link => link.GetIPProperties().UnicastAddresses)
        .Where(address => !address.Address.IsIPv6LinkLocal)
        .Select(address => Address.From(address.Address));
}
