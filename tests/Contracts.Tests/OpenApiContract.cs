using System.Runtime.CompilerServices;
using Microsoft.OpenApi;
using Xunit;

namespace Blackwall.Tests.Contracts;

/// <summary>openapi/blackwall.yaml is generated from the code; this test keeps it so.</summary>
public sealed class OpenApiContract : IDisposable
{
    private readonly RunningAppliance _appliance = new();

    public void Dispose() => _appliance.Dispose();

    private Task<OpenApiDocument> Document() => _appliance.DocumentAsync();

    [Fact]
    public async Task The_committed_document_is_what_the_code_says()
    {
        string current = (await (await Document()).SerializeAsYamlAsync(OpenApiSpecVersion.OpenApi3_1, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n").TrimEnd() + "\n";
        string path = Path.Combine(RepositoryRoot(), "openapi", "blackwall.yaml");
        if (string.Equals(Environment.GetEnvironmentVariable("UPDATE_OPENAPI"), "1", StringComparison.Ordinal))
        {
            await File.WriteAllTextAsync(path, current, TestContext.Current.CancellationToken);
        }

        string committed = File.Exists(path) ? await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken) : "";
        Assert.True(
            string.Equals(committed, current, StringComparison.Ordinal),
            "openapi/blackwall.yaml is not what the code says. If the change is meant, run: UPDATE_OPENAPI=1 dotnet run --project tests/Contracts.Tests");
    }

    [Fact]
    public async Task Every_operation_has_a_unique_name_a_summary_and_says_how_it_fails()
    {
        var operations = (await Document()).Paths.SelectMany(p => p.Value.Operations!.Select(o => (p.Key, Operation: o.Value))).ToList();
        Assert.NotEmpty(operations);
        Assert.Equal(operations.Count, operations.Select(o => o.Operation.OperationId).Distinct(StringComparer.Ordinal).Count());
        Assert.All(operations, o =>
        {
            // Prometheus looks for its page at the root.
            Assert.True(o.Key.StartsWith("/api/v1/", StringComparison.Ordinal) || o.Key is "/metrics", o.Key);
            Assert.False(string.IsNullOrWhiteSpace(o.Operation.Summary), $"{o.Operation.OperationId} has no summary");
            bool anonymous = o.Key.Contains("/health/", StringComparison.Ordinal);
            Assert.Equal(anonymous, o.Operation.Security is null or []);
            Assert.Equal(!anonymous, o.Operation.Responses!.ContainsKey("401"));
            Assert.All(o.Operation.Responses.Where(r => r.Key[0] == '4'), r => Assert.Contains("application/problem+json", r.Value.Content!.Keys));
        });
    }

    private static string RepositoryRoot([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", ".."));
}
