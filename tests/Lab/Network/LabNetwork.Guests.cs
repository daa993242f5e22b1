using System.Globalization;
using System.Net;

namespace Blackwall.Lab.Network;

/// <content>Hosts that come for one act, so that acts can be played at the same time.</content>
public sealed partial class LabNetwork
{
    /// <summary>
    /// A host outside with networks of its own, 198.18.N.0/24 and 2001:db8:10NN::/48 (N in hex there): whatever is said about it, or about its
    /// network, is about nobody else.
    /// </summary>
    /// <param name="number">1..250; each only once.</param>
    /// <param name="addresses">How many of each family, all in one /24 and one /64.</param>
    public async Task<LabHost> AddGuestAsync(int number, int addresses = 1)
    {
        var role = string.Create(CultureInfo.InvariantCulture, $"g{number}");
        var network4 = string.Create(CultureInfo.InvariantCulture, $"198.18.{number}");
        var network6 = string.Create(CultureInfo.InvariantCulture, $"{0x1000 + number:x}");
        var guest = new LabHost(
            Add(role),
            [.. Enumerable.Range(10, addresses).Select(n => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"{network4}.{n}")))],
            [.. Enumerable.Range(0x10, addresses).Select(n => IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"2001:db8:{network6}:1::{n:x}")))],
            $"{network4}.1",
            "fe80::1");
        await MakeAsync(guest.Network);
        await ConnectOutsiderAsync(guest, $"to{role}", network6);
        return guest;
    }

    /// <summary>
    /// A host with a wire of its own to the server, past the wall: what is rehearsed there can be captured whole, undisturbed by what the wall does
    /// about it. 198.19.N.10 and 2001:db8:11NN:1::10.
    /// </summary>
    /// <param name="number">1..250; each only once.</param>
    public async Task<Rehearsal> AddRehearsalAsync(int number)
    {
        var role = string.Create(CultureInfo.InvariantCulture, $"r{number}");
        var network4 = string.Create(CultureInfo.InvariantCulture, $"198.19.{number}");
        var network6 = string.Create(CultureInfo.InvariantCulture, $"2001:db8:{0x1100 + number:x}:1");
        var host = new LabHost(Add(role), [IPAddress.Parse($"{network4}.10")], [IPAddress.Parse($"{network6}::10")], $"{network4}.1", $"{network6}::1");
        await MakeAsync(host.Network);
        await Server.Network.ConfigureAsync(
            $"link add to{role} type veth peer name {LabHost.Interface} netns {host.Network.Name}",
            $"addr add {network4}.1/24 dev to{role}",
            $"addr add {network6}::1/64 dev to{role} nodad",
            $"link set to{role} up");
        await host.Network.ConfigureAsync(
            $"addr add {network4}.10/24 dev eth0",
            $"addr add {network6}::10/64 dev eth0 nodad",
            "link set eth0 up",
            $"route add default via {network4}.1 dev eth0",
            $"route add default via {network6}::1 dev eth0");
        return new Rehearsal(host, $"to{role}", IPAddress.Parse($"{network4}.1"), IPAddress.Parse($"{network6}::1"));
    }

    /// <summary>An edge of its own with one client behind a link that is no Ethernet.</summary>
    /// <param name="role">Names it; each only once.</param>
    /// <param name="isPppoe">PPPoE frames on a wire; else a tun device.</param>
    public async Task<PointToPoint> AddPointToPointAsync(string role, bool isPppoe)
    {
        var (edge, far) = (Add($"{role}e"), Add($"{role}f"));
        await MakeAsync(edge);
        await MakeAsync(far);
        return await PointToPoint.ConnectAsync(edge, far, isPppoe);
    }

    /// <summary>Hosts for sensors of a mesh, and a street that leads to them.</summary>
    /// <param name="count">How many: 2..5.</param>
    public async Task<MeshStreet> AddStreetAsync(int count)
    {
        var street = Add("street");
        NetNamespace[] houses = [.. Enumerable.Range(0, count).Select(house => Add(string.Create(CultureInfo.InvariantCulture, $"house{house}")))];
        foreach (var network in houses.Prepend(street))
        {
            await MakeAsync(network);
        }

        return await MeshStreet.BuildAsync(street, houses, _run);
    }

    /// <summary>
    /// A second wire between a guest and the server, past the wall. Routes over it are the caller's. On both wires packets have their true size: a veth
    /// otherwise carries 64 KiB at once, and a limit on packets would limit nothing.
    /// </summary>
    /// <param name="guest">The guest.</param>
    /// <param name="number">As it was added.</param>
    /// <returns>The device's name at the server; it is "side" at the guest. fe80::8 is the server there, fe80::9 the guest.</returns>
    public async Task<string> AddSideWireAsync(LabHost guest, int number)
    {
        var device = string.Create(CultureInfo.InvariantCulture, $"side{number}");
        await Server.Network.ConfigureAsync($"link add {device} type veth peer name side netns {guest.Network.Name}", $"addr add fe80::8/64 dev {device} nodad", $"link set {device} up");
        await guest.Network.ConfigureAsync("addr add fe80::9/64 dev side nodad", "link set side up");
        await SmallPacketsAsync(Server.Network, device);
        await SmallPacketsAsync(guest.Network, "side");
        await SmallPacketsAsync(guest, number);
        return device;
    }

    /// <summary>Packets to and from a guest have their true size on its wire.</summary>
    public async Task SmallPacketsAsync(LabHost guest, int number)
    {
        await SmallPacketsAsync(guest.Network, LabHost.Interface);
        await SmallPacketsAsync(Outside, string.Create(CultureInfo.InvariantCulture, $"tog{number}"));
    }

    private static async Task SmallPacketsAsync(NetNamespace network, string device) => await network.RunAsync("ethtool", "-K", device, "tso", "off", "gso", "off", "gro", "off");
}
