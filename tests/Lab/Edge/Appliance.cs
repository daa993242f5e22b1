using Blackwall.Lab.Network;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Edge;

/// <summary>The real appliance, as a process of its own on the edge.</summary>
public sealed class Appliance : IAsyncDisposable
{
    private static readonly TimeSpan s_readyLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(20);

    private readonly NetNamespace _edge;
    private readonly RunFolder _run;
    private readonly string _name;
    private RunningTool? _process;
    private ApplianceApi? _api;

    /// <param name="edge">Where it runs.</param>
    /// <param name="run">Whose files it uses.</param>
    /// <param name="name">Tells it from others of the same run.</param>
    public Appliance(NetNamespace edge, RunFolder run, string name = "") => (_edge, _run, _name) = (edge, run, name);

    public string StateFolder => _run.File($"state{_name}");

    public string ConfigurationFile => _run.File($"blackwall{_name}.toml");

    private string PinPath => Path.Combine(_run.PinPath, _name);

    public string AdminKeyFile => Path.Combine(StateFolder, "admin.key");

    public int ProcessId => _process?.Id ?? 0;

    /// <summary>What it logged since it was last started; the last megabyte.</summary>
    public string Log => _process is null ? "" : _process.Output + _process.Errors;

    /// <summary>Its API. Only while it runs.</summary>
    public ApplianceApi Api => _api ?? throw new InvalidOperationException("The appliance is not running.");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="ToolFailedException">It ended, or did not get ready in time; the message holds the end of its log.</exception>
    public async Task StartAsync(ApplianceSettings settings, CancellationToken cancellation)
    {
        await LaunchAsync(settings);
        var ready = await Tool.UntilAsync(
            async () =>
            {
                if (_process!.HasExited)
                {
                    return true;
                }

                if (!File.Exists(AdminKeyFile))
                {
                    return false;
                }

                using var probe = new ApplianceApi(_edge, AdminKeyFile);
                return await probe.IsReadyAsync(cancellation);
            },
            s_readyLimit,
            cancellation);
        if (!ready || _process!.HasExited)
        {
            throw new ToolFailedException($"The appliance {(ready ? "ended at once" : "does not get ready")}: {Tail(Log)}");
        }

        _api?.Dispose();
        _api = new ApplianceApi(_edge, AdminKeyFile);
    }

    /// <summary>Starts it expecting that it refuses to.</summary>
    /// <returns>Exit code and everything it said.</returns>
    public async Task<ToolResult> RefuseAsync(ApplianceSettings settings, CancellationToken cancellation)
    {
        await LaunchAsync(settings);
        return await _process!.WaitAsync(s_readyLimit, cancellation);
    }

    /// <summary>Runs one command of "ctl" on the edge.</summary>
    public Task<ToolResult> CtlAsync(IEnumerable<string> arguments, CancellationToken cancellation) =>
        _edge.TryAsync(["dotnet", AppliancePlace.FindCli(), "ctl", .. arguments, "--api", ApplianceApi.Address, "--key-file", AdminKeyFile], cancellation: cancellation);

    /// <summary>kill -9.</summary>
    public async Task CrashAsync()
    {
        if (_process is not null)
        {
            await _process.KillAsync();
        }
    }

    /// <summary>The verb "handover", run beside it.</summary>
    public async Task<ToolResult> RunHandOverAsync(CancellationToken cancellation)
    {
        var result = await _edge.TryAsync(["dotnet", AppliancePlace.Find(), "handover", "--config", ConfigurationFile, "--state", StateFolder], cancellation: cancellation);
        if (result.ExitCode == 0)
        {
            await EndAsync(Signal.HandOver);
        }

        return result;
    }

    /// <summary>The end of its log and what its threads wait for, for a person.</summary>
    public string Describe() => _process is null ? "it is not running" : $"{Tail(_process.Output + _process.Errors)}\n{_process.Threads}";

    /// <summary>SIGTERM, as an init system does it.</summary>
    public Task<ToolResult> StopAsync() => EndAsync(Signal.Terminate);

    /// <summary>SIGUSR2: it ends and leaves the wall to the next process.</summary>
    public Task<ToolResult> HandOverAsync() => EndAsync(Signal.HandOver);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            await StopAsync();
        }

        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _api?.Dispose();

        // A crash that was not followed by a restart leaves its pins on purpose; the lab does not.
        LabCleaner.RemovePins(PinPath);
    }

    private async Task<ToolResult> EndAsync(Signal signal)
    {
        var result = _process is null ? new ToolResult(0, "", "", TimedOut: false) : await _process.StopAsync(signal, s_stopLimit);
        _api?.Dispose();
        _api = null;
        return result;
    }

    private static string Tail(string log)
    {
        const int length = 3000;
        return log.Length <= length ? log : log[^length..];
    }

    private async Task LaunchAsync(ApplianceSettings settings)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        Directory.CreateDirectory(StateFolder);
        await File.WriteAllTextAsync(ConfigurationFile, Configuration(settings));

        // Under nohup a process ignores SIGHUP, and so do those that it starts; the appliance takes it as the order to reload.
        string[] command = ["env", "--default-signal=HUP", "dotnet", AppliancePlace.Find(), "run", "--config", ConfigurationFile, "--state", StateFolder];
        _process = settings.PrivateMounts
            ? RunningTool.Start(["ip", "netns", "exec", _edge.Name, .. command], _run.Path, settings.Environment)
            : _edge.Start(command, settings.Environment);
    }

    private static string StandIn { get; } = $"""
        [kernel.tarpit]
        address4 = "{LabNetwork.EdgeWan4}"
        port4 = {TarpitStandIn.Port}
        address6 = "{LabNetwork.EdgeWan6}"
        port6 = {TarpitStandIn.Port}
        """;

    private string Configuration(ApplianceSettings settings) => $"""
        [network]
        interface = "{settings.Interface}"
        mode = "{settings.Mode}"
        xdp_mode = "{settings.XdpMode}"
        pin_path = "{PinPath}"
        {settings.Network}

        [api]
        listen = "{ApplianceApi.Address}"

        # A veth on a busy machine carries fewer SYNs than the default waits for before it challenges.
        [kernel]
        challenge_packets_per_second = 2000
        challenge_burst = 2000

        [thresholds]
        scan_verdict = "{settings.Response}"
        brute_force_verdict = "{settings.Response}"
        http_probe_verdict = "{settings.Response}"

        {(settings.Tarpit ? "[tarpit]\nenabled = true\n" : StandIn)}

        {settings.Extra}

        """;
}
