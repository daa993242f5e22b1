using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Honest;

/// <summary>
/// People who use the protected server as it is meant to be used, with real tools, for as long as the lab runs: pages by
/// HTTP and HTTPS over both families, an SSH login now and then, pings, and one download that never ends.
/// </summary>
public sealed class HonestWorkload : IAsyncDisposable
{
    private const int KeptFailures = 100;
    private const int DownloadBytesPerSecond = 2_000_000;
    private static readonly TimeSpan s_pageInterval = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_loginInterval = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pingInterval = TimeSpan.FromSeconds(1);

    /// <summary>A challenged SYN costs one or two retransmissions (1 s, 2 s); a user waits longer than that.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly LabHost _client;
    private readonly LabHost _server;
    private readonly Dictionary<string, string> _loginEnvironment;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _users = [];
    private readonly Lock _gate = new();
    private readonly List<string> _failures = [];
    private long _succeeded;
    private long _failed;
    private long _downloaded;

    private HonestWorkload(LabHost client, LabHost server, RunFolder run)
    {
        _client = client;
        _server = server;
        var askPass = run.File("askpass");
        File.WriteAllText(askPass, $"#!/bin/sh\necho {ServerPassword}\n");
        File.SetUnixFileMode(askPass, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _loginEnvironment = new(StringComparer.Ordinal) { ["SSH_ASKPASS"] = askPass, ["SSH_ASKPASS_REQUIRE"] = "force" };
    }

    public HonestTally Tally
    {
        get
        {
            lock (_gate)
            {
                return new HonestTally(_succeeded, _failed, [.. _failures], _downloaded);
            }
        }
    }

    private static string ServerPassword => ProtectedServer.Password;

    private IPAddress Server4 => _server.Addresses4[0];

    private IPAddress Server6 => _server.Addresses6[0];

    public static HonestWorkload Start(LabHost client, LabHost server, RunFolder run)
    {
        var workload = new HonestWorkload(client, server, run);
        workload._users.AddRange(
        [
            workload.RepeatAsync(s_pageInterval, workload.ReadPageAsync),
            workload.RepeatAsync(s_loginInterval, workload.LogInAsync),
            workload.RepeatAsync(s_pingInterval, workload.PingAsync),
            workload.DownloadAsync(),
        ]);
        return workload;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_users);
        _stop.Dispose();
    }

    private async Task RepeatAsync(TimeSpan interval, Func<int, Task> act)
    {
        using var timer = new PeriodicTimer(interval, TimeProvider.System);
        try
        {
            for (var turn = 0; ; turn++)
            {
                await act(turn);
                await timer.WaitForNextTickAsync(_stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The lab ends; what was under way is no failure.
        }
    }

    private async Task ReadPageAsync(int turn)
    {
        var scheme = turn % 3 == 0 ? "https" : "http";
        var host = turn % 2 == 0 ? Server4.ToString() : $"[{Server6}]";
        var url = $"{scheme}://{host}/{(turn % 5) switch { 0 => "about.html", 1 => "contact.html", _ => "" }}";
        var source = turn % 2 == 0 ? _client.Addresses4[0] : _client.Addresses6[0];
        var status = await _client.FetchAsync(url, source, s_patience, _stop.Token);
        Count(status == 200, string.Create(CultureInfo.InvariantCulture, $"{url} gave status {status}"));
    }

    private async Task LogInAsync(int turn)
    {
        var host = turn % 2 == 0 ? Server4 : Server6;
        await using var ssh = _client.Network.Start(
            [
                "ssh", "-T", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
                "-o", "PreferredAuthentications=password", "-o", "ConnectTimeout=10", $"{ProtectedServer.User}@{host}",
                "sleep 2; head -c 100000 /dev/zero | od; echo done",
            ],
            _loginEnvironment);
        var result = await ssh.WaitAsync(s_patience + s_patience, _stop.Token);
        Count(result.Succeeded && result.Output.EndsWith("done\n", StringComparison.Ordinal), $"ssh to {host}: {result.Errors.Trim()}");
    }

    private async Task PingAsync(int turn)
    {
        var host = turn % 2 == 0 ? Server4 : Server6;
        var result = await _client.Network.TryAsync(["ping", "-c", "1", "-W", "3", host.ToString()], s_patience, _stop.Token);
        Count(result.Succeeded, $"ping to {host} was not answered");
    }

    /// <summary>One flow for the whole run: whatever happens to the wall, it must go on.</summary>
    private async Task DownloadAsync()
    {
        var idle = TimeSpan.FromSeconds(15);
        using var socket = await _client.ConnectAsync(new IPEndPoint(Server4, 80), _client.Addresses4[0], s_patience, CancellationToken.None);
        if (socket is null)
        {
            Count(succeeded: false, "the long download could not connect");
            return;
        }

        await socket.SendAsync("GET /large.bin HTTP/1.1\r\nHost: server.example\r\n\r\n"u8.ToArray(), _stop.Token);
        var buffer = new byte[DownloadBytesPerSecond / 10];
        try
        {
            while (true)
            {
                using var timer = new CancellationTokenSource(idle, TimeProvider.System);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, _stop.Token);
                var length = await socket.ReceiveAsync(buffer, either.Token);
                if (length == 0)
                {
                    Count(succeeded: false, "the long download was cut off");
                    return;
                }

                Interlocked.Add(ref _downloaded, length);
                await Tool.PauseAsync(TimeSpan.FromMilliseconds(100 * (double)length / buffer.Length), _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Count(succeeded: true, "");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            Count(succeeded: false, $"the long download broke: {e.Message}");
        }
    }

    private void Count(bool succeeded, string failure)
    {
        lock (_gate)
        {
            if (succeeded)
            {
                _succeeded++;
                return;
            }

            _failed++;
            if (_failures.Count < KeptFailures)
            {
                _failures.Add(failure);
            }
        }
    }
}
