using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Blackwall.Bridges.Mesh;
using Blackwall.Decisions;
using Blackwall.Events;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Sharing;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Sessions;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Sharing;

/// <summary>Events full of what must stay at home; a stranger who hears every published byte looks for it.</summary>
public sealed class MeshPrivacyTests
{
    private const string Victim = "10.77.66.55";
    private static readonly string[] Secrets = [Victim, "payroll.corp.example", "alice.smith", "Tr0ub4dor&3", "DROP TABLE wages", "203.0.113.254", "OurSecretBanner_7.4", "wages.corp.example", "https://alice.smith:", "token=5up3r", "b0b.jones"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_victim_name_user_password_or_payload_is_in_any_published_byte_raw_in_hexadecimal_or_in_base64()
    {
        using ApplianceFactory appliance = new("[mesh]\nmode = \"full\"\nproof_of_work = false\nlisten = [\"/ip4/127.0.0.1/tcp/0\"]\n");
        using HttpClient client = appliance.Operator();
        JsonNode mesh = await UntilAsync(client, body => (bool)body["running"]! && body["addresses"]!.AsArray().Count > 0);
        using PrivateKey key = PrivateKey.Generate(KeyType.Ed25519);
        await using MeshHost host = new(key);
        await using GossipService gossip = new(host, key, new GossipOptions { Scores = new PeerScoreParameters { ColocationWhitelist = [IPNetwork.Parse("127.0.0.0/8")] } }, TimeProvider.System);
        ConcurrentQueue<byte[]> heard = new();
        gossip.Start();
        foreach (string topic in new[] { "indicators", "proofs", "models" })
        {
            gossip.Subscribe($"/blackwall/blackwall/{topic}/1", new TopicOptions { Received = message => heard.Enqueue(message.Data.ToArray()) });
        }

        Assert.True(Multiaddr.TryParse((string?)mesh["addresses"]![0], out Multiaddr? address));
        await host.DialAsync(address, null, Cancellation);
        await UntilAsync(client, body => (int)body["listeners"]! == 1);

        EventLog log = appliance.Services.GetRequiredService<EventLog>();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        EvidenceFacts facts = new("planted") { Inside = Victim, From = Victim, To = "203.0.113.254", Client = "OurSecretBanner_7.4", Service = "https://alice.smith:Tr0ub4dor&3@wages.corp.example/pay?user=b0b.jones&token=5up3r", Rules = ["DROP TABLE wages"], Why = "alice.smith logged in with Tr0ub4dor&3 at payroll.corp.example" };
        Evidence evidence = new(0, Address.Parse("1.2.3.4"), "brute-force", EvidenceClass.Application, 0.9, now, "alice.smith:Tr0ub4dor&3 at payroll.corp.example") { Facts = facts };
        Assert.Null(appliance.Board.Publish(new DecisionRequest(Prefix.Parse("1.2.3.4"), Verdict.Drop, Origin.Local, "brute-force", 0.9, TimeSpan.FromHours(1), [evidence], "alice.smith saw it at payroll.corp.example", "appliance")).Refusal);
        log.Add(DecisionEvents.Seen, new Evidence(0, Address.Parse(Victim), "beacon", EvidenceClass.Application, 0.9, now, $"{Victim} calls home") { Facts = facts with { Other = "93.184.216.35" } });
        log.Add(DecisionEvents.Seen, new Evidence(0, Address.Parse(Victim), "outbound-scan", EvidenceClass.Application, 0.9, now, "DROP TABLE wages") { Facts = facts });
        log.Add(SessionArchive.Moved, new SessionBody("0123456789ab", "ssh", "1.2.3.9", 5555, "203.0.113.254", 22, now, now, "OurSecretBanner_7.4", null, "alice.smith", 3, 4, [new string('a', 64)], 9, 10, 11));

        // A domain is told where it is the attacker's end of a tunnel; an address of a page never is, for what was typed may be in it.
        log.Add(DecisionEvents.Seen, new Evidence(0, Address.Parse(Victim), "dns-tunnel", EvidenceClass.Application, 0.9, now, "wages.corp.example asks") { Facts = facts with { Other = "tunnel.evil-example.net" } });
        log.Add(DecisionEvents.Seen, new Evidence(0, Address.Parse(Victim), "exfiltration", EvidenceClass.Application, 0.9, now, "b0b.jones") { Facts = facts with { Other = "https://alice.smith:Tr0ub4dor&3@wages.corp.example/pay?user=b0b.jones&token=5up3r" } });
        appliance.Board.Publish(new DecisionRequest(Prefix.Parse(Victim), Verdict.Drop, Origin.Local, "port-scan", 0.9, TimeSpan.FromHours(1), [evidence with { Source = Address.Parse(Victim) }], null, "appliance"));

        // The last thing that is told shows that all before it was looked at.
        appliance.Board.Publish(new DecisionRequest(Prefix.Parse("1.2.3.10"), Verdict.Drop, Origin.Local, "port-scan", 0.9, TimeSpan.FromHours(1), [evidence with { Source = Address.Parse("1.2.3.10") }], null, "appliance"));
        while (!heard.Any(data => Contains(data, [1, 2, 3, 10])))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        byte[] all = [.. heard.SelectMany(data => data)];

        // What is meant to be told is there: the attackers, their domain, and the file's hash.
        Assert.True(Contains(all, Encoding.ASCII.GetBytes("tunnel.evil-example.net")));
        Assert.True(Contains(all, [1, 2, 3, 4]) && Contains(all, [1, 2, 3, 9]) && Contains(all, Convert.FromHexString(new string('a', 64))));
        string text = Encoding.Latin1.GetString(all);
        foreach (string secret in Secrets)
        {
            Assert.All(Forms(Encoding.UTF8.GetBytes(secret)), form => Assert.DoesNotContain(form, text, StringComparison.OrdinalIgnoreCase));
        }

        Assert.False(Contains(all, [10, 77, 66, 55]) || Contains(all, [55, 66, 77, 10]) || Contains(all, [203, 0, 113, 254]));
    }

    [Fact]
    public async Task Times_counts_and_how_long_a_block_lasts_are_told_in_steps_alone()
    {
        using ApplianceFactory appliance = new("[mesh]\nmode = \"full\"\nproof_of_work = false\nlisten = [\"/ip4/127.0.0.1/tcp/0\"]\n");
        using HttpClient client = appliance.Operator();
        await UntilAsync(client, body => (bool)body["running"]!);

        // 12 minutes, 34.567 seconds ago, for 1 h 23 min 45 s.
        DateTimeOffset seen = TimeProvider.System.GetUtcNow() - TimeSpan.FromMilliseconds(754_567);
        Evidence evidence = new(0, Address.Parse("1.2.3.4"), "brute-force", EvidenceClass.Application, 0.9, seen, "tried");
        Assert.Null(appliance.Board.Publish(new DecisionRequest(Prefix.Parse("1.2.3.4"), Verdict.Drop, Origin.Local, "brute-force", 0.9, TimeSpan.FromSeconds(5025), [evidence], null, "appliance")).Refusal);
        await UntilAsync(client, body => (int)body["waiting"]! > 0);
        MeshNode node = appliance.Services.GetRequiredService<MeshLink>().Node!;
        while (node.Own(10).Count == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        IndicatorMessage told = Assert.Single(node.Own(10)).Message;
        Assert.Equal((0L, 0L, 0L), (told.FirstSeen.UtcTicks % TimeSpan.FromMinutes(5).Ticks, told.LastSeen.UtcTicks % TimeSpan.FromMinutes(5).Ticks, told.Created.UtcTicks % TimeSpan.TicksPerSecond));
        Assert.Equal((TimeSpan.FromHours(24), 1), (told.TimeToLive, told.Sightings));
        Assert.Equal((1, 10, 100, 1000), (IndicatorMessage.Step(9), IndicatorMessage.Step(37), IndicatorMessage.Step(999), IndicatorMessage.Step(123_456)));
    }

    // As it is, in hexadecimal, and in base64 whatever stands before it: without the characters that its neighbours share.
    private static IEnumerable<string> Forms(byte[] secret)
    {
        yield return Encoding.Latin1.GetString(secret);
        yield return Convert.ToHexString(secret);
        for (int shift = 0; shift < 3; shift++)
        {
            string coded = Convert.ToBase64String([.. new byte[shift], .. secret]).TrimEnd('=');
            yield return coded[(shift == 0 ? 0 : shift + 1)..^1];
        }
    }

    private static bool Contains(byte[] data, byte[] part) => data.AsSpan().IndexOf(part) >= 0;

    private static async Task<JsonNode> UntilAsync(HttpClient client, Func<JsonNode, bool> enough)
    {
        while (true)
        {
            using (HttpResponseMessage response = await client.GetAsync("mesh", Cancellation))
            {
                if (await ApplianceFactory.JsonOf(response) is var body && enough(body))
                {
                    return body;
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }
    }
}
