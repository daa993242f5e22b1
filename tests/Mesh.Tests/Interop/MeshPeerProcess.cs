using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Blackwall.Tests.Mesh.Interop;

/// <summary>The verb "mesh peer" as an operator runs it, of the appliance that was built along with these tests.</summary>
internal sealed class MeshPeerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private MeshPeerProcess(Process process) => _process = process;

    private static string Appliance =>
        RepositoryRoot.File("src", "Appliance", "bin", Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/'))!), "net10.0", "blackwall-appliance.dll");

    /// <param name="before">What runs it, such as nsenter with its options.</param>
    public static MeshPeerProcess Start(IReadOnlyList<string> before, params string[] options)
    {
        string[] command = [.. before, "env", "--default-signal=INT,TERM,HUP", "dotnet", Appliance, "mesh", "peer", .. options];
        return new MeshPeerProcess(Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, UseShellExecute = false })!);
    }

    /// <summary>The next event of this name; those before it are passed over.</summary>
    public async Task<JsonObject> EventAsync(string name, CancellationToken cancellation)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System, cancellation) is { } line)
        {
            JsonObject told = JsonNode.Parse(line)!.AsObject();
            if (string.Equals(told["event"]!.GetValue<string>(), name, StringComparison.Ordinal))
            {
                return told;
            }
        }

        throw new InvalidOperationException($"It ended before '{name}'.");
    }

    /// <summary>Asks it to end; returns its exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken cancellation)
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellation);
        await _process.StandardOutput.ReadToEndAsync(cancellation);
        await _process.WaitForExitAsync(cancellation);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
