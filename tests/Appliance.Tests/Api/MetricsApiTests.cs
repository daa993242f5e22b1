using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class MetricsApiTests : IDisposable
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
        Assert.Contains("blackwall_packets_total{interface=\"eth0\",reason=\"drop-limit-syn\"} 3", lines);
        Assert.Contains("blackwall_bytes_total{interface=\"eth0\",reason=\"drop-limit-syn\"} 180", lines);
        Assert.Contains("blackwall_would_packets_total{interface=\"eth0\",reason=\"drop-limit-syn\"} 0", lines);
        Assert.Contains("blackwall_lost_total{interface=\"eth0\",kind=\"tls-events\"} 2", lines);
        Assert.Contains("blackwall_policy_generation{} 41", lines);
        Assert.Contains("blackwall_wall_up{interface=\"eth0\"} 1", lines);
        Assert.Contains("""blackwall_wall_info{adopted="false",attach_mode="generic",egress_mode="tcx",fallback="the driver said \"no\"\nand \\ more",interface="eth0",mode="enforce",side="outside"} 1""", lines);
    }

    [Fact]
    public async Task A_wall_with_a_fault_is_not_up()
    {
        _appliance.Wall.Status = _appliance.Wall.Status with { Fault = "The interface is gone." };
        Assert.Contains("blackwall_wall_up{interface=\"eth0\"} 0", await Scrape());
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
    public async Task What_runs_and_how_long_the_store_takes_is_told()
    {
        Assert.Equal(HttpStatusCode.Created, (await _appliance.Operator().PostAsJsonAsync("rules", new { scope = "203.0.113.9", verdict = "drop" }, Cancellation)).StatusCode);
        string[] lines = await Scrape();
        Assert.Contains(lines, line => line.StartsWith("blackwall_build_info{", StringComparison.Ordinal) && line.Contains("version=\"0.", StringComparison.Ordinal) && line.EndsWith("} 1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("blackwall_store_commit_duration_seconds_count{} ", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal) && line.Contains("http_route=\"/api/v1/rules", StringComparison.Ordinal));
        Assert.Contains("blackwall_board_capacity{} 2000000", lines);
        Assert.Contains(lines, line => line.StartsWith("blackwall_events_total{kind=\"decision\"} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_is_as_promtool_wants_it()
    {
        using Process promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> complaints = promtool.StandardError.ReadToEndAsync(Cancellation);
        await promtool.StandardInput.WriteAsync(string.Join('\n', await Scrape()) + "\n");
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync(Cancellation);
        Assert.Equal("", (await promtool.StandardOutput.ReadToEndAsync(Cancellation)) + await complaints);
        Assert.Equal(0, promtool.ExitCode);
    }

    [Fact]
    public async Task Nothing_is_untyped_and_everything_has_its_help()
    {
        string[] lines = await Scrape();
        string[] typed = [.. lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))];
        Assert.All(typed, line => Assert.Contains(line.Split(' ')[3], new[] { "counter", "gauge", "histogram" }));
        Assert.Equal(typed.Select(line => line.Split(' ')[2]).Order(StringComparer.Ordinal), lines.Where(line => line.StartsWith("# HELP ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).Order(StringComparer.Ordinal));
        Assert.Contains("# TYPE blackwall_packets_total counter", lines);
        Assert.Contains("# TYPE blackwall_decisions gauge", lines);
        Assert.Contains("# TYPE blackwall_store_commit_duration_seconds histogram", lines);
    }

    [Fact]
    public async Task No_family_or_sample_comes_twice()
    {
        string[] lines = await Scrape();
        string[] families = [.. lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))];
        string[] samples = [.. lines.Where(line => !line.StartsWith('#')).Select(line => line[..line.LastIndexOf(' ')])];
        Assert.Equal(families.Distinct(StringComparer.Ordinal), families);
        Assert.Equal(samples.Distinct(StringComparer.Ordinal), samples);
        Assert.True(samples.Length > 100);
    }

    [Fact]
    public async Task The_process_tells_what_it_uses()
    {
        string[] lines = await Scrape();
        double Value(string name) => double.Parse(lines.Single(l => l.StartsWith(name + "{} ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
        Assert.True(Value("process_resident_memory_bytes") > 1_000_000);
        Assert.True(Value("process_cpu_seconds_total") > 0);
        Assert.True(Value("process_open_fds") > 3);
        Assert.InRange(Value("process_start_time_seconds"), 1_700_000_000, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1);
    }
}
