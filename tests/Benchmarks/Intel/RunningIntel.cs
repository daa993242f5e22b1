using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace Blackwall.Benchmarks.Intel;

/// <summary>The appliance as a process of its own on a state folder, without a wall.</summary>
internal sealed partial class RunningIntel : IDisposable
{
    private const double TicksPerSecond = 100;
    private readonly Process _process;

    private RunningIntel(Process process, HttpClient client) => (_process, Client) = (process, client);

    public HttpClient Client { get; }

    /// <summary>Processor time, user and system, milliseconds.</summary>
    public double Cpu
    {
        get
        {
            string stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) * 1000 / TicksPerSecond;
        }
    }

    /// <summary>Resident memory, MB.</summary>
    public double Memory => double.Parse(File.ReadLines($"/proc/{_process.Id}/status").First(line => line.StartsWith("VmRSS", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    public static async Task<RunningIntel> StartAsync(string folder, string license)
    {
        string config = Path.Combine(folder, "blackwall.toml");
        await File.WriteAllTextAsync(config, $"[network]\nmode = \"off\"\n[api]\nlisten = \"http://127.0.0.1:0\"\n[storage]\nmax_megabytes = 16384\n[intel]\nmax_objects = 20000000\n[license]\nfile = \"{license}\"\n");
        Process process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "blackwall-appliance"), ["--config", config, "--state", folder]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        TaskCompletionSource<Uri> place = new(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            if (Listening().Match(line.Data ?? "") is { Success: true } found)
            {
                place.TrySetResult(new Uri(found.Value));
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _ = process.WaitForExitAsync().ContinueWith(_ => place.TrySetException(new InvalidOperationException("The appliance did not start.")), TaskScheduler.Default);
        HttpClient client = new() { BaseAddress = await place.Task };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(folder, "admin.key"))).Trim());
        return new RunningIntel(process, client);
    }

    public void Dispose()
    {
        Client.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:[1-9][0-9]*", RegexOptions.NonBacktracking)]
    private static partial Regex Listening();
}
