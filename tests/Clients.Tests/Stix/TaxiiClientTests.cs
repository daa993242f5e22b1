using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Clients;

/// <summary>OASIS's own TAXII client, unchanged, and OASIS's schemas.</summary>
public sealed class TaxiiClientTests : IDisposable
{
    private readonly RunningAppliance _appliance = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task The_client_of_the_standard_walks_adds_polls_and_deletes_and_every_object_fits_the_schemas()
    {
        string place = _appliance.Listen().GetLeftPart(UriPartial.Authority);
        string key = _appliance.NewKey();
        using HttpClient client = new() { BaseAddress = new Uri(place + "/api/v1/") };
        client.DefaultRequestHeaders.Authorization = new("Bearer", key);
        VerdictBoard board = _appliance.Services.GetRequiredService<VerdictBoard>();
        string[] scopes = ["198.51.100.7", "2001:db8::7", "198.51.100.128/25"];
        foreach (string scope in scopes)
        {
            Address source = Prefix.Parse(scope).Network;
            EvidenceFacts facts = new("ports-tried") { FingerprintKind = "ja4", Fingerprint = "t13d1516h2_8daaf6152771_b186095e22b6" };
            Evidence evidence = new(0, source, "brute-force", EvidenceClass.Application, 0.9, TimeProvider.System.GetUtcNow(), "it's a \"test\" \\") { Facts = facts };
            Assert.Null(board.Publish(new DecisionRequest(Prefix.Parse(scope), Verdict.Drop, Origin.Local, "brute-force", 0.9, TimeSpan.FromHours(1), [evidence], null, "appliance")).Refusal);
        }

        // The evidence of the prefix names one address in it, which is an indicator too.
        int indicators = scopes.Length + 1;
        await SeenAsync(client, indicators);
        JsonNode told = JsonNode.Parse(await RunAsync(place + "/taxii2/", key))!;
        Assert.Equal("Blackwall", (string?)told["title"]);
        Assert.Empty(told["wrong"]!.AsArray());
        Assert.Empty(told["dangling"]!.AsArray());
        Assert.NotEqual(0, (int)told["validator"]!);
        Assert.True((bool)told["again"]!);
        Assert.Equal((int)told["objects"]!, (int)told["distinct"]!);
        Assert.Equal((int)told["objects"]!, (int)told["manifest"]!);
        Assert.Equal(indicators, (int)told["types"]!["indicator"]!);
        Assert.Equal(indicators, (int)told["types"]!["sighting"]!);
        Assert.Contains("[ipv6-addr:value = '2001:db8::7']", told["patterns"]!.AsArray().Select(one => (string?)one));
        Assert.Contains("[ipv4-addr:value ISSUBSET '198.51.100.128/25']", told["patterns"]!.AsArray().Select(one => (string?)one));
        Assert.Equal("[\"complete\",2,1,0]", told["added"]!.ToJsonString());
        Assert.Equal("[\"2026-01-01T00:00:00.000Z\",\"2026-01-02T00:00:00.5Z\"]", told["versions"]!.ToJsonString());
        Assert.True((bool)told["first"]! && (bool)told["last"]!);
        Assert.Equal("[1,0]", told["left"]!.ToJsonString());
    }

    private static async Task SeenAsync(HttpClient client, int count)
    {
        while (true)
        {
            JsonNode page = (await client.GetFromJsonAsync<JsonNode>("/taxii2/api/collections/intelligence/objects/?match[type]=sighting", Cancellation))!;
            if (page["objects"]?.AsArray().Count == count)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        string script = Path.Combine(RepositoryRoot.Path, "tests", "Clients.Tests", "Stix", "walk.py");
        using Process process = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-W", "ignore", "-B", script, arguments[0], "anybody", arguments[1]]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(Cancellation);
        Task<string> error = process.StandardError.ReadToEndAsync(Cancellation);
        await process.WaitForExitAsync(Cancellation);
        Assert.True(process.ExitCode == 0, $"walk.py ended with {process.ExitCode}:\n{await output}\n{await error}");
        return await output;
    }
}
