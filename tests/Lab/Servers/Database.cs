using System.Net;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Servers;

/// <summary>A real MariaDB on port 3306 of the protected server, with two accounts that may come from anywhere.</summary>
public sealed class Database : IAsyncDisposable
{
    public const int Port = 3306;

    private static readonly TimeSpan s_installLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);

    private readonly RunningTool _mariadb;

    private Database(RunningTool mariadb) => _mariadb = mariadb;

    public static async Task<Database> StartAsync(LabHost host, RunFolder run, CancellationToken cancellation)
    {
        var data = run.File("database");
        var installed = await Tool.TryAsync(
            ["mariadb-install-db", "--no-defaults", $"--datadir={data}", "--user=root", "--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=4M"],
            s_installLimit,
            run.Path,
            cancellation);
        if (!installed.Succeeded)
        {
            throw new ToolFailedException($"mariadb-install-db failed: {installed.Output} {installed.Errors}");
        }

        await File.WriteAllLinesAsync(
            run.File("accounts.sql"),
            new[] { "root", ProtectedServer.User }.Select(user => $"CREATE USER '{user}'@'%' IDENTIFIED BY '{ProtectedServer.Password}';"),
            cancellation);

        // Generous where the server's own defence would answer a brute force before the wall does.
        var mariadb = host.Network.Start(
        [
            "mariadbd", "--no-defaults", "--user=root", $"--datadir={data}", $"--socket={run.File("database.socket")}", $"--pid-file={run.File("database.pid")}",
            $"--port={Port}", "--bind-address=*", $"--init-file={run.File("accounts.sql")}", "--skip-name-resolve", "--max-connect-errors=1000000",
            "--innodb-log-file-size=4M", "--innodb-buffer-pool-size=8M",
        ]);
        var target = new IPEndPoint(host.Addresses4[0], Port);
        if (!await Tool.UntilAsync(() => AnswersAsync(host, target, cancellation), s_startLimit, cancellation))
        {
            await mariadb.DisposeAsync();
            throw new ToolFailedException($"MariaDB does not listen: {mariadb.Errors}");
        }

        return new Database(mariadb);
    }

    public ValueTask DisposeAsync() => _mariadb.DisposeAsync();

    private static async Task<bool> AnswersAsync(LabHost host, IPEndPoint target, CancellationToken cancellation)
    {
        using var socket = await host.ConnectAsync(target, host.Addresses4[0], TimeSpan.FromSeconds(1), cancellation);
        return socket is not null;
    }
}
