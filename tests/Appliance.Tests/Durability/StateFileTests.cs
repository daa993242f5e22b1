using System.Diagnostics;
using System.Net.Http.Json;
using Xunit;

namespace Blackwall.Tests.Durability;

#pragma warning disable CA1416 // Linux only, as the appliance.

/// <summary>What the appliance keeps is for its own user, whatever the folder was; and only root and that user come by the local socket.</summary>
public sealed class StateFileTests : IDisposable
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly ApplianceProcess _appliance = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task Nobody_else_can_read_a_state_file_though_the_folder_is_open_and_files_were()
    {
        Directory.CreateDirectory(_appliance.State);
        File.SetUnixFileMode(_appliance.State, (UnixFileMode)0x1ed);
        await UseAsync();
        foreach (string file in Directory.GetFiles(_appliance.State, "blackwall.db*"))
        {
            File.SetUnixFileMode(file, (UnixFileMode)0x1a4);
        }

        await UseAsync();
        await UseAsync();
        string[] files = Directory.GetFiles(_appliance.State, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("blackwall.db-wal", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("admin.key", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith("api.sock", StringComparison.Ordinal));
        Assert.All(files, file => Assert.True((File.GetUnixFileMode(file) & Others) == UnixFileMode.None, $"{file} is {File.GetUnixFileMode(file)}"));
    }

    [Fact]
    public async Task Root_comes_by_the_local_socket_without_a_key_and_another_user_does_not()
    {
        using HttpClient client = await _appliance.StartAsync(Cancellation);
        Assert.Contains("local-root", await AskAsync([]), StringComparison.Ordinal);

        // Even where somebody opened the file to all, the kernel tells who calls.
        string socket = Path.Combine(_appliance.State, "api.sock");
        foreach (string folder in new[] { _appliance.Folder, _appliance.State })
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0x1ed);
        }

        File.SetUnixFileMode(socket, (UnixFileMode)0x1b6);
        Assert.Equal("", await AskAsync(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]));
        Assert.Contains("local-root", await AskAsync([]), StringComparison.Ordinal);
    }

    private async Task UseAsync()
    {
        using HttpClient client = await _appliance.StartAsync(Cancellation);
        (await client.PostAsJsonAsync("rules", new { scope = "198.51.100.1", verdict = "drop" }, Cancellation)).EnsureSuccessStatusCode();
        _appliance.Kill();
    }

    private async Task<string> AskAsync(string[] user)
    {
        string[] line = [.. user, "curl", "-s", "--unix-socket", Path.Combine(_appliance.State, "api.sock"), "http://localhost/api/v1/keys/current"];
        using Process process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        string output = await process.StandardOutput.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        return output;
    }
}
