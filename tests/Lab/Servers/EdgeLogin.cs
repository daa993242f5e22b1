using System.Net;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Servers;

/// <summary>A real sshd on the edge itself, where its administrators log in with a key.</summary>
public sealed class EdgeLogin : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(10);

    private readonly RunFolder _run;
    private readonly RunningTool _sshd;

    private EdgeLogin(RunFolder run, RunningTool sshd) => (_run, _sshd) = (run, sshd);

    /// <param name="edge">Where it runs.</param>
    /// <param name="run">Whose files it uses.</param>
    /// <param name="from">A host that reaches it.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<EdgeLogin> StartAsync(NetNamespace edge, RunFolder run, LabHost from, CancellationToken cancellation)
    {
        foreach (var name in new[] { "edge_host_key", "owner_key" })
        {
            await Tool.RunAsync(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", run.File(name)], cancellation);
        }

        await File.WriteAllTextAsync(run.File("edge_sshd_config"), $"""
            HostKey {run.File("edge_host_key")}
            AuthorizedKeysFile {run.File("owner_key.pub")}
            PermitRootLogin prohibit-password
            PidFile none
            StrictModes no
            UsePAM no
            UseDNS no

            """, cancellation);
        var script = $"mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd && exec /usr/sbin/sshd -D -e -f {run.File("edge_sshd_config")}";
        var login = new EdgeLogin(run, edge.Start(["unshare", "--mount", "--propagation", "private", "sh", "-c", script]));
        var listens = await Tool.UntilAsync(
            async () =>
            {
                using var socket = await from.ConnectAsync(new IPEndPoint(LabNetwork.EdgeWan4, 22), from.Addresses4[0], TimeSpan.FromSeconds(1), cancellation);
                return socket is not null;
            },
            s_startLimit,
            cancellation);
        if (!listens)
        {
            await login.DisposeAsync();
            throw new ToolFailedException($"sshd does not listen on the edge: {login._sshd.Errors}");
        }

        return login;
    }

    /// <summary>The command of a login as root; it ends when the remote command does.</summary>
    public IReadOnlyList<string> Command(IPAddress source, IPAddress edge, string remote) =>
    [
        "ssh", "-F", "/dev/null", "-T", "-n", "-b", $"{source}", "-i", _run.File("owner_key"), "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none",
        "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=10", $"root@{edge}", remote,
    ];

    public ValueTask DisposeAsync() => _sshd.DisposeAsync();
}
