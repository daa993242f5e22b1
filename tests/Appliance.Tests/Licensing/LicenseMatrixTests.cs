using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Blackwall.Api.Licenses;
using Blackwall.Intel;
using Blackwall.Tests.Api;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Licensing;

/// <summary>The table of docs/LICENSING.md is what every endpoint answers in every tier.</summary>
public sealed partial class LicenseMatrixTests : IDisposable
{
    private readonly FullLicense _license = new();
    private readonly ApplianceFactory _appliance;
    private readonly HttpClient _client;

    public LicenseMatrixTests()
    {
        _appliance = new ApplianceFactory(license: _license);
        _client = _appliance.Operator();
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Page => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "LICENSING.md"));

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private static IReadOnlyList<(string Method, string Path, int[] Statuses)> Rows =>
    [
        .. Row().Matches(Page).Select(row => (row.Groups["method"].Value, row.Groups["path"].Value, row.Groups["status"].Captures.Select(status => int.Parse(status.Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray())),
    ];

    [Fact]
    public async Task Every_endpoint_answers_in_every_tier_what_the_table_says()
    {
        Assert.True(Rows.Count > 15);
        foreach ((string method, string path, int[] statuses) in Rows)
        {
            foreach (LicenseTier tier in Enum.GetValues<LicenseTier>())
            {
                _license.Tier = tier;
                string collection = method is "GET" ? "intelligence" : "shared";
                string asked = path.Replace("{format}", "netset", StringComparison.Ordinal).Replace("{collection}", collection, StringComparison.Ordinal)
                    .Replace("{id}", path.Contains("status", StringComparison.Ordinal) ? $"{Guid.Empty}" : $"indicator--{Guid.Empty}", StringComparison.Ordinal).Replace("{event}", $"{Guid.Empty}", StringComparison.Ordinal);
                using HttpRequestMessage request = new(new HttpMethod(method), asked);
                if (method is "POST")
                {
                    request.Content = new StringContent("{\"objects\":[{}]}", Encoding.UTF8);
                    request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/taxii+json;version=2.1");
                }

                if (path.StartsWith("/v1", StringComparison.Ordinal))
                {
                    request.Headers.Add("X-Api-Key", _appliance.Key);
                }

                using HttpResponseMessage response = await _client.SendAsync(request, Cancellation);
                Assert.True((int)response.StatusCode == statuses[(int)tier], $"{method} {path} in {tier}: {(int)response.StatusCode}");
                string body = await response.Content.ReadAsStringAsync(Cancellation);
                if (statuses[(int)tier] == 403)
                {
                    Assert.Contains("licence tier", body, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void Every_endpoint_that_a_licence_touches_is_in_the_table()
    {
        _ = _appliance.Board;
        string[] known = [.. Rows.Select(row => $"{row.Method} {row.Path.TrimEnd('/')}")];
        foreach (RouteEndpoint endpoint in _appliance.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<Licensed>() is not null))
        {
            string path = endpoint.RoutePattern.RawText!.TrimEnd('/');
            string method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            Assert.Contains(known, row => path.EndsWith("/feed/{format}", StringComparison.Ordinal) ? row.Contains("/feed/cef", StringComparison.Ordinal) : string.Equals(row, $"{method} {path}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_table_of_limits_is_that_of_the_code()
    {
        foreach ((string row, Func<LicenseLimits, int?> read) in new (string, Func<LicenseLimits, int?>)[]
        {
            ("items of a page", limits => limits.PageSize), ("requests a minute", limits => limits.RequestsPerMinute), ("sinks of syslog", limits => limits.LineSinks), ("sinks of Splunk", limits => limits.CollectorSinks),
        })
        {
            string[] cells = [.. Page.Split('\n').Single(line => line.StartsWith($"| {row}", StringComparison.Ordinal)).Split('|')[2..6].Select(cell => cell.Trim())];
            Assert.Equal(Enum.GetValues<LicenseTier>().Select(tier => read(LicenseMatrix.LimitsOf(tier))?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "any number"), cells);
        }
    }

    [Fact]
    public async Task Pages_requests_and_sinks_are_bounded_by_the_tier_and_nothing_that_protects_is()
    {
        _license.Tier = LicenseTier.Professional;
        Assert.Equal(201, (int)await Sink("a", "syslog", "tcp://127.0.0.1:9"));
        Assert.Equal(201, (int)await Sink("b", "lines", "tcp://127.0.0.1:9"));
        Assert.Equal(403, (int)await Sink("c", "syslog", "tcp://127.0.0.1:9"));
        Assert.Equal(201, (int)await Sink("d", "webhook", "http://127.0.0.1:9"));
        Assert.Equal(403, (int)await Sink("e", "webhook", "http://127.0.0.1:9"));
        _license.Tier = LicenseTier.Basic;
        Assert.Equal("stopped", (string?)JsonNode.Parse(await _client.GetStringAsync("sinks/a", Cancellation))!["state"]);
        int[] statuses = [.. await Task.WhenAll(Enumerable.Range(0, 61).Select(async _ => (int)(await _client.GetAsync("exports/netset", Cancellation)).StatusCode))];
        Assert.Equal((60, 1), (statuses.Count(status => status == 200), statuses.Count(status => status == 429)));

        // Past the limit the control plane is as open as before.
        foreach (int i in Enumerable.Range(1, 70))
        {
            using HttpResponseMessage made = await _client.PostAsync("rules", new StringContent($"{{\"scope\":\"203.0.113.{i}\",\"verdict\":\"drop\"}}", Encoding.UTF8, "application/json"), Cancellation);
            Assert.Equal(201, (int)made.StatusCode);
        }
    }

    [Fact]
    public async Task A_page_is_no_larger_than_the_tier_allows_and_grace_is_told()
    {
        await _client.PostAsync("rules/import?verdict=drop", new StringContent(string.Join('\n', Enumerable.Range(1, 300).Select(i => $"198.18.{i / 250}.{i % 250}"))), Cancellation);
        _license.Tier = LicenseTier.Professional;
        IntelBook book = _appliance.Services.GetRequiredService<IntelBook>();
        while (book.Read()["objects"] < 600)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        _license.GraceEnds = new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using HttpResponseMessage page = await _client.GetAsync("/taxii2/api/collections/intelligence/objects/?limit=1000", Cancellation);
        Assert.Equal(500, (await ApplianceFactory.JsonOf(page))["objects"]!.AsArray().Count);
        Assert.Equal("expired; grace ends 2027-01-01T00:00:00Z", page.Headers.GetValues("X-Blackwall-License").Single());
    }

    private async Task<System.Net.HttpStatusCode> Sink(string name, string kind, string url)
    {
        using HttpResponseMessage response = await _client.PostAsync("sinks", new StringContent($"{{\"name\":\"{name}\",\"kind\":\"{kind}\",\"url\":\"{url}\",\"enabled\":false}}", Encoding.UTF8, "application/json"), Cancellation);
        if ((int)response.StatusCode == 403)
        {
            JsonNode problem = await ApplianceFactory.JsonOf(response);
            Assert.Equal(("license-limit", "Enterprise"), ((string?)problem["type"], (string?)problem["errors"]!["tier"]![0]));
        }

        return response.StatusCode;
    }

    [GeneratedRegex(@"^\| `(?<method>[A-Z]+) (?<path>/[^`]*)` \|(?: (?<status>\d+) \|)+", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();
}
