using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Api.Keys;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class DoorTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new("[api]\nmax_failures = 5\n");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public void The_admin_key_is_made_once_has_256_bits_and_is_readable_by_its_owner_alone()
    {
        using HttpClient client = _appliance.Operator();
        string path = Path.Combine(_appliance.Folder, "admin.key");
        Assert.Matches("^bw_[0-9a-f]{64}$", _appliance.Key);
#pragma warning disable CA1416 // Linux only, as the appliance.
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
#pragma warning restore CA1416
        byte[] database = [.. Directory.GetFiles(_appliance.Folder, "blackwall.db*").SelectMany(ReadShared)];
        Assert.True(database.AsSpan().IndexOf(Encoding.ASCII.GetBytes(_appliance.Key[3..])) < 0);
    }

    [Theory]
    [InlineData("GET", "decisions")]
    [InlineData("POST", "decisions")]
    [InlineData("DELETE", "decisions/1")]
    [InlineData("POST", "decisions/check")]
    [InlineData("GET", "rules")]
    [InlineData("PUT", "rules/1")]
    [InlineData("POST", "rules/import")]
    [InlineData("GET", "stats")]
    [InlineData("GET", "events")]
    [InlineData("GET", "sources/203.0.113.9")]
    [InlineData("GET", "config")]
    [InlineData("GET", "nowhere")]
    public async Task Without_the_key_every_door_is_shut(string method, string path)
    {
        foreach (string? key in new[] { null, "bw_" + new string('0', 64), "", "x" })
        {
            using HttpClient client = _appliance.Stranger($"198.51.100.{path.Length}", key);
            using HttpRequestMessage request = new(new HttpMethod(method), path);
            HttpResponseMessage response = await client.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task Wrong_keys_from_one_address_are_turned_away_others_and_the_right_key_are_not()
    {
        using HttpClient guessing = _appliance.Stranger("198.51.100.9", "bw_wrong");
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await guessing.GetAsync("stats", Cancellation)).StatusCode);
        }

        HttpResponseMessage turnedAway = await guessing.GetAsync("stats", Cancellation);
        Assert.Equal(HttpStatusCode.TooManyRequests, turnedAway.StatusCode);
        Assert.InRange(turnedAway.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        using HttpClient other = _appliance.Stranger("198.51.100.10", "bw_wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("stats", Cancellation)).StatusCode);
        using HttpClient owner = _appliance.Operator("198.51.100.9");
        Assert.Equal(HttpStatusCode.OK, (await owner.GetAsync("stats", Cancellation)).StatusCode);
    }

    [Fact]
    public void The_table_of_wrong_keys_is_bounded_and_counts_IPv6_by_network()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider clock = new();
        FailedKeys failures = new(Microsoft.Extensions.Options.Options.Create(new Blackwall.Api.ApiOptions { MaxFailures = 2 }), clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<FailedKeys>.Instance);
        for (uint i = 0; i < 10_000; i++)
        {
            Assert.Null(failures.Count(Blackwall.Pipeline.Model.Address.FromV4(0x09000000 + i)));
        }

        Assert.Equal(FailedKeys.MaxAddresses, failures.Read()["addresses"]);
        Assert.Equal(10_000 - FailedKeys.MaxAddresses, failures.Read()["evicted"]);
        Assert.Null(failures.Count(Blackwall.Pipeline.Model.Address.Parse("2001:db8::1")));
        Assert.Null(failures.Count(Blackwall.Pipeline.Model.Address.Parse("2001:db8::2")));
        Assert.NotNull(failures.Count(Blackwall.Pipeline.Model.Address.Parse("2001:db8::3")));
        Assert.Null(failures.Count(Blackwall.Pipeline.Model.Address.Parse("2001:db8:0:1::1")));
        clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Null(failures.Count(Blackwall.Pipeline.Model.Address.Parse("2001:db8::4")));
    }

    [Theory]
    [InlineData("GET", "nowhere", 404)]
    [InlineData("GET", "../../nowhere", 404)]
    [InlineData("GET", "decisions/999999", 404)]
    [InlineData("GET", "decisions/abc", 404)]
    [InlineData("PATCH", "decisions", 405)]
    [InlineData("DELETE", "stats", 405)]
    [InlineData("POST", "decisions", 415)]
    public async Task Every_failure_is_a_problem_whatever_the_client_accepts(string method, string path, int status)
    {
        using HttpClient client = _appliance.Operator();
        foreach (string accept in new[] { "*/*", "text/html", "image/png" })
        {
            using HttpRequestMessage request = new(new HttpMethod(method), path);
            request.Headers.Accept.ParseAdd(accept);
            if (method is "POST")
            {
                request.Content = new StringContent("scope=203.0.113.9", Encoding.UTF8, "application/x-www-form-urlencoded");
            }

            HttpResponseMessage response = await client.SendAsync(request, Cancellation);
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            JsonNode problem = await ApplianceFactory.JsonOf(response);
            Assert.Equal(status, (int)problem["status"]!);
            Assert.All(new[] { "type", "title", "detail", "instance", "traceId" }, name => Assert.NotEmpty((string)problem[name]!));
        }
    }

    [Fact]
    public async Task A_body_that_is_too_large_is_refused_before_it_is_read()
    {
        using HttpClient client = _appliance.Operator();
        HttpResponseMessage response = await client.PostAsJsonAsync("decisions", new { scope = "203.0.113.9", verdict = "drop", comment = new string('x', 70_000) }, Cancellation);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        HttpResponseMessage import = await client.PostAsync("rules/import", new StringContent("203.0.113.9\n#" + new string('x', 100_000)), Cancellation);
        Assert.Equal(HttpStatusCode.OK, import.StatusCode);
    }

    [Fact]
    public async Task Health_answers_strangers_without_detail_and_the_operator_with_it()
    {
        using HttpClient stranger = _appliance.Stranger();
        using HttpClient owner = _appliance.Operator();
        Assert.Equal("""{"status":"live"}""", await stranger.GetStringAsync("health/live", Cancellation));
        Assert.Equal("""{"status":"ready"}""", await stranger.GetStringAsync("health/ready", Cancellation));

        _appliance.Wall.Status = _appliance.Wall.Status with { Fault = "The driver refused native mode." };
        Assert.Equal("""{"status":"ready"}""", await stranger.GetStringAsync("health/ready", Cancellation));
        JsonNode degraded = (await owner.GetFromJsonAsync<JsonNode>("health/ready", Cancellation))!;
        Assert.Equal(("degraded", "The driver refused native mode."), ((string?)degraded["status"], (string?)degraded["faults"]!["wall"]));

        _appliance.Wall.Status = _appliance.Wall.Status with { AttachMode = null };
        HttpResponseMessage starting = await stranger.GetAsync("health/ready", Cancellation);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, starting.StatusCode);
        Assert.Equal("""{"status":"starting"}""", await starting.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Statistics_show_the_wall_its_counters_and_every_part()
    {
        using HttpClient owner = _appliance.Operator();
        JsonNode stats = (await owner.GetFromJsonAsync<JsonNode>("stats", Cancellation))!;
        Assert.Equal(("eth0", "enforce", "native"), ((string?)stats["wall"]!["interface"], (string?)stats["wall"]!["mode"], (string?)stats["wall"]!["attachMode"]));
        Assert.Equal(("drop-limit-syn", 3), ((string?)stats["counters"]![0]!["reason"], (int)stats["counters"]![0]!["packets"]!));
        Assert.Equal(2, (int)stats["losses"]!["tls-events"]!);
        Assert.Equal(["audit", "board", "captureInbox", "captures", "changes", "connections", "eventReaders", "events", "feedMatches", "feeds", "fingerprintDatabase", "history", "intel", "journal", "keys", "mesh", "model", "notifications", "remediation", "sessions", "sinks"], stats["parts"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
        Assert.Equal(2_000_000, (int)stats["parts"]!["board"]!["capacity"]!);
    }

    [Fact]
    public async Task The_key_survives_a_lost_database_and_a_restart()
    {
        string key = _appliance.Operator().DefaultRequestHeaders.Authorization!.Parameter!;
        string kept = Path.Combine(Path.GetTempPath(), $"blackwall-key-{Guid.NewGuid():N}");
        File.Copy(Path.Combine(_appliance.Folder, "admin.key"), kept);
        using ApplianceFactory other = new();
        File.Move(kept, Path.Combine(other.Folder, "admin.key"));
        using HttpClient client = other.Operator();
        Assert.Equal(key, other.Key);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("stats", Cancellation)).StatusCode);
    }

    private static byte[] ReadShared(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
