using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Blackwall.Tests.Durability;

/// <summary>The appliance as a process of its own on one state folder, without a wall: it can be killed and started again.</summary>
internal sealed class ApplianceProcess : IDisposable
{
    private readonly string _config;
    private readonly ConcurrentQueue<string> _errors = new();
    private Process? _process;

    public ApplianceProcess(string toml = "")
    {
        using TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        Port = ((IPEndPoint)free.LocalEndpoint).Port;
        _config = Path.Combine(Folder, "blackwall.toml");
        File.WriteAllText(_config, string.Create(CultureInfo.InvariantCulture, $"[network]\nmode = \"off\"\n[api]\nlisten = \"http://127.0.0.1:{Port}\"\nmax_keys = 10000\n{toml}"));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("blackwall-process-").FullName;

    public string State => Path.Combine(Folder, "state");

    public int Port { get; }

    /// <summary>Returns when it answers.</summary>
    public async Task<HttpClient> StartAsync(CancellationToken cancellation)
    {
        string appliance = Path.Combine(AppContext.BaseDirectory, "blackwall-appliance.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", [appliance, "run", "--config", _config, "--state", State])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _errors.Clear();
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        HttpClient client = new() { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/api/v1/")) };
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (_process.HasExited)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The appliance ended with {_process.ExitCode}: {string.Join('\n', _errors)}"));
            }

            try
            {
                using HttpResponseMessage ready = await client.GetAsync("health/ready", cancellation);
                if (ready.IsSuccessStatusCode)
                {
                    client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(State, "admin.key"), cancellation)).Trim());
                    return client;
                }
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
                await Task.Yield();
            }
        }
    }

    /// <summary>SIGKILL; returns when the process is gone.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
