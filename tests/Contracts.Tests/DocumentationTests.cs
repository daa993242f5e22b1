using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Blackwall.Behavior.Judgement;
using Blackwall.Classification;
using Blackwall.Fingerprints;
using Blackwall.Inspection;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Contracts;

/// <summary>What docs/API.md tells people to type works.</summary>
public sealed partial class DocumentationTests : IDisposable
{
    private readonly RunningAppliance _appliance = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task Every_block_of_the_page_about_the_api_runs_and_is_answered_well()
    {
        string page = await File.ReadAllTextAsync(RepositoryRoot.File("docs", "API.md"), Cancellation);
        string[] blocks = [.. Block().Matches(page).Select(match => match.Groups["script"].Value)];
        Assert.True(blocks.Length > 8);
        Assert.Contains("/var/lib/blackwall/admin.key", blocks[0], StringComparison.Ordinal);

        // One shell for all, as for who reads from the top: later blocks use what earlier ones made.
        string place = _appliance.Listen().GetLeftPart(UriPartial.Authority);
        string script = string.Join('\n', blocks.Select((block, i) => $"echo '── block {i + 1}'\n{block}"))
            .Replace("http://127.0.0.1:9470", place, StringComparison.Ordinal)
            .Replace("/var/lib/blackwall/admin.key", Path.Combine(_appliance.Folder, "admin.key"), StringComparison.Ordinal);
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = shell.StandardOutput.ReadToEndAsync(Cancellation);
        Task<string> error = shell.StandardError.ReadToEndAsync(Cancellation);
        await shell.WaitForExitAsync(Cancellation);
        Assert.True(shell.ExitCode == 0, $"exit code {shell.ExitCode} in the last block of:\n{await output}\n{await error}");
        Assert.DoesNotContain("\"title\":", await output, StringComparison.Ordinal);
    }

    /// <summary>Whoever reads facts finds what each finding has, and no field that there is not.</summary>
    [Fact]
    public async Task Every_finding_is_described_with_fields_that_there_are()
    {
        string page = await File.ReadAllTextAsync(RepositoryRoot.File("docs", "DETECTION.md"), Cancellation);
        string[] rows = [.. page[page.IndexOf("## What evidence says in fields", StringComparison.Ordinal)..page.IndexOf("## Figures", StringComparison.Ordinal)].Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))];
        string[] words = [.. rows.SelectMany(row => Quoted().Matches(row).Select(match => match.Groups["word"].Value))];
        Finding[] all = [.. Findings.All, .. InspectionFindings.All, .. FingerprintFindings.All, .. OpinionFindings.All, .. CommonFindings.All];
        Assert.Empty(all.Select(finding => finding.Name).Except(words, StringComparer.Ordinal));
        IEnumerable<string> fields = typeof(EvidenceFacts).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));
        Assert.Empty(words.Except(all.Select(finding => finding.Name), StringComparer.Ordinal).Except(fields, StringComparer.Ordinal));
    }

    [GeneratedRegex("`(?<word>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^```bash\n(?<script>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();
}
