using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>Attacks that take hours, drawn out from rehearsals of seconds.</summary>
public static class SlowActs
{
    private const int CheckIns = 40;
    private const int Ports = 24;

    // hydra asks whether MySQL is there before each password.
    private const int ConnectionsOfTry = 2;

    // python3 -m http.server first asks for the name of its address, and waits for an answer that nobody gives here.
    private const string MasterProgram =
        "import http.server, socket, socketserver, sys; server = socketserver.ThreadingTCPServer; "
        + "server.address_family = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET; "
        + "server((sys.argv[1], 8080), http.server.SimpleHTTPRequestHandler).serve_forever()";

    private static readonly SlowMotion s_probes = new(TimeSpan.FromMinutes(40), 0.1);
    private static readonly SlowMotion s_tries = new(TimeSpan.FromMinutes(2), 0.1) { Group = ConnectionsOfTry };
    private static readonly SlowMotion s_checkIns = new(TimeSpan.FromSeconds(100), 0.3);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    public static IReadOnlyList<IScene> All() =>
    [
        Scan(1, v6: false),
        Scan(2, v6: true),
        Guessing(3, v6: false),
        Guessing(4, v6: true),
        Beacon(5, v6: false),
        Beacon(6, v6: true),
    ];

    private static string Family(bool v6) => v6 ? "IPv6" : "IPv4";

    // Half-open: told and limited.
    private static SlowScene Scan(int number, bool v6) => new(
        $"One port in 40 minutes over {Family(v6)} (nmap -sS, replayed)", $"tries {Ports} ports, one in 40 minutes", number, v6, s_probes, "slow-port-scan", "rate-limit")
    {
        FromOutside = (_, _, target) => Task.FromResult<IReadOnlyList<string>>(
        [
            "nmap", .. Flag(target), "-sS", "-Pn", "-n", "-r", "-T4", "--max-parallelism", "1", "--max-retries", "0",
            "-p", string.Create(CultureInfo.InvariantCulture, $"{84 - Ports}-83"), $"{target}",
        ]),
    };

    private static SlowScene Guessing(int number, bool v6) => new(
        $"One password in two minutes over {Family(v6)} (hydra at MySQL, replayed)", "tries a password each two minutes", number, v6, s_tries, "brute-force", "drop")
    {
        FromOutside = async (stage, _, target) =>
        {
            await stage.StartDatabaseAsync(CancellationToken.None);
            return ["hydra", "-I", "-l", "root", "-P", GuessingActs.WordList(stage), "-t", "1", v6 ? "-6" : "-4", $"mysql://{(v6 ? $"[{target}]" : target)}:{Database.Port}"];
        },
    };

    private static SlowScene Beacon(int number, bool v6) => new(
        $"Check-ins each 100 seconds, 30 % jitter, over {Family(v6)} (curl, replayed)", "the server asks a master for orders", number, v6, s_checkIns, "beacon", "")
    {
        FromInside = async (stage, stranger, master, cancellation) =>
        {
            await using var web = stranger.Network.Start(["python3", "-c", MasterProgram, $"{master}"]);
            var there = new IPEndPoint(master, 8080);

            // Asked where it runs: whoever waits for it from inside is in the capture, and checks in with nobody.
            await Tool.UntilAsync(async () => await AnswersAsync(stranger, there, cancellation), s_limit, cancellation);
            var url = $"http://{(v6 ? $"[{master}]" : master)}:8080/";
            for (var i = 0; i < CheckIns; i++)
            {
                await stage.Network.Server.Network.TryAsync(["curl", "-s", "-o", "/dev/null", "--max-time", "2", url], s_limit, cancellation);
            }
        },
    };

    private static async Task<bool> AnswersAsync(LabHost master, IPEndPoint web, CancellationToken cancellation)
    {
        var near = web.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;
        using var socket = await master.ConnectAsync(web, near, s_limit, cancellation);
        return socket is not null;
    }

    private static IEnumerable<string> Flag(IPAddress target) => target.AddressFamily == AddressFamily.InterNetworkV6 ? ["-6"] : [];
}
