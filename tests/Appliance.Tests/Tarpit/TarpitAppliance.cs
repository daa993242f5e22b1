using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Bridges.Tarpit;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>An appliance with its tarpit in the confined process, which listens on a port of its own, and an operator who asks what happened there.</summary>
internal sealed class TarpitAppliance : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <param name="settings">Further lines of [tarpit].</param>
    /// <param name="beside">Further entries of tarpit.listen, each with a comma before it.</param>
    public TarpitAppliance(string settings, string beside = "")
    {
        Port = FreePort();
        Factory = new ApplianceFactory(string.Create(CultureInfo.InvariantCulture, $"""
            [tarpit]
            enabled = true
            port = {FreePort()}
            listen = ["127.0.0.1:{Port}"{beside}]
            {settings}
            """));
        Api = Factory.Operator();
    }

    /// <summary>Where the tarpit listens on 127.0.0.1.</summary>
    public int Port { get; }

    public ApplianceFactory Factory { get; }

    public HttpClient Api { get; }

    public TarpitSupervisor Supervisor => Factory.Services.GetRequiredService<TarpitSupervisor>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Delay(Pause, TimeProvider.System, Cancellation);
        }
    }

    /// <summary>Runs a client and gives what it printed; one that fails ends the test with what it complained of.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        using Process client = Process.Start(start)!;
        Task<string> error = client.StandardError.ReadToEndAsync(Cancellation);
        string output = await client.StandardOutput.ReadToEndAsync(Cancellation);
        await client.WaitForExitAsync(Cancellation);
        Assert.True(client.ExitCode == 0, await error);
        return output;
    }

    public static Task<string> CurlAsync(params string[] arguments) => RunAsync("curl", ["-sk", "--max-time", "60", .. arguments]);

    /// <summary>Logs in as root with OpenSSH and runs a command; what it printed.</summary>
    public async Task<string> SshAsync(string command, string input = "")
    {
        string ask = Path.Combine(Factory.Folder, "ask");
        await File.WriteAllTextAsync(ask, "#!/bin/sh\necho toor\n", Encoding.ASCII, Cancellation);
        File.SetUnixFileMode(ask, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
        ProcessStartInfo start = new("ssh",
        [
            "-F", "/dev/null", "-p", $"{Port}", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "PreferredAuthentications=password",
            "-o", "NumberOfPasswordPrompts=1", "root@127.0.0.1", command,
        ])
        { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        (start.Environment["SSH_ASKPASS"], start.Environment["SSH_ASKPASS_REQUIRE"]) = (ask, "force");
        using Process ssh = Process.Start(start)!;
        Task<string> output = ssh.StandardOutput.ReadToEndAsync(Cancellation);
        _ = ssh.StandardError.ReadToEndAsync(Cancellation);
        await ssh.StandardInput.WriteAsync(input);
        ssh.StandardInput.Close();
        await ssh.WaitForExitAsync(Cancellation);
        return await output;
    }

    /// <summary>Waits until the tarpit serves.</summary>
    public Task ServesAsync() => UntilAsync(() => Supervisor is { IsServing: true, Fault: null });

    /// <summary>Waits for a session that fits.</summary>
    public async Task<JsonNode> SessionAsync(Func<JsonNode, bool> isWanted)
    {
        while (true)
        {
            JsonNode list = (await Api.GetFromJsonAsync<JsonNode>("sessions?limit=20", Cancellation))!;
            if (list["items"]!.AsArray().FirstOrDefault(session => isWanted(session!)) is { } found)
            {
                return found;
            }

            await Task.Delay(Pause, TimeProvider.System, Cancellation);
        }
    }

    public async Task<JsonArray> EventsAsync(JsonNode session) => (await Api.GetFromJsonAsync<JsonNode>($"sessions/{(string)session["id"]!}/events", Cancellation))!["items"]!.AsArray();

    public void Dispose()
    {
        Api.Dispose();
        Factory.Dispose();
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
