using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Fingerprints;
using Blackwall.Pipeline.Model;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Api;

public sealed class FingerprintApiTests : IDisposable
{
    private const string Path = "fingerprints/ja4/t13d1516h2_aaaaaaaaaaaa_bbbbbbbbbbbb";
    private readonly ApplianceFactory _appliance = new();
    private readonly HttpClient _client;

    public FingerprintApiTests() => _client = _appliance.Operator();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _appliance.Dispose();
    }

    private static JsonObject Entry(string label = "a tool") => new() { ["label"] = label, ["category"] = "tool", ["confidence"] = 0.5, ["source"] = "test" };

    private async Task<HttpResponseMessage> Put(string path, JsonObject entry, string? ifMatch = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, path) { Content = JsonContent.Create(entry) };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        return await _client.SendAsync(request, Cancellation);
    }

    private async Task<JsonNode> Get(string path) => (await _client.GetFromJsonAsync<JsonNode>(path, Cancellation))!;

    private async Task<HttpResponseMessage> Import(string text, string type)
    {
        using StringContent content = new(text, Encoding.UTF8, type);
        return await _client.PostAsync("fingerprints/import", content, Cancellation);
    }

    [Fact]
    public async Task An_entry_is_made_read_changed_and_removed()
    {
        HttpResponseMessage made = await Put(Path, Entry());
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        HttpResponseMessage read = await _client.GetAsync(Path, Cancellation);
        Assert.Equal(made.Headers.ETag, read.Headers.ETag);
        HttpResponseMessage changed = await Put(Path, Entry("another"), read.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(("another", false), ((string?)(await Get(Path))["label"], (bool)(await Get(Path))["shipped"]!));
        Assert.Equal(HttpStatusCode.NoContent, (await _client.DeleteAsync(Path, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(Path, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await _client.DeleteAsync(Path, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_change_that_nobody_read_is_refused()
    {
        string tag = (await Put(Path, Entry())).Headers.ETag!.ToString();
        Assert.Equal(HttpStatusCode.PreconditionRequired, (await Put(Path, Entry("x"))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await Put(Path, Entry("y"), tag)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Put(Path, Entry("z"), tag)).StatusCode);
        using HttpRequestMessage removal = new(HttpMethod.Delete, Path);
        removal.Headers.TryAddWithoutValidation("If-Match", tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await _client.SendAsync(removal, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Put("fingerprints/ja4/t13*", Entry(), tag)).StatusCode);
    }

    [Fact]
    public async Task Every_wrong_field_is_named()
    {
        HttpResponseMessage response = await Put("fingerprints/hassh/xyz", new JsonObject { ["label"] = "", ["category"] = "virus", ["confidence"] = 2 });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(
            ["category", "confidence", "label", "source", "value"],
            (await ApplianceFactory.JsonOf(response))["errors"]!.AsObject().Select(e => e.Key).Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Put("fingerprints/ja3/x", Entry())).StatusCode);
        Assert.All(["limit=0", "kind=x", "category=x", "cursor=x", "cursor=ja4:x"], query =>
            Assert.Equal(HttpStatusCode.UnprocessableEntity, _client.GetAsync($"fingerprints?{query}", Cancellation).Result.StatusCode));
    }

    [Fact]
    public async Task The_list_is_read_a_page_at_a_time_in_order()
    {
        List<string> seen = [];
        string? cursor = null;
        do
        {
            JsonNode page = await Get($"fingerprints?limit=7{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}");
            seen.AddRange(page["items"]!.AsArray().Select(e => $"{e!["kind"]} {e["value"]}"));
            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
        Assert.Equal(ShippedFingerprints.Read().Entries.Select(e => $"{FingerprintWords.For(e.Kind)} {e.Value}").Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
        Assert.Equal(seen.Distinct(StringComparer.Ordinal), seen);
    }

    [Fact]
    public async Task The_list_is_filtered()
    {
        JsonArray items = (await Get("fingerprints?kind=ssh-banner&category=scanner&text=NMAP"))["items"]!.AsArray();
        Assert.NotEmpty(items);
        Assert.All(items, e => Assert.Equal(("ssh-banner", "scanner"), ((string?)e!["kind"], (string?)e["category"])));
    }

    [Theory]
    [InlineData("json", "application/x-ndjson")]
    [InlineData("csv", "text/csv")]
    public async Task What_is_exported_can_be_imported(string format, string type)
    {
        HttpResponseMessage export = await _client.GetAsync($"fingerprints/export?format={format}", Cancellation);
        Assert.Equal(type, export.Content.Headers.ContentType?.MediaType);
        string text = await export.Content.ReadAsStringAsync(Cancellation);
        HttpResponseMessage import = await Import(text, type);
        Assert.Equal(HttpStatusCode.OK, import.StatusCode);
        Assert.Equal(ShippedFingerprints.Read().Entries.Count, (int)(await ApplianceFactory.JsonOf(import))["imported"]!);
        Assert.Equal(text, await _client.GetStringAsync($"fingerprints/export?format={format}", Cancellation));
    }

    [Fact]
    public async Task An_import_is_whole_or_not_at_all()
    {
        HttpResponseMessage response = await Import(
            """
            {"kind":"ja4","value":"t13zzz*","label":"l","category":"tool","confidence":1,"source":"s"}
            {"kind":"ja4"}
            """,
            "application/x-ndjson");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal(["line 2"], (await ApplianceFactory.JsonOf(response))["errors"]!.AsObject().Select(e => e.Key));
        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync("fingerprints/ja4/t13zzz*", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Import("\n", "application/x-ndjson")).StatusCode);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Import("{}", "application/json")).StatusCode);
    }

    [Fact]
    public async Task A_banner_with_a_slash_has_a_path()
    {
        const string path = "fingerprints/ssh-banner/SSH-2.0-a%2Fb%20c*";
        Assert.Equal(HttpStatusCode.Created, (await Put(path, Entry())).StatusCode);
        Assert.Equal("SSH-2.0-a/b c*", (string?)(await Get(path))["value"]);
    }

    [Fact]
    public async Task Prints_of_syns_are_listed_and_edited_like_the_others()
    {
        JsonArray listed = (await Get("fingerprints?kind=tcp-syn&category=scanner&limit=1000"))["items"]!.AsArray();
        Assert.Contains("4_64_m_0_1024_e_x", listed.Select(item => (string?)item!["value"]));
        Assert.All(listed, item => Assert.StartsWith("measured: ", (string?)item!["source"], StringComparison.Ordinal));
        const string path = "fingerprints/tcp-syn/4_128_mnwnns_di_*";
        Assert.Equal(HttpStatusCode.Created, (await Put(path, Entry())).StatusCode);
        Assert.Equal("4_128_mnwnns_di_*", (string?)(await Get(path))["value"]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await Put("fingerprints/tcp-syn/5_64_m_0_1024_e_x", Entry())).StatusCode);
    }

    [Fact]
    public async Task A_source_shows_its_fingerprints_with_what_is_known_of_them()
    {
        Address source = Address.Parse("203.0.113.9");
        FingerprintBook book = _appliance.Services.GetRequiredService<FingerprintBook>();
        DateTimeOffset noon = new(2100, 1, 1, 12, 0, 0, TimeSpan.Zero);
        book.Record(source, new Fingerprint(FingerprintKind.SshBanner, "SSH-2.0-Nmap-SSH2-Hostkey"), noon, proven: true);
        book.Record(source, new Fingerprint(FingerprintKind.Ja4, "t13i000000_000000000000_000000000000"), noon.AddMinutes(1), proven: true);
        book.Record(source, new Fingerprint(FingerprintKind.TcpSyn, "4_255_0_0_1024_0_x"), noon.AddMinutes(2), proven: false);
        JsonArray seen = (await Get("sources/203.0.113.9"))["fingerprints"]!.AsArray();
        Assert.Equal(("tcp-syn", "4_255_0_0_1024_0_x", "masscan"), ((string?)seen[0]!["kind"], (string?)seen[0]!["value"], (string?)seen[0]!["label"]));
        seen.RemoveAt(0);
        Assert.Equal(["ja4", "ssh-banner"], seen.Select(f => (string)f!["kind"]!));
        Assert.Equal((null, noon.AddMinutes(1)), ((string?)seen[0]!["label"], (DateTimeOffset)seen[0]!["firstSeen"]!));
        Assert.Equal(("nmap", "scanner", 0.95, 1), ((string?)seen[1]!["label"], (string?)seen[1]!["category"], (double)seen[1]!["confidence"]!, (int)seen[1]!["flows"]!));
    }
}
