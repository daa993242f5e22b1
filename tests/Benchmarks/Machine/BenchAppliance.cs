using System.Diagnostics;
using System.Globalization;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Benchmarks.Machine;

/// <summary>The real appliance as a process of its own, guarding the edge of a bench network.</summary>
internal sealed class BenchAppliance : IAsyncDisposable
{
    private const int TicksASecond = 100; // USER_HZ
    private static readonly TimeSpan s_readyLimit = TimeSpan.FromSeconds(60);

    private readonly BenchNetwork _network;
    private readonly RunningTool _process;

    private BenchAppliance(BenchNetwork network, RunningTool process, ApplianceApi api, TimeSpan standing, TimeSpan ready)
    {
        _network = network;
        _process = process;
        Api = api;
        StandingAfter = standing;
        ReadyAfter = ready;
    }

    public ApplianceApi Api { get; }

    /// <summary>From the start of the process until the wall was on its interface with its whole policy.</summary>
    public TimeSpan StandingAfter { get; }

    /// <summary>From the start of the process until the API said that it is ready.</summary>
    public TimeSpan ReadyAfter { get; }

    /// <summary>Resident memory, MiB.</summary>
    public double Memory
    {
        get
        {
            string line = File.ReadLines($"/proc/{_process.Id}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        }
    }

    /// <summary>CPU time used so far.</summary>
    public TimeSpan Busy
    {
        get
        {
            string stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / (double)TicksASecond);
        }
    }

    public static string StateFolder(RunFolder run, string name) => run.File($"state-{name}");

    public static async Task<BenchAppliance> StartAsync(BenchNetwork network, RunFolder run, string name)
    {
        string state = StateFolder(run, name), configuration = run.File($"{name}.toml"), pins = run.PinPath;
        Directory.CreateDirectory(state);
        await File.WriteAllTextAsync(configuration, $"""
            [network]
            interface = "{network.Receiver}"
            mode = "enforce"
            xdp_mode = "native"
            pin_path = "{pins}"

            [api]
            listen = "{ApplianceApi.Address}"

            """);
        string key = Path.Combine(state, "admin.key"), link = Path.Combine(pins, network.Receiver, "link-xdp");
        long started = Stopwatch.GetTimestamp();
        RunningTool process = network.Edge.Start(["dotnet", AppliancePlace.Find(), "run", "--config", configuration, "--state", state]);
        TimeSpan standing = TimeSpan.Zero;
        ApplianceApi? api = null;
        try
        {
            while (!process.HasExited && Stopwatch.GetElapsedTime(started) < s_readyLimit)
            {
                if (standing == TimeSpan.Zero && File.Exists(link))
                {
                    standing = Stopwatch.GetElapsedTime(started);
                }

                if (standing != TimeSpan.Zero && File.Exists(key))
                {
                    api ??= new ApplianceApi(network.Edge, key);
                    if (await api.IsReadyAsync(CancellationToken.None))
                    {
                        return new BenchAppliance(network, process, api, standing, Stopwatch.GetElapsedTime(started));
                    }
                }

                await Tool.PauseAsync(TimeSpan.FromMilliseconds(5), CancellationToken.None);
            }

            throw new ToolFailedException($"The appliance does not get ready: {process.Output}{process.Errors}");
        }
        catch
        {
            api?.Dispose();
            await process.DisposeAsync();
            LabCleaner.RemovePins(pins);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(20));
        Api.Dispose();
        await _process.DisposeAsync();
        LabCleaner.RemovePins(_network.Run.PinPath);
    }
}
