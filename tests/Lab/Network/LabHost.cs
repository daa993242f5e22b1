using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Network;

/// <summary>An end host of the lab with one interface, "eth0".</summary>
public sealed class LabHost(NetNamespace network, IReadOnlyList<IPAddress> addresses4, IReadOnlyList<IPAddress> addresses6, string gateway4, string gateway6)
{
    public const string Interface = "eth0";

    public NetNamespace Network => network;

    /// <summary>IPv4 addresses, all usable as a source.</summary>
    public IReadOnlyList<IPAddress> Addresses4 => addresses4;

    /// <summary>IPv6 addresses, each in a /64 of its own: whoever judges by /64 must tell them apart.</summary>
    public IReadOnlyList<IPAddress> Addresses6 => addresses6;

    /// <summary>From now on new connections of this host come from this address, whatever tool makes them.</summary>
    public async Task SpeakAsAsync(IPAddress source)
    {
        var v6 = source.AddressFamily == AddressFamily.InterNetworkV6;
        await Tool.RunAsync(["ip", "-n", network.Name, v6 ? "-6" : "-4", "route", "replace", "default", "via", v6 ? gateway6 : gateway4, "dev", Interface, "src", source.ToString()]);
    }

    /// <summary>A TCP connection to somewhere else in the lab.</summary>
    /// <returns>Null when it was refused or not answered in time.</returns>
    public async Task<Socket?> ConnectAsync(IPEndPoint target, IPAddress source, TimeSpan limit, CancellationToken cancellation)
    {
        var socket = network.OpenSocket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var timer = new CancellationTokenSource(limit, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellation);
        try
        {
            socket.Bind(new IPEndPoint(source, 0));
            await socket.ConnectAsync(target, either.Token);
            return socket;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }

    public Socket OpenUdp(IPAddress source)
    {
        var socket = network.OpenSocket(source.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(source, 0));
        return socket;
    }

    /// <summary>HTTP status of a fetch with curl, 0 when there was no answer.</summary>
    public async Task<int> FetchAsync(string url, IPAddress source, TimeSpan limit, CancellationToken cancellation)
    {
        var seconds = ((int)limit.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var result = await network.TryAsync(
            ["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", "--max-time", seconds, "--interface", source.ToString(), url],
            limit + TimeSpan.FromSeconds(5),
            cancellation);
        return int.TryParse(result.Output.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 0;
    }
}
