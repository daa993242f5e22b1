using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Blackwall.Tests.Durability;

/// <summary>Said means done: what was answered 2xx outlives a SIGKILL at any moment, and what was lifted stays away.</summary>
public sealed class LedgerTests : IDisposable
{
    private const int Writers = 4;
    private readonly ApplianceProcess _appliance = new();
    private readonly Ledger _ledger = new();
    private readonly HashSet<string> _audited = new(StringComparer.Ordinal);

    /// <summary>BLACKWALL_LEDGER_KILLS sets another number; each round acknowledges five changes and more.</summary>
    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("BLACKWALL_LEDGER_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out int kills) ? kills : 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task Nothing_acknowledged_is_lost_or_comes_back_over_kills_at_random_moments()
    {
        Random random = new(20261129);
        for (int round = 0; round < Kills; round++)
        {
            using HttpClient client = await _appliance.StartAsync(Cancellation);
            Assert.Empty(_ledger.Check(await FoundAsync(client)));
            int until = _ledger.Acknowledged + 5 + random.Next(6);
            using CancellationTokenSource killed = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            Task[] writers = [.. Enumerable.Range(0, Writers).Select(writer => WriteAsync(client, writer, new Random(random.Next()), killed.Token))];
            while (_ledger.Acknowledged < until)
            {
                Assert.DoesNotContain(writers, writer => writer.IsFaulted);
                await Task.Yield();
            }

            _appliance.Kill();
            await killed.CancelAsync();
            await Task.WhenAll(writers);
        }

        using HttpClient last = await _appliance.StartAsync(Cancellation);
        Assert.Empty(_ledger.Check(await FoundAsync(last)));
        string audit = await last.GetStringAsync("audit/export", Cancellation);
        Assert.All(_audited, id => Assert.Contains(id, audit, StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_ledger.Acknowledged} acknowledged changes over {Kills} kills"));
    }

    private async Task WriteAsync(HttpClient client, int writer, Random random, CancellationToken killed)
    {
        Dictionary<string, long> ids = [];
        try
        {
            for (int i = 0; !killed.IsCancellationRequested; i++)
            {
                if (random.Next(5) == 0)
                {
                    await KeyAsync(client, string.Create(CultureInfo.InvariantCulture, $"k{writer}-{random.Next(1_000_000)}"), killed);
                }
                else
                {
                    await RuleAsync(client, string.Create(CultureInfo.InvariantCulture, $"10.{writer}.{random.Next(4)}.{random.Next(200)}"), random, ids, killed);
                }
            }
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
        {
            // The answer that the process died over: the change may be made or not.
        }
    }

    private async Task RuleAsync(HttpClient client, string scope, Random random, Dictionary<string, long> ids, CancellationToken killed)
    {
        string subject = $"rule {scope}";
        if (_ledger.Has(subject) && random.Next(2) == 0)
        {
            if (!ids.TryGetValue(scope, out long id))
            {
                JsonNode page = (await client.GetFromJsonAsync<JsonNode>($"decisions?scope={scope}&origin=operator", killed))!;
                id = (long)page["items"]![0]!["id"]!;
            }

            _ledger.Try(subject, Ledger.Absent);
            using HttpResponseMessage lifted = await client.DeleteAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"decisions/{id}"), UriKind.Relative), killed);
            Assert.Equal(HttpStatusCode.NoContent, lifted.StatusCode);
            _ledger.Done(subject, Ledger.Absent);
            ids.Remove(scope);
            return;
        }

        string verdict = random.Next(2) == 0 ? "drop" : "rate-limit";
        bool isNew = !_ledger.Has(subject);
        _ledger.Try(subject, verdict);
        using HttpResponseMessage made = await client.PostAsJsonAsync("rules", new { scope, verdict }, killed);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        JsonNode rule = JsonNode.Parse(await made.Content.ReadAsStringAsync(killed))!;
        Assert.True((bool)rule["stored"]!);
        long given = (long)rule["id"]!;
        ids[scope] = given;

        // A rule that is replaced keeps its id; a new one has one that nobody had.
        string owner = isNew ? $"{scope} {Guid.NewGuid()}" : scope;
        Assert.True(!isNew || _ledger.GivenBefore(given, owner) is null, $"{scope} was given the id {given} of another");
        lock (_audited)
        {
            _audited.Add(string.Create(CultureInfo.InvariantCulture, $"\"id\":{given}"));
        }

        _ledger.Done(subject, verdict);
    }

    private async Task KeyAsync(HttpClient client, string name, CancellationToken killed)
    {
        string subject = $"key {name}";
        _ledger.Try(subject, "there");
        using HttpResponseMessage made = await client.PostAsJsonAsync("keys", new { name, role = "viewer" }, killed);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        long id = (long)JsonNode.Parse(await made.Content.ReadAsStringAsync(killed))!["key"]!["id"]!;
        _ledger.Done(subject, "there");
        if (id % 2 == 0)
        {
            _ledger.Try(subject, Ledger.Absent);
            using HttpResponseMessage gone = await client.DeleteAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"keys/{id}"), UriKind.Relative), killed);
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
            _ledger.Done(subject, Ledger.Absent);
        }
    }

    private static async Task<Dictionary<string, string>> FoundAsync(HttpClient client)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        for (string? cursor = ""; cursor is not null;)
        {
            JsonNode page = (await client.GetFromJsonAsync<JsonNode>($"rules?limit=1000{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}", Cancellation))!;
            foreach (JsonNode? rule in page["items"]!.AsArray())
            {
                found[$"rule {(string)rule!["scope"]!}"] = (string)rule["verdict"]!;
            }

            cursor = (string?)page["nextCursor"];
        }

        foreach (JsonNode? key in (await client.GetFromJsonAsync<JsonNode>("keys", Cancellation))!["items"]!.AsArray())
        {
            if ((string)key!["name"]! is var name and not "admin")
            {
                found[$"key {name}"] = "there";
            }
        }

        return found;
    }
}
