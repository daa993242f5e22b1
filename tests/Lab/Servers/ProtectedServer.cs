using System.Globalization;
using System.Net;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Servers;

/// <summary>
/// What the wall protects: a real sshd on 22, a real nginx on 80 and 443, and an echo service on UDP 7. The web server asks for a password below
/// <see cref="PrivatePath"/>, and has a form at <see cref="FormPath"/> that takes none.
/// </summary>
public sealed class ProtectedServer : IAsyncDisposable
{
    public const string User = "resident";

    /// <summary>Good for this lab only; in no attacker's word list.</summary>
    public const string Password = "quiet-harbour-417";

    public const int EchoPort = 7;

    public const string PrivatePath = "/private/";

    public const string FormPath = "/login";

    /// <summary>What the form says to every password.</summary>
    public const string FormRefusal = "wrong password";

    /// <summary>Size of /large.bin.</summary>
    public const long LargeFileBytes = 4L << 30;

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(10);

    private readonly RunningTool _sshd;
    private readonly RunningTool _nginx;
    private readonly UdpEcho _echo;

    private ProtectedServer(RunningTool sshd, RunningTool nginx, UdpEcho echo) => (_sshd, _nginx, _echo) = (sshd, nginx, echo);

    public static async Task<ProtectedServer> StartAsync(LabHost host, RunFolder run, CancellationToken cancellation)
    {
        var sshd = host.Network.Start(await PrepareSshAsync(run));
        var nginx = host.Network.Start(await PrepareHttpAsync(run));
        var server = new ProtectedServer(sshd, nginx, new UdpEcho(host.Network.OpenDualUdp(EchoPort)));
        foreach (var port in new[] { 22, 80, 443 })
        {
            var target = new IPEndPoint(host.Addresses4[0], port);
            if (!await Tool.UntilAsync(() => AnswersAsync(host, target, cancellation), s_startLimit, cancellation))
            {
                await server.DisposeAsync();
                throw new ToolFailedException($"The protected server does not listen on port {port}: {sshd.Errors} {nginx.Errors}");
            }
        }

        return server;
    }

    public async ValueTask DisposeAsync()
    {
        _echo.Dispose();
        await _nginx.DisposeAsync();
        await _sshd.DisposeAsync();
    }

    private static async Task<bool> AnswersAsync(LabHost host, IPEndPoint target, CancellationToken cancellation)
    {
        using var socket = await host.ConnectAsync(target, host.Addresses4[0], TimeSpan.FromSeconds(1), cancellation);
        return socket is not null;
    }

    /// <summary>
    /// sshd reads the machine's accounts; this one gets a mount namespace in which they have one more, and a /run of its
    /// own, so that its logins do not show up in the machine's utmp.
    /// </summary>
    private static async Task<IReadOnlyList<string>> PrepareSshAsync(RunFolder run)
    {
        var hash = (await Tool.RunAsync(["openssl", "passwd", "-6", Password])).Trim();
        await File.WriteAllTextAsync(run.File("passwd"), $"{await File.ReadAllTextAsync("/etc/passwd")}{User}:x:61417:61417::/:/bin/sh\n");
        await File.WriteAllTextAsync(run.File("shadow"), $"{await File.ReadAllTextAsync("/etc/shadow")}{User}:{hash}:19000:0:99999:7:::\n");
        File.SetUnixFileMode(run.File("shadow"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await Tool.RunAsync(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", run.File("host_key")]);

        // Generous where the daemon's own defences would answer a brute force before the wall does.
        await File.WriteAllTextAsync(run.File("sshd_config"), $"""
            HostKey {run.File("host_key")}
            PidFile none
            UsePAM no
            PasswordAuthentication yes
            UseDNS no
            MaxStartups 500
            LoginGraceTime 30

            """);
        var script = $"mount --bind {run.File("passwd")} /etc/passwd && mount --bind {run.File("shadow")} /etc/shadow"
            + $" && mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && exec /usr/sbin/sshd -D -e -f {run.File("sshd_config")}";
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script];
    }

    private static async Task<IReadOnlyList<string>> PrepareHttpAsync(RunFolder run)
    {
        var pages = Directory.CreateDirectory(run.File("pages")).FullName;
        foreach (var page in new[] { "index", "about", "contact" })
        {
            await File.WriteAllTextAsync(Path.Combine(pages, page + ".html"), $"<h1>{page}</h1>{new string('.', 3000)}\n");
        }

        var closed = Directory.CreateDirectory(Path.Combine(pages, PrivatePath.Trim('/'))).FullName;
        await File.WriteAllTextAsync(Path.Combine(closed, "index.html"), "<h1>private</h1>\n");
        var hash = (await Tool.RunAsync(["openssl", "passwd", "-apr1", Password])).Trim();
        await File.WriteAllTextAsync(run.File("htpasswd"), $"{User}:{hash}\n");

        // A hole: it takes no room on disk, and reads as zeros.
        await using (var large = File.Create(Path.Combine(pages, "large.bin")))
        {
            large.SetLength(LargeFileBytes);
        }

        await Tool.RunAsync(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", "/CN=server.example", "-keyout", run.File("tls.key"), "-out", run.File("tls.crt"),
        ]);
        await File.WriteAllTextAsync(run.File("nginx.conf"), string.Create(CultureInfo.InvariantCulture, $$"""
            user root;
            worker_processes 1;
            daemon off;
            pid {{run.File("nginx.pid")}};
            error_log stderr error;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path {{run.File("nginx-body")}};
                proxy_temp_path {{run.File("nginx-proxy")}};
                fastcgi_temp_path {{run.File("nginx-fastcgi")}};
                uwsgi_temp_path {{run.File("nginx-uwsgi")}};
                scgi_temp_path {{run.File("nginx-scgi")}};
                server {
                    listen 80 fastopen=256;
                    listen [::]:80 fastopen=256;
                    listen 443 ssl;
                    listen [::]:443 ssl;
                    ssl_certificate {{run.File("tls.crt")}};
                    ssl_certificate_key {{run.File("tls.key")}};
                    root {{pages}};
                    location {{PrivatePath}} {
                        auth_basic "private";
                        auth_basic_user_file {{run.File("htpasswd")}};
                    }
                    location = {{FormPath}} { return 403 "{{FormRefusal}}"; }
                }
            }

            """));
        return ["nginx", "-p", run.Path, "-c", run.File("nginx.conf")];
    }
}
