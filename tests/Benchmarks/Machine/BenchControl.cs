using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Benchmarks.Machine;

/// <summary>The real appliance as a process of its own that guards no interface: its control plane alone, on loopback.</summary>
internal sealed class BenchControl : IAsyncDisposable
{
    private const int TicksASecond = 100; // USER_HZ
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private readonly RunningTool _process;

    private BenchControl(RunningTool process, HttpClient http)
    {
        _process = process;
        Http = http;
    }

    /// <summary>With the admin key.</summary>
    public HttpClient Http { get; }

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

    public static async Task<BenchControl> StartAsync(RunFolder run, string name)
    {
        string state = BenchAppliance.StateFolder(run, name), configuration = run.File($"{name}.toml");
        Directory.CreateDirectory(state);
        Uri api = new($"http://127.0.0.1:{FreePort()}/api/v1/");
        await File.WriteAllTextAsync(configuration, $"[network]\nmode = \"off\"\n\n[api]\nlisten = \"{api.GetLeftPart(UriPartial.Authority)}\"\n");
        RunningTool process = RunningTool.Start(["dotnet", AppliancePlace.Find(), "run", "--config", configuration, "--state", state]);
        HttpClient http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = api };
        long started = Stopwatch.GetTimestamp();
        try
        {
            while (!process.HasExited && Stopwatch.GetElapsedTime(started) < ReadyLimit)
            {
                if (await IsReadyAsync(http))
                {
                    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(state, "admin.key"))).Trim());
                    return new BenchControl(process, http);
                }

                await Tool.PauseAsync(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            }

            throw new ToolFailedException($"The appliance does not get ready: {process.Output}{process.Errors}");
        }
        catch
        {
            http.Dispose();
            await process.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(20));
        await _process.DisposeAsync();
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri("health/ready", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
