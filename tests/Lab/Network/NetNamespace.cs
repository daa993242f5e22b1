using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Network;

/// <summary>A named network namespace: a host of the lab. Only the network is apart; files and bpffs are the machine's.</summary>
/// <param name="name">As <c>ip netns</c> knows it.</param>
/// <param name="folder">Scratch folder, in which its tools run.</param>
public sealed class NetNamespace(string name, string folder)
{
    public const string Folder = "/var/run/netns";

    public string Name => name;

    public string FilePath => $"{Folder}/{name}";

    /// <summary>The command as it runs inside.</summary>
    /// <remarks>nsenter and not <c>ip netns exec</c>: that one mounts a fresh /sys and would hide /sys/fs/bpf.</remarks>
    public IReadOnlyList<string> Inside(params IEnumerable<string> command) => ["nsenter", $"--net={FilePath}", "--", .. command];

    public Task<string> RunAsync(params IReadOnlyList<string> command) => Tool.RunAsync(Inside(command));

    public Task<ToolResult> TryAsync(IReadOnlyList<string> command, TimeSpan? limit = null, CancellationToken cancellation = default) =>
        Tool.TryAsync(Inside(command), limit, folder, cancellation);

    public RunningTool Start(IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null, Action<string>? onOutput = null, Action<string>? onErrors = null) =>
        RunningTool.Start(Inside(command), folder, environment, onOutput, onErrors);

    /// <summary>Runs code on a thread of its own inside: setns changes one thread, so a pool thread must not be used.</summary>
    public T Do<T>(Func<T> work)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                using var file = File.OpenHandle(FilePath);
                Native.EnterNetwork(file);
                result = work();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    /// <summary>A socket that lives inside for ever, whichever thread uses it.</summary>
    public Socket OpenSocket(AddressFamily family, SocketType type, ProtocolType protocol) => Do(() => new Socket(family, type, protocol));

    /// <summary>A UDP socket that serves a port of both address families.</summary>
    public Socket OpenDualUdp(int port)
    {
        var socket = OpenSocket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        socket.DualMode = true;
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        return socket;
    }

    /// <summary>Writes a kernel setting, named by its path below /proc/sys/net.</summary>
    public void Set(string setting, int value) => Do(() =>
    {
        File.WriteAllText($"/proc/sys/net/{setting}", value.ToString(CultureInfo.InvariantCulture));
        return true;
    });

    /// <summary>Configures links and addresses: one line each, as <c>ip -batch</c> takes them.</summary>
    public async Task ConfigureAsync(params IEnumerable<string> lines)
    {
        var file = Path.Combine(folder, $"ip-{Guid.NewGuid():N}");
        await File.WriteAllLinesAsync(file, lines);
        await Tool.RunAsync(["ip", "-n", name, "-batch", file]);
        File.Delete(file);
    }

    public async Task<IReadOnlyList<int>> ProcessesAsync()
    {
        var result = await Tool.TryAsync(["ip", "netns", "pids", name]);
        return [.. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0)];
    }
}
