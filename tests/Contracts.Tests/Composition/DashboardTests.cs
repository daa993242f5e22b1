using System.Diagnostics;
using System.Text.RegularExpressions;
using Blackwall.Composition;
using Xunit;

namespace Blackwall.Tests.Composition;

/// <summary>Dashboard and alert rules name metrics that an appliance shows.</summary>
public sealed partial class DashboardTests
{
    private static readonly string s_folder = Path.Combine(RepositoryRoot.Path, "deploy", "grafana");

    [Theory]
    [InlineData("blackwall.json", 20)]
    [InlineData("alerts.yaml", 10)]
    public void Every_name_is_one_that_an_appliance_shows(string file, int atLeast)
    {
        // What the host of the API counts of itself is declared by no feature.
        HashSet<string> shown = [.. FeatureList.All.SelectMany(feature => feature.Metrics).SelectMany(Names), "http_server_request_duration_seconds_bucket"];
        string[] used = [.. Name().Matches(File.ReadAllText(Path.Combine(s_folder, file))).Select(match => match.Value).Distinct(StringComparer.Ordinal)];
        Assert.Empty(used.Except(shown, StringComparer.Ordinal));
        Assert.True(used.Length >= atLeast, string.Join(' ', used));
    }

    [Fact]
    public async Task The_rules_are_as_promtool_wants_them()
    {
        using Process promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "rules", Path.Combine(s_folder, "alerts.yaml")]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> complaints = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string told = await promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(promtool.ExitCode == 0, told + await complaints);
    }

    /// <summary>Families under which the page shows a metric that a feature declares.</summary>
    internal static string Family(Metric metric)
    {
        string name = metric.Name.Replace('.', '_');
        name += metric.Unit switch
        {
            "s" when !name.EndsWith("_seconds", StringComparison.Ordinal) => "_seconds",
            "By" when !name.EndsWith("_bytes", StringComparison.Ordinal) => "_bytes",
            _ => "",
        };
        return metric.Type == MetricType.Counter ? name + "_total" : name;
    }

    private static IEnumerable<string> Names(Metric metric) =>
        metric.Type == MetricType.Histogram ? [Family(metric) + "_bucket", Family(metric) + "_sum", Family(metric) + "_count"] : [Family(metric)];

    [GeneratedRegex(@"\b(?:blackwall|process|dotnet|http_server)_[a-z_]+[a-z]\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
