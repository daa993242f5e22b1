using System.Net;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>Guessing passwords with hydra at every service that asks for one, over both families.</summary>
public static class GuessingActs
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(90);

    private static readonly string[] s_passwords =
        ["123456", "password", "admin", "root", "letmein", "qwerty", "welcome", "dragon", "monkey", "master", "shadow", "raspberry",
         "changeme", "secret", "toor", "test", "guest", "oracle", "postgres", "ubuntu", "pass1234", "iloveyou", "abc123", "superman"];

    /// <param name="firstGuest">Number of the first guest; each act takes one.</param>
    public static IReadOnlyList<IScene> All(int firstGuest)
    {
        (string Name, int Port, string Module, string Path)[] services =
        [
            ("ssh", 22, "ssh", ""),
            ("MySQL", Database.Port, "mysql", ""),
            ("HTTP authentication", 80, "http-get", ProtectedServer.PrivatePath),
            ("a login form", 80, "http-post-form", $"{ProtectedServer.FormPath}:user=^USER^&pass=^PASS^:F={ProtectedServer.FormRefusal}"),
        ];
        return [.. services.SelectMany((service, i) => new[]
        {
            Act(service.Name, service.Port, service.Module, service.Path, firstGuest + (2 * i), v6: false),
            Act(service.Name, service.Port, service.Module, service.Path, firstGuest + (2 * i) + 1, v6: true),
        })];
    }

    /// <summary>A file with passwords that somebody who knows nothing tries first.</summary>
    public static string WordList(Stage stage)
    {
        var list = stage.Run.File($"passwords-{Guid.NewGuid():N}");
        File.WriteAllLines(list, s_passwords);
        return list;
    }

    private static AssaultScene Act(string name, int port, string module, string rest, int guest, bool v6)
    {
        var title = $"Brute force of {name} over {(v6 ? "IPv6" : "IPv4")} (hydra)";
        return new AssaultScene(title, "tries passwords", stage => PrepareAsync(stage, port, module, rest, guest, v6));
    }

    private static async Task<Assault> PrepareAsync(Stage stage, int port, string module, string rest, int number, bool v6)
    {
        if (port == Database.Port)
        {
            await stage.StartDatabaseAsync(CancellationToken.None);
        }

        var guest = await stage.Network.AddGuestAsync(number);
        var server = stage.Network.Server;
        IPAddress target = v6 ? server.Addresses6[0] : server.Addresses4[0];
        IReadOnlyList<string> command =
            ["hydra", "-I", "-l", "root", "-P", WordList(stage), "-t", "4", "-w", "5", v6 ? "-6" : "-4", $"{module}://{(v6 ? $"[{target}]" : target)}:{port}{rest}"];
        return new Assault(guest, v6 ? guest.Addresses6[0] : guest.Addresses4[0], new IPEndPoint(target, port), [command], s_limit);
    }
}
