using System.Diagnostics;
using Blackwall.Tests.Contracts;
using Xunit;

namespace Blackwall.Tests.Clients;

/// <summary>The client that openapi-typescript makes of openapi/blackwall.yaml.</summary>
public sealed class TypeScriptClientTests : IDisposable
{
    private readonly RunningAppliance _appliance = new();

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task The_generated_client_compiles_and_calls_a_running_appliance()
    {
        string folder = Path.Combine(RepositoryRoot.Path, "tests", "Clients.Tests", "TypeScript");
        await RunAsync(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline");
        await RunAsync(folder, "npm", "run", "build");
        string told = await RunAsync(folder, "node", "dist/call.js", _appliance.Listen().GetLeftPart(UriPartial.Authority), _appliance.NewKey());
        Assert.EndsWith("a rule is removed\n", told, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await error}");
        return await output;
    }
}
