using System.Net;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>A user who mistypes his password twice at every service, over both families, and gets it right the third time: nothing may come of it.</summary>
public sealed class ForgetfulScene(int guest) : IScene
{
    private const int Slips = 2;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    public string Title => "A user who mistypes twice (ssh, mariadb, curl)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (stage, server) = (play.Stage, play.Stage.Network.Server);
        await stage.StartDatabaseAsync(cancellation);
        var user = await stage.Network.AddGuestAsync(guest);
        play.Narrator.Say("logs in at ssh, MySQL and the web server, each time with two wrong passwords first");
        var (refused, welcome) = (0, 0);
        foreach (var target in new[] { server.Addresses4[0], server.Addresses6[0] })
        {
            foreach (var logIn in new Func<LabHost, IPAddress, string, Task<bool>>[] { SshAsync, DatabaseAsync, WebAsync })
            {
                for (var i = 0; i < Slips; i++)
                {
                    refused += await logIn(user, target, $"quite-harbour-{i}") ? 0 : 1;
                }

                welcome += await logIn(user, target, ProtectedServer.Password) ? 1 : 0;
            }
        }

        play.Facts.Is(Title, "wrong passwords refused", "12", $"{refused}");
        play.Facts.Is(Title, "right ones welcome", "6", $"{welcome}");
        foreach (var address in new[] { user.Addresses4[0], user.Addresses6[0] })
        {
            play.Facts.None(Title, $"decisions about {address}", (await stage.Api.DecisionsAsync(address, cancellation)).Count);
            var told = (await stage.Api.EvidenceKindsAsync(address, cancellation)).Where(kind => kind is "brute-force" or "login-knock" or "http-probe").ToList();
            play.Facts.Is(Title, $"held against {address}", "nothing", told.Count == 0 ? "nothing" : string.Join(", ", told));
        }

        async Task<bool> SshAsync(LabHost host, IPAddress target, string password)
        {
            var askPass = stage.Run.File($"askpass-{Guid.NewGuid():N}");
            await File.WriteAllTextAsync(askPass, $"#!/bin/sh\necho {password}\n", cancellation);
            File.SetUnixFileMode(askPass, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await using var ssh = host.Network.Start(
                [
                    "ssh", "-T", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "NumberOfPasswordPrompts=1",
                    "-o", "PreferredAuthentications=password", "-o", "ConnectTimeout=10", $"{ProtectedServer.User}@{target}", "head -c 20000 /dev/zero | od",
                ],
                new Dictionary<string, string>(StringComparer.Ordinal) { ["SSH_ASKPASS"] = askPass, ["SSH_ASKPASS_REQUIRE"] = "force" });
            return (await ssh.WaitAsync(s_limit, cancellation)).Succeeded;
        }

        async Task<bool> DatabaseAsync(LabHost host, IPAddress target, string password) =>
            (await host.Network.TryAsync(["mariadb", "--no-defaults", "-h", $"{target}", "-u", ProtectedServer.User, $"-p{password}", "-e", "SHOW VARIABLES"], s_limit, cancellation)).Succeeded;

        async Task<bool> WebAsync(LabHost host, IPAddress target, string password)
        {
            var url = $"http://{(target.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{target}]" : target)}{ProtectedServer.PrivatePath}";
            return (await host.Network.TryAsync(["curl", "-sf", "-o", "/dev/null", "--max-time", "10", "-u", $"{ProtectedServer.User}:{password}", url], s_limit, cancellation)).Succeeded;
        }
    }
}
