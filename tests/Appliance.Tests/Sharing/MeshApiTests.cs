using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Identity;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Api;
using Xunit;

namespace Blackwall.Tests.Sharing;

/// <summary>Whole appliances that are sensors of one operator: what one decides, the other claims.</summary>
public sealed class MeshApiTests : IDisposable
{
    private readonly List<ApplianceFactory> _appliances = [];
    private readonly string[] _folders = [.. Enumerable.Range(0, 3).Select(_ => Directory.CreateTempSubdirectory("blackwall-mesh-").FullName)];
    private readonly string[] _ids;

    public MeshApiTests() => _ids = [.. _folders.Select(NewIdentity)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _appliances.ForEach(appliance => appliance.Dispose());
        foreach (string folder in _folders)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_block_of_one_appliance_becomes_a_limit_of_the_other_with_its_cause_and_ends_when_it_is_lifted()
    {
        (HttpClient first, HttpClient second) = await PairAsync();
        Decision block = Block(_appliances[0], "1.2.3.4");
        JsonNode source = await Until(second, "sources/1.2.3.4", body => (string?)body["verdict"] is "rate-limit");
        JsonNode claim = source["claims"]![0]!;
        Assert.Equal(("mesh", _ids[0], "mesh-member"), ((string?)claim["origin"], (string?)claim["owner"], (string?)claim["reason"]));
        Assert.Contains("reported brute-force (exploit)", (string?)claim["comment"], StringComparison.Ordinal);
        Assert.Null(_appliances[1].Board.Effective(Prefix.Parse("4.3.2.1")));

        JsonNode indicator = await Get(second, "mesh/indicators/ipv4/1.2.3.4");
        Assert.Equal(("rate-limit", "[ipv4-addr:value = '1.2.3.4']", _ids[0]), ((string?)indicator["action"], (string?)indicator["pattern"], (string?)indicator["votes"]![0]!["reporter"]));

        // Lifting it at home takes back that claim everywhere.
        using HttpResponseMessage lifted = await first.DeleteAsync(string.Create(CultureInfo.InvariantCulture, $"decisions/{block.Id}"), Cancellation);
        Assert.True(lifted.IsSuccessStatusCode, $"{lifted.StatusCode}");
        await Until(second, "sources/1.2.3.4", body => (string?)body["verdict"] is "pass");
    }

    [Fact]
    public async Task What_the_other_guards_or_allows_stays_reachable_while_it_is_reported()
    {
        (HttpClient _, HttpClient second) = await PairAsync();
        using HttpResponseMessage allowed = await second.PostAsJsonAsync("rules", new { scope = "93.184.216.0/24", verdict = "pass" }, Cancellation);
        Assert.Equal(HttpStatusCode.Created, allowed.StatusCode);
        Block(_appliances[0], "93.184.216.34");
        Block(_appliances[0], "1.2.3.5");
        await Until(second, "sources/1.2.3.5", body => (string?)body["verdict"] is "rate-limit");
        await Until(second, "mesh/indicators", body => body["items"]!.AsArray().Count == 2);
        Assert.Equal(Verdict.Pass, _appliances[1].Board.Effective(Prefix.Parse("93.184.216.34"))!.Verdict);
    }

    [Fact]
    public async Task An_operator_who_lifts_or_refutes_what_the_mesh_asks_for_undoes_it_on_both_and_it_does_not_come_back()
    {
        (HttpClient first, HttpClient second) = await PairAsync();
        Block(_appliances[0], "1.2.3.6");
        JsonNode source = await Until(second, "sources/1.2.3.6", body => (string?)body["verdict"] is "rate-limit");
        using HttpResponseMessage lifted = await second.DeleteAsync($"decisions/{source["decision"]!["id"]}", Cancellation);
        Assert.True(lifted.IsSuccessStatusCode, $"{lifted.StatusCode}");
        await Until(second, "mesh/indicators/ipv4/1.2.3.6", body => (string?)body["reason"] is "refuted" && (string?)body["action"] is "none");
        await Until(first, "mesh/indicators/ipv4/1.2.3.6", body => body["votes"]!.AsArray().Any(vote => (bool)vote!["against"]!));
        Block(_appliances[0], "1.2.3.7");
        await Until(second, "sources/1.2.3.7", body => (string?)body["verdict"] is "rate-limit");
        using HttpResponseMessage refuted = await second.PutAsync("mesh/indicators/ipv4/1.2.3.7/refutation", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, refuted.StatusCode);
        await Until(second, "sources/1.2.3.7", body => (string?)body["verdict"] is "pass");
    }

    [Fact]
    public async Task A_banned_peer_counts_no_longer_and_wrong_input_names_its_field()
    {
        (HttpClient _, HttpClient second) = await PairAsync();
        Block(_appliances[0], "1.2.3.8");
        await Until(second, "sources/1.2.3.8", body => (string?)body["verdict"] is "rate-limit");
        using HttpResponseMessage banned = await second.PutAsync($"mesh/peers/{_ids[0]}/ban", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, banned.StatusCode);
        await Until(second, "sources/1.2.3.8", body => (string?)body["verdict"] is "pass");
        JsonNode peer = (await Get(second, "mesh/peers"))["items"]!.AsArray().Single(item => string.Equals((string?)item!["id"], _ids[0], StringComparison.Ordinal))!;
        Assert.True((bool)peer["banned"]! && (bool)peer["member"]!);
        using HttpResponseMessage unbanned = await second.DeleteAsync($"mesh/peers/{_ids[0]}/ban", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, unbanned.StatusCode);
        await Until(second, "sources/1.2.3.8", body => (string?)body["verdict"] is "rate-limit");

        foreach ((string path, string field) in new[] { ("mesh/indicators/ipv4/1.2.3", "value"), ("mesh/indicators/mail/a", "kind"), ("mesh/indicators?limit=0", "limit") })
        {
            using HttpResponseMessage wrong = await second.GetAsync(path, Cancellation);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.StatusCode);
            Assert.NotNull((await ApplianceFactory.JsonOf(wrong))["errors"]![field]);
        }

        string own = (string)(await Get(second, "mesh"))["peerId"]!;
        using HttpResponseMessage self = await second.PutAsync($"mesh/peers/{own}/ban", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, self.StatusCode);
        using HttpResponseMessage noPeer = await second.PutAsync("mesh/peers/nobody/ban", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, noPeer.StatusCode);
    }

    [Fact]
    public async Task A_configured_peer_is_guarded_whatever_is_decided_about_it()
    {
        ApplianceFactory appliance = new($"[mesh]\nmode = \"full\"\nproof_of_work = false\nlisten = []\npeers = [\"/ip4/93.184.216.99/tcp/9471/p2p/{_ids[1]}\"]\n");
        _appliances.Add(appliance);
        using HttpClient client = appliance.Operator();
        JsonNode source = await Until(client, "sources/93.184.216.99", body => body["guard"] is not null);
        Assert.Equal("a configured peer or a member of the mesh", (string?)source["guard"]!["why"]);
        Evidence evidence = new(0, Address.Parse("93.184.216.99"), "brute-force", EvidenceClass.Application, 0.9, TimeProvider.System.GetUtcNow(), "tried");
        Assert.NotNull(appliance.Board.Publish(new DecisionRequest(Prefix.Parse("93.184.216.99"), Verdict.Drop, Origin.Local, "brute-force", 0.9, TimeSpan.FromHours(1), [evidence], null, "appliance")).Refusal);
        Block(appliance, "93.184.216.98");
    }

    [Fact]
    public async Task What_is_said_to_others_is_listed_and_what_nobody_speaks_of_cannot_be_refuted()
    {
        (HttpClient first, HttpClient second) = await PairAsync();
        Block(_appliances[0], "1.2.3.11");
        JsonNode reports = await Until(first, "mesh/reports", body => body["items"]!.AsArray().Any(item => (bool)item!["published"]! && (int)item["peers"]! == 1));
        JsonNode report = Assert.Single(reports["items"]!.AsArray())!;
        Assert.Equal(("1.2.3.11", "ipv4", "sighting", "exploit", "brute-force"), ((string?)report["value"], (string?)report["kind"], (string?)report["says"], (string?)report["evidence"], (string?)report["reason"]));
        Assert.Empty((await Get(second, "mesh/reports"))["items"]!.AsArray());
        using HttpResponseMessage unknown = await second.PutAsync("mesh/indicators/ipv4/1.2.3.12/refutation", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("nobody was told", (string?)(await ApplianceFactory.JsonOf(unknown))["detail"], StringComparison.Ordinal);
        await Until(second, "mesh/indicators/ipv4/1.2.3.11", _ => true);
        using HttpResponseMessage known = await second.PutAsync("mesh/indicators/ipv4/1.2.3.11/refutation", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, known.StatusCode);
    }

    [Fact]
    public async Task An_operators_own_block_is_told_only_where_the_settings_say_so()
    {
        HttpClient first = Start(0, "");
        JsonNode mesh = await Until(first, "mesh", body => (bool)body["running"]! && body["addresses"]!.AsArray().Count > 0);
        HttpClient second = Start(1, $"share_operator_blocks = true\npeers = [\"{mesh["addresses"]![0]}\"]\n");
        await Until(second, "mesh", body => (int)body["listeners"]! == 1 && body["topics"]!.AsArray().All(topic => (int)topic!["peers"]! == 1));
        foreach ((HttpClient client, string address) in new[] { (first, "1.2.3.13"), (second, "1.2.3.14") })
        {
            using HttpResponseMessage blocked = await client.PostAsJsonAsync("rules", new { scope = address, verdict = "drop" }, Cancellation);
            Assert.Equal(HttpStatusCode.Created, blocked.StatusCode);
        }

        JsonNode told = await Until(first, "mesh/indicators/ipv4/1.2.3.14", body => body["votes"]!.AsArray().Count == 1);
        Assert.Equal((_ids[1], "scan", "operator"), ((string?)told["votes"]![0]!["reporter"], (string?)told["votes"]![0]!["evidence"], (string?)told["votes"]![0]!["reason"]));

        // What the first tells after its own block shows that it looked at that, and told it to nobody.
        Block(_appliances[0], "1.2.3.15");
        await Until(second, "mesh/indicators/ipv4/1.2.3.15", _ => true);
        Assert.Equal("1.2.3.15", (string?)Assert.Single((await Get(first, "mesh/reports"))["items"]!.AsArray())!["value"]);
    }

    [Fact]
    public async Task A_peer_under_another_id_is_a_fault_of_the_appliance_that_names_the_setting()
    {
        HttpClient first = Start(0, "");
        JsonNode mesh = await Until(first, "mesh", body => (bool)body["running"]! && body["addresses"]!.AsArray().Count > 0);
        string wrong = ((string)mesh["addresses"]![0]!).Replace(_ids[0], _ids[2], StringComparison.Ordinal);
        HttpClient second = Start(1, $"peers = [\"{wrong}\"]\n");
        JsonNode faulty = await Until(second, "mesh", body => body["fault"] is not null);
        Assert.StartsWith("mesh.peers: another peer answers at", (string?)faulty["fault"], StringComparison.Ordinal);
        Assert.True((long)faulty["counters"]!["wrongPeer"]! > 0);
        Assert.Null((await Get(first, "mesh"))["fault"]);
    }

    [Fact]
    public async Task Off_is_what_it_is_unless_it_is_asked_for()
    {
        ApplianceFactory appliance = new();
        _appliances.Add(appliance);
        using HttpClient client = appliance.Operator();
        JsonNode mesh = await Get(client, "mesh");
        Assert.Equal(("off", false), ((string?)mesh["mode"], (bool)mesh["running"]!));
        using HttpResponseMessage refused = await client.PutAsync("mesh/indicators/ipv4/1.2.3.7/refutation", content: null, Cancellation);
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.False(Directory.Exists(Path.Combine(appliance.Folder, "mesh")));
    }

    private async Task<(HttpClient First, HttpClient Second)> PairAsync()
    {
        HttpClient first = Start(0, "");
        JsonNode mesh = await Until(first, "mesh", body => (bool)body["running"]! && body["addresses"]!.AsArray().Count > 0);
        HttpClient second = Start(1, $"peers = [\"{mesh["addresses"]![0]}\"]\n");
        await Until(second, "mesh", body => (int)body["listeners"]! == 1 && body["topics"]!.AsArray().All(topic => (int)topic!["peers"]! == 1));
        return (first, second);
    }

    private HttpClient Start(int index, string more)
    {
        string members = string.Join(", ", _ids.Where(id => !string.Equals(id, _ids[index], StringComparison.Ordinal)).Select(id => $"\"{id}\""));
        ApplianceFactory appliance = new($"[mesh]\nmode = \"full\"\nproof_of_work = false\nlisten = [\"/ip4/127.0.0.1/tcp/0\"]\nmembers = [{members}]\n{more}");
        Directory.CreateDirectory(Path.Combine(appliance.Folder, "mesh"));
        File.Copy(Path.Combine(_folders[index], "identity.key"), Path.Combine(appliance.Folder, "mesh", "identity.key"));
        _appliances.Add(appliance);
        return appliance.Operator();
    }

    private static string NewIdentity(string folder)
    {
        using PrivateKey key = IdentityFile.LoadOrCreate(Path.Combine(folder, "identity.key"));
        return $"{PeerId.From(key.Public)}";
    }

    private static Decision Block(ApplianceFactory appliance, string address)
    {
        Evidence evidence = new(0, Address.Parse(address), "brute-force", EvidenceClass.Application, 0.9, TimeProvider.System.GetUtcNow(), "tried");
        PublishResult result = appliance.Board.Publish(new DecisionRequest(Prefix.Parse(address), Verdict.Drop, Origin.Local, "brute-force", 0.9, TimeSpan.FromHours(1), [evidence], null, "appliance"));
        Assert.Null(result.Refusal);
        return result.Decision!;
    }

    private static async Task<JsonNode> Get(HttpClient client, string path)
    {
        using HttpResponseMessage response = await client.GetAsync(path, Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {response.StatusCode}");
        return await ApplianceFactory.JsonOf(response);
    }

    private static async Task<JsonNode> Until(HttpClient client, string path, Func<JsonNode, bool> enough)
    {
        while (true)
        {
            using (HttpResponseMessage response = await client.GetAsync(path, Cancellation))
            {
                if (response.IsSuccessStatusCode && await ApplianceFactory.JsonOf(response) is var body && enough(body))
                {
                    return body;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }
}
