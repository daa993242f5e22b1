using System.Net;
using Blackwall.Lab.Network;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>Scans with masscan and with nmap at several speeds, over both families.</summary>
public static class ScanActs
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <param name="firstGuest">Number of the first guest; each act takes one.</param>
    public static IReadOnlyList<IScene> All(int firstGuest) =>
    [
        Act("masscan over IPv4", "scans 1000 ports, 300 a second, in an order of its own", firstGuest, v6: false, Masscan),
        Act("masscan over IPv6", "scans 1000 ports, 300 a second, in an order of its own", firstGuest + 1, v6: true, Masscan),
        Act("Polite scan over IPv4 (nmap -T2)", "scans a port each 0.4 seconds", firstGuest + 2, v6: false, Polite),
        Act("Polite scan over IPv6 (nmap -T2)", "scans a port each 0.4 seconds", firstGuest + 3, v6: true, Polite),
    ];

    private static ScanScene Act(string title, string description, int guest, bool v6, Func<IPAddress, IPAddress, IReadOnlyList<string>> command) =>
        new(title, description, stage => PrepareAsync(stage, guest, v6, command));

    private static async Task<Assault> PrepareAsync(Stage stage, int number, bool v6, Func<IPAddress, IPAddress, IReadOnlyList<string>> command)
    {
        var guest = await stage.Network.AddGuestAsync(number);
        var (source, target) = v6 ? (guest.Addresses6[0], stage.Network.Server.Addresses6[0]) : (guest.Addresses4[0], stage.Network.Server.Addresses4[0]);
        return new Assault(guest, source, new IPEndPoint(target, 80), [command(source, target)], s_limit);
    }

    // It has a stack of its own; answers that it does not expect are refused by the host's, since both have one address.
    private static IReadOnlyList<string> Masscan(IPAddress source, IPAddress target) =>
    [
        "masscan", "--adapter", LabHost.Interface, "--adapter-ip", $"{source}",
        source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? "--router-mac-ipv6" : "--router-mac", LabNetwork.RouterMac.Replace(':', '-'),
        "-p", "1-1000", "--rate", "300", "--wait", "1", $"{target}",
    ];

    private static IReadOnlyList<string> Polite(IPAddress source, IPAddress target)
    {
        List<string> command = ["nmap", "-sS", "-Pn", "-n", "-T2", "--max-retries", "1", "-p", "1-100", $"{target}"];
        if (source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            command.Insert(1, "-6");
        }

        return command;
    }
}
