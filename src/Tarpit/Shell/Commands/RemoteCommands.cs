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
        ["ssh-keyscan"] = QuietAsync,
        ["sftp"] = SshCommand.RelativeAsync,
        ["tracepath"] = TraceAsync,
        ["mtr"] = TraceAsync,
        ["ntpdate"] = QuietAsync,
        ["wget"] = WgetCommand.RunAsync,
        ["curl"] = CurlCommand.RunAsync,
        ["ftp"] = OtherAsync,
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
}
