using System.Globalization;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Connections;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that talk to other machines. None sends anything, and what they were asked for is recorded.</summary>
internal static class RemoteCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["ping"] = PingCommand.RunAsync,
        ["ping6"] = PingCommand.RunAsync,
        ["nslookup"] = ResolveAsync,
        ["dig"] = ResolveAsync,
        ["host"] = ResolveAsync,
        ["delv"] = ResolveAsync,
        ["nc"] = NetcatCommand.RunAsync,
        ["nc.openbsd"] = NetcatCommand.RunAsync,
        ["ncat"] = NetcatCommand.RunAsync,
        ["telnet"] = NetcatCommand.TelnetAsync,
        ["ssh"] = SshCommand.RunAsync,
        ["ssh-copy-id"] = SshCommand.RelativeAsync,
        ["ssh-keyscan"] = HostKeyCommands.ScanAsync,
        ["sftp"] = SshCommand.RelativeAsync,
        ["tracepath"] = TraceAsync,
        ["mtr"] = TraceAsync,
        ["ntpdate"] = QuietAsync,
        ["wget"] = WgetCommand.RunAsync,
        ["curl"] = CurlCommand.RunAsync,
        ["ftp"] = FtpAsync,
        ["tnftp"] = FtpAsync,
        ["tftp"] = OtherAsync,
        ["rsync"] = SshCommand.RelativeAsync,
        ["smbclient"] = QuietAsync,
        ["redis-cli"] = RedisCommand.RunAsync,
    };

    private static async ValueTask<int> QuietAsync(Invocation i)
    {
        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments), Host = i.Operands.LastOrDefault("") });
        await i.WaitAsync(5);
        return 1;
    }

    private static async ValueTask<int> TraceAsync(Invocation i)
    {
        await i.PrintAsync(" 1?: [LOCALHOST]                      pmtu 1500\n");
        for (int hop = 1; hop <= 5; hop++)
        {
            await i.WaitAsync(1);
            await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $" {hop}:  no reply\n"));
        }

        return await SystemCommands.PrintAsync(i, "     Too many hops: pmtu 1500\n     Resume: pmtu 1500 \n");
    }

    private static async ValueTask<int> ResolveAsync(Invocation i)
    {
        await i.WaitAsync(5);
        return i.Name is "dig" ? await SystemCommands.PrintAsync(i, ";; communications error to 127.0.0.53#53: timed out\n;; no servers could be reached\n") + 9
            : await SystemCommands.PrintAsync(i, ";; communications error to 127.0.0.53#53: timed out\n;; no servers could be reached\n\n") + 1;
    }

    private static async ValueTask<int> OtherAsync(Invocation i)
    {
        string host = i.Operands.FirstOrDefault("");
        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments), Host = host });
        Attempt attempt = await Dialer.DialAsync(i.State, host, i.Name is "tftp" ? 69 : 21, null, i.Cancellation);
        await (attempt.Stream?.DisposeAsync() ?? ValueTask.CompletedTask);
        return await i.FailAsync(attempt.Address is null ? $"{host}: {attempt.Error}" : $"connect: {(attempt.Reach is Reach.Connected ? "Connection timed out" : attempt.Error)}");
    }

    private static async ValueTask<int> FtpAsync(Invocation i)
    {
        string host = i.OperandsWithout("NoPqrstTu").FirstOrDefault("");
        i.State.Log.Record(new Observation(ObservationKinds.Download) { Name = i.Name, Text = string.Join(' ', i.Arguments), Host = host });
        if (host.Length > 0)
        {
            Attempt attempt = await Dialer.DialAsync(i.State, host, 21, null, i.Cancellation);
            await (attempt.Stream?.DisposeAsync() ?? ValueTask.CompletedTask);
            await i.Streams.Error.WriteAsync(attempt.Address is null ? $"ftp: Can't lookup `{host}:ftp': {attempt.Error}\n" : attempt.Reach is Reach.Connected ? "421 Service not available, remote server has closed connection.\n" : $"ftp: Can't connect to `{host}:21': {attempt.Error}\nftp: Can't connect to `{host}:ftp'\n", i.Cancellation);
        }

        // It stays, and takes commands.
        while (await i.Streams.Input.ReadLineAsync(i.Cancellation) is { } line && line.Trim() is not ("quit" or "bye" or "exit"))
        {
            await i.PrintAsync(line.Trim().Length == 0 ? "" : "Not connected.\n");
        }

        return 0;
    }
}
