using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Blackwall.Tests.Api;

/// <summary>Starts that cannot be, as a supervisor sees them: an exit code, and sentences without a stack trace.</summary>
public sealed class FailedStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("blackwall-start-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int Code, string Error)> Start(int port, string state)
    {
        string config = Path.Combine(_folder, "blackwall.toml");
        await File.WriteAllTextAsync(config, string.Create(CultureInfo.InvariantCulture, $"[network]\nmode = \"off\"\n[api]\nlisten = \"http://127.0.0.1:{port}\"\n"), Cancellation);
        string appliance = Path.Combine(AppContext.BaseDirectory, "blackwall-appliance.dll");
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [appliance, "run", "--config", config, "--state", state]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Cancellation);
        string error = await process.StandardError.ReadToEndAsync(Cancellation);
        await output;
        await process.WaitForExitAsync(Cancellation);
        Assert.DoesNotContain("   at ", error + await output, StringComparison.Ordinal);
        return (process.ExitCode, error);
    }

    [Fact]
    public async Task A_port_that_is_taken_ends_the_start_with_a_sentence()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        (int code, string error) = await Start(((IPEndPoint)taken.LocalEndpoint).Port, Path.Combine(_folder, "state"));
        Assert.Equal(69, code);
        Assert.Contains("Set api.listen to a free address", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_folder_that_cannot_be_written_ends_the_start_with_a_sentence()
    {
        // Root may write everywhere, but nobody makes a folder in the kernel's process list.
        (int code, string error) = await Start(0, "/proc/blackwall");
        Assert.Equal(73, code);
        Assert.Contains("name another", error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_key_file_that_cannot_be_used_ends_the_start_with_a_sentence()
    {
        string state = Path.Combine(_folder, "state");
        Directory.CreateDirectory(Path.Combine(state, "admin.key"));
        (int code, string error) = await Start(0, state);
        Assert.Equal(73, code);
        Assert.Contains("The admin key cannot be written", error, StringComparison.Ordinal);
    }
}
