using System.Net;
using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Gossip;
using Blackwall.Mesh.Libp2p.Gossip.Scoring;
using Blackwall.Mesh.Libp2p.Gossip.Service;
using Blackwall.Mesh.Libp2p.Hosting;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Sharing;
using Blackwall.Mesh.Sybil;
using Xunit;

namespace Blackwall.Tests.Mesh.Sharing;

/// <summary>An author that says one thing and another under one number: both are kept, and all are told.</summary>
public sealed class ProofTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_conflicting_messages_are_kept_as_the_proof_and_silence_their_author_on_every_sensor()
    {
        Sensor[] sensors = await Sensor.StartAsync(2, Cancellation);
        try
        {
            using PrivateKey key = PrivateKey.Generate(KeyType.Ed25519);
            await using MeshHost host = new(key);
            await using GossipService gossip = new(host, key, new GossipOptions { Scores = new PeerScoreParameters { ColocationWhitelist = [IPNetwork.Parse("127.0.0.0/8")] } }, TimeProvider.System);
            gossip.Start();
            gossip.Subscribe("/blackwall/blackwall/indicators/1", new TopicOptions());
            await host.DialAsync(sensors[0].Address, null, Cancellation);
            await Sensor.UntilAsync(() => gossip.Mesh("/blackwall/blackwall/indicators/1").Count > 0, Cancellation);
            SignedIndicator one = Sign(key, "1.2.3.4");
            SignedIndicator other = Sign(key, "5.6.7.8");
            await gossip.PublishAsync("/blackwall/blackwall/indicators/1", one.Bytes, Cancellation);
            await Sensor.UntilAsync(() => sensors[0].Node.Counts[ShareCount.Accepted] == 1, Cancellation);
            Assert.Empty(ProofsOf(sensors[0]));
            await gossip.PublishAsync("/blackwall/blackwall/indicators/1", other.Bytes, Cancellation);
            await Sensor.UntilAsync(() => sensors[0].Node.Counts[ShareCount.Equivocated] == 1 && sensors[1].Node.Counts[ShareCount.ProofsTaken] == 1, Cancellation);
            foreach (Sensor sensor in sensors)
            {
                await Sensor.UntilAsync(() => ProofsOf(sensor).Length == 1, Cancellation);
                string file = Assert.Single(ProofsOf(sensor));
                Assert.Equal($"{host.Id}.proof", Path.GetFileName(file));
                EquivocationProof? proof = EquivocationProof.TryDecode(await File.ReadAllBytesAsync(file, Cancellation), "blackwall");
                Assert.Equal(new[] { one.Bytes.ToArray(), other.Bytes.ToArray() }, new[] { proof!.First.Bytes.ToArray(), proof.Second.Bytes.ToArray() });
                Assert.Equal("equivocation", sensor.Node.Peers().Single(peer => peer.Id == host.Id).Offence);
            }
        }
        finally
        {
            foreach (Sensor sensor in sensors)
            {
                await sensor.DisposeAsync();
            }
        }
    }

    private static string[] ProofsOf(Sensor sensor) => Directory.Exists(Path.Combine(sensor.Folder, "proofs")) ? Directory.GetFiles(Path.Combine(sensor.Folder, "proofs"), "*.proof") : [];

    private static SignedIndicator Sign(PrivateKey key, string address)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        PeerId author = PeerId.From(key.Public);
        ulong period = IdentityProof.PeriodOf(now);
        IndicatorMessage message = new(MessageKind.Sighting, Sensor.Value(address), EvidenceLevel.Exploit, "brute-force", IndicatorMessage.Round(now), IndicatorMessage.Round(now), 1, 90, TimeSpan.FromHours(1), author, 1, 7, now)
        {
            ProofPeriod = period,
            ProofNonce = Sensor.Work.Find(author, period, Cancellation),
        };
        return SignedIndicator.Sign(message, key, "blackwall");
    }
}
