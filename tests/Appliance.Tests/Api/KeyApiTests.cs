using Blackwall.Pipeline.Board;
using Blackwall.Health;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Api.Keys;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class KeyApiTests : IDisposable
{
    private readonly ApplianceFactory _appliance = new();
    private readonly HttpClient _admin;

    public KeyApiTests() => _admin = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _admin.Dispose();
        _appliance.Dispose();
    }

    private async Task<(long Id, string Secret)> Make(object wish)
    {
        HttpResponseMessage created = await _admin.PostAsJsonAsync("keys", wish, Cancellation);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        JsonNode body = await ApplianceFactory.JsonOf(created);
        Assert.Equal($"/api/v1/keys/{body["key"]!["id"]}", created.Headers.Location!.ToString());
        return ((long)body["key"]!["id"]!, (string)body["secret"]!);
    }

    private async Task<HttpStatusCode> Get(string secret, string path, string? remote = null)
    {
        using HttpClient client = _appliance.Stranger(remote, secret);
        return (await client.GetAsync(path, Cancellation)).StatusCode;
    }

    [Fact]
    public async Task A_key_tells_its_secret_once_and_is_kept_as_a_hash_alone()
    {
        (long id, string secret) = await Make(new { name = "grafana", scopes = new[] { "metrics:read", "stats:read" } });
        Assert.Matches("^bw_[0-9a-f]{64}$", secret);
        string shown = await _admin.GetStringAsync($"keys/{id}", Cancellation);
        Assert.DoesNotContain(secret, shown + await _admin.GetStringAsync("keys", Cancellation), StringComparison.Ordinal);
        JsonNode key = JsonNode.Parse(shown)!;
        Assert.Equal(("grafana", secret[..11], null), ((string?)key["name"], (string?)key["lead"], (string?)key["lastUsed"]));
        Assert.Equal(["metrics:read", "stats:read"], key["scopes"]!.AsArray().Select(s => (string)s!));
        foreach (string file in Directory.GetFiles(_appliance.Folder, "blackwall.db*"))
        {
            await using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, Cancellation);
            Assert.True(bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(secret[12..])) < 0, file);
        }

        Assert.Equal(HttpStatusCode.OK, await Get(secret, "stats"));
        Assert.NotNull((string?)(await _admin.GetFromJsonAsync<JsonNode>($"keys/{id}", Cancellation))!["lastUsed"]);
    }

    [Fact]
    public async Task A_key_without_the_scope_is_refused_and_told_which_one_is_missing()
    {
        (_, string secret) = await Make(new { name = "reader", scopes = new[] { "decisions:read" } });
        using HttpClient reader = _appliance.Stranger(null, secret);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("decisions", Cancellation)).StatusCode);
        HttpResponseMessage refused = await reader.PostAsJsonAsync("decisions", new { scope = "203.0.113.9", verdict = "drop" }, Cancellation);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        JsonNode problem = await ApplianceFactory.JsonOf(refused);
        Assert.Equal("decisions:write", (string?)problem["errors"]!["scope"]![0]);
        Assert.Contains("the key 'reader' has decisions:read", (string)problem["detail"]!, StringComparison.Ordinal);
        Assert.Equal(0, new BoardStats(_appliance.Board).Read()["ofOperator"]);
        Assert.Equal(HttpStatusCode.OK, (await reader.GetAsync("keys/current", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await reader.GetAsync("nowhere", Cancellation)).StatusCode);
    }

    [Fact]
    public void Every_operation_says_which_scope_it_needs()
    {
        _appliance.CreateClient().Dispose();
        RouteEndpoint[] endpoints = [.. _appliance.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];
        Assert.NotEmpty(endpoints);
        Assert.Empty(endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<AnonymousAttribute>() is null && endpoint.Metadata.GetMetadata<Needs>() is null)
            .Where(endpoint => endpoint.RoutePattern.RawText?.StartsWith("/swagger", StringComparison.Ordinal) != true)
            .Select(endpoint => endpoint.DisplayName));
    }

    [Theory]
    [InlineData("viewer", "blocks:read changes:read config:read decisions:read events:read feeds:read fingerprints:read intel:read mesh:read metrics:read model:read notifications:read rules:read sinks:read sources:read stats:read")]
    [InlineData("operator", "audit:read blocks:read captures:read captures:write changes:read changes:write config:read config:write decisions:read decisions:write events:read feeds:read feeds:write fingerprints:read fingerprints:write intel:read intel:write mesh:read mesh:write metrics:read model:read notifications:read notifications:write rules:read rules:write sessions:read sessions:write sinks:read sources:read stats:read")]
    [InlineData("siem", "audit:read blocks:read decisions:read events:read intel:read mesh:read metrics:read sinks:read sources:read stats:read")]
    [InlineData("admin", "admin")]
    public void A_role_has_exactly_these_scopes_of_all_features(string role, string scopes)
    {
        Assert.True(_appliance.Services.GetRequiredService<ScopeRegistry>().TryRole(role, out ScopeSet set));
        Assert.Equal(scopes, string.Join(' ', set.Words));
        Assert.Equal(role is "operator" or "admin", set.MayChange);
    }

    [Theory]
    [InlineData("viewer", "decisions", "audit")]
    [InlineData("siem", "audit", "rules")]
    [InlineData("operator", "audit", "keys")]
    [InlineData("admin", "keys", null)]
    public async Task A_role_stands_for_its_scopes(string role, string allowed, string? refused)
    {
        (_, string secret) = await Make(new { name = "somebody", role });
        Assert.Equal(HttpStatusCode.OK, await Get(secret, allowed));
        if (refused is not null)
        {
            Assert.Equal(HttpStatusCode.Forbidden, await Get(secret, refused));
        }
    }

    [Fact]
    public async Task A_key_is_good_only_from_its_networks_and_does_not_guard_who_calls_from_elsewhere()
    {
        (_, string secret) = await Make(new { name = "office", role = "viewer", networks = new[] { "198.51.100.0/24", "2001:db8::/32" } });
        Assert.Equal(HttpStatusCode.OK, await Get(secret, "stats", "198.51.100.7"));
        Assert.Equal(HttpStatusCode.OK, await Get(secret, "stats", "2001:db8::7"));
        Assert.Equal(HttpStatusCode.Forbidden, await Get(secret, "stats", "203.0.113.77"));
        Assert.Equal(HttpStatusCode.Created, (await _admin.PostAsJsonAsync("decisions", new { scope = "203.0.113.77", verdict = "drop" }, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_key_ends_on_time()
    {
        KeyRing keys = _appliance.Services.GetRequiredService<KeyRing>();
        string secret = (await keys.CreateAsync("over", new ScopeSet([HealthScopes.Read]), [], DateTimeOffset.UnixEpoch.AddYears(1))).Secret!;
        Assert.Equal(HttpStatusCode.Unauthorized, await Get(secret, "stats"));
        (_, string lasting) = await Make(new { name = "lasting", role = "viewer", expiry = "2999-01-01T00:00:00Z" });
        Assert.Equal(HttpStatusCode.OK, await Get(lasting, "stats"));
    }

    [Fact]
    public async Task Nobody_gives_or_takes_more_than_they_have()
    {
        (long reading, _) = await Make(new { name = "reading", scopes = new[] { "rules:read" } });
        (_, string secret) = await Make(new { name = "porter", scopes = new[] { "keys:read", "keys:write", "rules:read" } });
        using HttpClient porter = _appliance.Stranger(null, secret);
        long admin = (long)(await porter.GetFromJsonAsync<JsonNode>("keys", Cancellation))!["items"]![0]!["id"]!;
        Assert.Equal(HttpStatusCode.Forbidden, (await porter.PostAsJsonAsync("keys", new { name = "more", role = "admin" }, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await porter.PostAsync($"keys/{admin}/rotate", null, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await porter.DeleteAsync($"keys/{admin}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await porter.PostAsJsonAsync("keys", new { name = "less", scopes = new[] { "rules:read" } }, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await porter.DeleteAsync($"keys/{reading}", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_key_makes_only_keys_with_at_most_its_own_networks_and_end()
    {
        DateTimeOffset end = TimeProvider.System.GetUtcNow().AddHours(1);
        (_, string secret) = await Make(new { name = "bound", scopes = new[] { "keys:write", "keys:read", "rules:read" }, networks = new[] { "192.0.2.0/24" }, expiry = end });
        using HttpClient bound = _appliance.Stranger("192.0.2.7", secret);
        Assert.Equal(["expiry", "networks"], await Refused(new { name = "a", scopes = new[] { "rules:read" } }));
        Assert.Equal(["networks"], await Refused(new { name = "a", scopes = new[] { "rules:read" }, expiry = end, networks = new[] { "192.0.2.0/23" } }));
        Assert.Equal(["networks"], await Refused(new { name = "a", scopes = new[] { "rules:read" }, expiry = end, networks = new[] { "192.0.2.0/25", "203.0.113.1" } }));
        Assert.Equal(["expiry"], await Refused(new { name = "a", scopes = new[] { "rules:read" }, expiry = end.AddSeconds(1), networks = new[] { "192.0.2.0/25" } }));
        Assert.Equal(["scope"], await Refused(new { name = "a", scopes = new[] { "rules:write" }, expiry = end, networks = new[] { "192.0.2.0/25" } }));
        using HttpResponseMessage made = await bound.PostAsJsonAsync("keys", new { name = "a", scopes = new[] { "rules:read" }, expiry = end, networks = new[] { "192.0.2.0/25" } }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);

        (long wide, _) = await Make(new { name = "wide", scopes = new[] { "rules:read" } });
        Assert.Equal(HttpStatusCode.Forbidden, (await bound.PostAsync($"keys/{wide}/rotate", null, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await bound.DeleteAsync($"keys/{wide}", Cancellation)).StatusCode);

        async Task<IEnumerable<string>> Refused(object wish)
        {
            using HttpResponseMessage answer = await bound.PostAsJsonAsync("keys", wish, Cancellation);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            return (await ApplianceFactory.JsonOf(answer))["errors"]!.AsObject().Select(error => error.Key).Order();
        }
    }

    [Fact]
    public async Task The_last_key_that_opens_everything_cannot_be_deleted()
    {
        long admin = (long)(await _admin.GetFromJsonAsync<JsonNode>("keys/current", Cancellation))!["id"]!;
        await Make(new { name = "for-a-day", role = "admin", expiry = "2999-01-01T00:00:00Z" });
        await Make(new { name = "from-here", role = "admin", networks = new[] { "127.0.0.1" } });
        HttpResponseMessage refused = await _admin.DeleteAsync($"keys/{admin}", Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("Make another first", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        (_, string second) = await Make(new { name = "second", role = "admin" });
        Assert.Equal(HttpStatusCode.NoContent, (await _admin.DeleteAsync($"keys/{admin}", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await _admin.GetAsync("stats", Cancellation)).StatusCode);
        Assert.False(File.Exists(Path.Combine(_appliance.Folder, "admin.key")));
        Assert.Equal(HttpStatusCode.OK, await Get(second, "stats"));
    }

    [Fact]
    public async Task A_rotated_key_has_a_new_secret_and_the_admin_key_has_it_in_its_file()
    {
        (long id, string before) = await Make(new { name = "rotating", role = "viewer" });
        JsonNode rotated = await ApplianceFactory.JsonOf(await _admin.PostAsync($"keys/{id}/rotate", null, Cancellation));
        Assert.Equal(HttpStatusCode.Unauthorized, await Get(before, "stats"));
        Assert.Equal(HttpStatusCode.OK, await Get((string)rotated["secret"]!, "stats"));

        string old = _appliance.Key;
        long admin = (long)(await _admin.GetFromJsonAsync<JsonNode>("keys/current", Cancellation))!["id"]!;
        JsonNode fresh = await ApplianceFactory.JsonOf(await _admin.PostAsync($"keys/{admin}/rotate", null, Cancellation));
        Assert.Equal((string?)fresh["secret"], _appliance.Key);
        Assert.Equal(HttpStatusCode.Unauthorized, await Get(old, "stats"));
        Assert.Equal(HttpStatusCode.OK, await Get(_appliance.Key, "stats"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_appliance.Folder, "admin.key")));
    }

    [Fact]
    public async Task Keys_outlive_the_process_with_what_they_may_do()
    {
        (_, string secret) = await Make(new { name = "kept", scopes = new[] { "stats:read" }, networks = new[] { "127.0.0.0/8" } });
        Assert.Equal(HttpStatusCode.OK, await Get(secret, "stats"));
        KeyStore store = _appliance.Services.GetRequiredService<KeyStore>();
        ApiKey kept = Assert.Single(store.Read().Keys, key => key.Name is "kept");
        Assert.Equal((new ScopeSet([HealthScopes.Read]), "127.0.0.0/8"), (kept.Scopes, kept.Networks[0].ToString()));
    }

    [Theory]
    [InlineData("""{"role":"viewer"}""", "name")]
    [InlineData("""{"name":"Not A Name","role":"viewer"}""", "name")]
    [InlineData("""{"name":"x"}""", "scopes")]
    [InlineData("""{"name":"x","scopes":["everything"]}""", "scopes")]
    [InlineData("""{"name":"x","scopes":[null]}""", "scopes")]
    [InlineData("""{"name":"x","role":"king"}""", "role")]
    [InlineData("""{"name":"x","role":"viewer","expiry":"2001-01-01T00:00:00Z"}""", "expiry")]
    [InlineData("""{"name":"x","role":"viewer","networks":["198.51.100.1/24"]}""", "networks[0]")]
    [InlineData("""{"name":"x","role":"viewer","networks":[null]}""", "networks[0]")]
    public async Task A_wish_that_makes_no_sense_names_the_field(string json, string field)
    {
        using StringContent content = new(json, Encoding.UTF8, "application/json");
        HttpResponseMessage response = await _admin.PostAsync("keys", content, Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal([field], (await ApplianceFactory.JsonOf(response))["errors"]!.AsObject().Select(e => e.Key));
    }

    [Fact]
    public async Task Two_keys_have_two_names()
    {
        await Make(new { name = "twice", role = "viewer" });
        Assert.Equal(HttpStatusCode.Conflict, (await _admin.PostAsJsonAsync("keys", new { name = "twice", role = "viewer" }, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task The_id_of_a_deleted_key_is_never_given_again()
    {
        (long id, _) = await Make(new { name = "first", role = "viewer" });
        Assert.Equal(HttpStatusCode.NoContent, (await _admin.DeleteAsync($"keys/{id}", Cancellation)).StatusCode);
        Assert.Equal(id + 1, (await Make(new { name = "second", role = "viewer" })).Id);
    }

    [Fact]
    public async Task A_key_file_that_others_could_read_is_closed_and_health_says_so_until_it_is_made_anew()
    {
        using ApplianceFactory open = new();
        string path = Path.Combine(open.Folder, "admin.key");
        await File.WriteAllTextAsync(path, "bw_" + new string('a', 64) + "\n", Cancellation);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        using HttpClient owner = open.Operator();
        JsonNode health = (await owner.GetFromJsonAsync<JsonNode>("health/ready", Cancellation))!;
        Assert.Equal("degraded", (string?)health["status"]);
        Assert.Contains("Others could read", (string)health["faults"]!["admin-key"]!, StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        await owner.PostAsync("keys/1/rotate", null, Cancellation);
        using HttpClient again = open.Operator();
        Assert.Equal("ready", (string?)(await again.GetFromJsonAsync<JsonNode>("health/ready", Cancellation))!["status"]);
    }
}
