using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Blackwall.Metrics;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed partial class MetricsApiTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    private async Task<string[]> Scrape()
    {
        using HttpClient client = _appliance.Operator();
        HttpResponseMessage response = await client.GetAsync("/metrics", Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        return text.TrimEnd('\n').Split('\n');
    }

    [Fact]
    public async Task Without_the_key_there_are_no_metrics()
    {
        using HttpClient stranger = _appliance.Stranger();
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/metrics", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task The_walls_counters_losses_modes_and_generation_are_told()
    {
        _appliance.Wall.Status = _appliance.Wall.Status with { AttachMode = "generic", Fallback = "the driver said \"no\"\nand \\ more", Generation = 41 };
        string[] lines = await Scrape();
        Assert.Contains("blackwall_packets_total{reason=\"drop-limit-syn\"} 3", lines);
        Assert.Contains("blackwall_bytes_total{reason=\"drop-limit-syn\"} 180", lines);
        Assert.Contains("blackwall_would_packets_total{reason=\"drop-limit-syn\"} 0", lines);
        Assert.Contains("blackwall_lost_total{kind=\"tls-events\"} 2", lines);
        Assert.Contains("blackwall_policy_generation 41", lines);
        Assert.Contains("blackwall_wall_up 1", lines);
        Assert.Contains("""blackwall_wall_info{interface="eth0",mode="enforce",attach_mode="generic",egress_mode="tcx",fallback="the driver said \"no\"\nand \\ more",adopted="false"} 1""", lines);
    }

    [Fact]
    public async Task A_wall_with_a_fault_is_not_up()
    {
        _appliance.Wall.Status = _appliance.Wall.Status with { Fault = "The interface is gone." };
        Assert.Contains("blackwall_wall_up 0", await Scrape());
    }

    [Fact]
    public async Task Decisions_are_counted_by_origin_and_verdict()
    {
        _appliance.Board.Publish(new DecisionRequest(Prefix.Parse("203.0.113.0/24"), Verdict.RateLimit, Origin.Operator, "by-hand", 1, null, [], null, "admin"));
        string[] lines = await Scrape();
        Assert.Contains("blackwall_decisions{origin=\"operator\"} 1", lines);
        Assert.Contains("blackwall_decisions{origin=\"feed\"} 0", lines);
        Assert.Contains("blackwall_verdicts{verdict=\"rate-limit\"} 1", lines);
    }

    [Fact]
    public async Task Every_number_of_every_part_is_there_under_its_own_name()
    {
        string[] lines = await Scrape();
        Assert.All(
            _appliance.Services.GetServices<IStatsSource>().SelectMany(s => s.Read().Keys.Select(k => $"blackwall_{PrometheusText.Snake(s.Name)}_{PrometheusText.Snake(k)} ")),
            name => Assert.Contains(lines, line => line.StartsWith(name, StringComparison.Ordinal)));
        Assert.Contains("blackwall_board_capacity 2000000", lines);
    }

    [Fact]
    public async Task The_page_keeps_the_grammar_and_no_family_or_sample_comes_twice()
    {
        string[] lines = await Scrape();
        string family = "";
        List<string> families = [];
        List<string> samples = [];
        foreach (string line in lines)
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                families.Add(family);
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Equal(family, line.Split(' ')[2]);
                Assert.Contains(line.Split(' ')[3], new[] { "counter", "gauge", "untyped" });
            }
            else
            {
                Match sample = Sample().Match(line);
                Assert.True(sample.Success, line);
                Assert.Equal(family, sample.Groups["name"].Value);
                Assert.True(double.TryParse(sample.Groups["value"].Value, CultureInfo.InvariantCulture, out _), line);
                samples.Add(sample.Groups["name"].Value + sample.Groups["labels"].Value);
            }
        }

        Assert.Equal(families.Distinct(StringComparer.Ordinal), families);
        Assert.Equal(samples.Distinct(StringComparer.Ordinal), samples);
    }

    [Fact]
    public async Task The_process_tells_what_it_uses()
    {
        string[] lines = await Scrape();
        double Value(string name) => double.Parse(lines.Single(l => l.StartsWith(name + " ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.True(Value("process_resident_memory_bytes") > 1_000_000);
        Assert.True(Value("process_cpu_seconds_total") > 0);
        Assert.True(Value("process_open_fds") > 3);
        Assert.InRange(Value("process_start_time_seconds"), 1_700_000_000, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1);
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(?<labels>\{[a-z_]+="(?:[^"\\]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\]|\\["\\n])*")*\})? (?<value>\S+)$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sample();
}
