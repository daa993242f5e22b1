using System.Net;
using System.Security.Cryptography;
using Blackwall.Mesh.Consensus;
using Blackwall.Mesh.Federated;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Libp2p.Keys;
using Blackwall.Mesh.Sybil;
using Blackwall.Tests.Mesh.Simulation;
using Xunit;

namespace Blackwall.Tests.Mesh.Trust;

/// <summary>What identities cost, where they come from, and who may contribute to models.</summary>
public sealed class SybilTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Work_holds_for_its_identity_and_period_alone()
    {
        IdentityProof proof = new(1024, 6, 2);
        PeerId one = SimNetwork.IdOf(1);
        ulong period = IdentityProof.PeriodOf(Now);
        ulong nonce = proof.Find(one, period, TestContext.Current.CancellationToken);
        Assert.True(proof.Holds(one, period, nonce));
        Assert.False(Enumerable.Range(2, 12).All(other => proof.Holds(SimNetwork.IdOf(other), period, nonce)));
        Assert.False(Enumerable.Range(1, 12).All(other => proof.Holds(one, period + (ulong)other, nonce)));
        Assert.False(new IdentityProof(2048, 6, 8).Holds(one, period, nonce) && new IdentityProof(512, 6, 8).Holds(one, period, nonce));
    }

    [Fact]
    public async Task New_identities_of_a_network_come_at_a_rate_and_known_ones_are_not_counted()
    {
        HashSet<PeerId> known = [SimNetwork.IdOf(900)];
        using AdmissionDesk desk = new(null, known.Contains, id => new NetworkPlace(id == SimNetwork.IdOf(500) ? 2UL : 1UL, 1, id == SimNetwork.IdOf(500) ? 2UL : 1UL));
        List<AdmissionResult> results = [];
        for (int i = 0; i < 5; i++)
        {
            results.Add(await desk.AskAsync(SimNetwork.IdOf(i), 0, 0, Now));
        }

        Assert.Equal([AdmissionResult.Admitted, AdmissionResult.Admitted, AdmissionResult.TooMany, AdmissionResult.TooMany, AdmissionResult.TooMany], results);
        Assert.Equal(AdmissionResult.Admitted, await desk.AskAsync(SimNetwork.IdOf(500), 0, 0, Now));
        Assert.Equal(AdmissionResult.Admitted, await desk.AskAsync(SimNetwork.IdOf(900), 0, 0, Now));
        Assert.Equal(AdmissionResult.Admitted, await desk.AskAsync(SimNetwork.IdOf(0), 0, 0, Now));
        Assert.Equal(AdmissionResult.Admitted, await desk.AskAsync(SimNetwork.IdOf(2), 0, 0, Now.AddMinutes(1)));
    }

    [Fact]
    public void The_longest_prefix_names_the_operator_and_else_the_sixteen_stands_for_it()
    {
        NetworkTable table = NetworkTable.Read(new StringReader("# test\n203.0.0.0/8 64500\n203.0.113.0/24 AS64501\n2001:db8::/32, 64502\n"));
        Assert.Equal(3, table.Count);
        Assert.Equal(64501, table.OperatorOf(IPAddress.Parse("203.0.113.9")));
        Assert.Equal(64501, table.OperatorOf(IPAddress.Parse("::ffff:203.0.113.9")));
        Assert.Equal(64500, table.OperatorOf(IPAddress.Parse("203.1.1.1")));
        Assert.Equal(64502, table.OperatorOf(IPAddress.Parse("2001:db8::5")));
        Assert.Null(table.OperatorOf(IPAddress.Parse("113.0.203.9")));
        Assert.Equal(table.PlaceOf(IPAddress.Parse("5.6.7.8")).Operator, table.PlaceOf(IPAddress.Parse("5.6.200.1")).Operator);
        Assert.NotEqual(table.PlaceOf(IPAddress.Parse("5.6.7.8")).Operator, table.PlaceOf(IPAddress.Parse("5.7.7.8")).Operator);
        Assert.Contains("line 2", Assert.Throws<FormatException>(() => NetworkTable.Read(new StringReader("203.0.0.0/8 64500\nfoo bar\n"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_update_is_put_together_of_its_authors_parts_once_a_round_and_of_contributors_alone()
    {
        using PrivateKey key = PrivateKey.Generate(KeyType.Ed25519);
        PeerId author = PeerId.From(key.Public);
        byte[] whole = RandomNumberGenerator.GetBytes(40_000);
        ModelUpdatePart[] parts = [.. Enumerable.Range(0, 3).Select(n => Part(author, 7, n, 3, whole, whole.AsMemory(n * 16_384, Math.Min(16_384, whole.Length - (n * 16_384)))))];
        ModelUpdatePart[] heard = [.. parts.Select(part => ModelUpdatePart.TryOpen(part.Sign(key, "m"), "m")!)];
        ModelIntake intake = new((peer, _) => peer == author);
        Assert.True(intake.TryTake(heard[2], Now, out ModelUpdate? update));
        Assert.True(intake.TryTake(heard[0], Now, out update));
        Assert.False(intake.TryTake(heard[0], Now, out update));
        Assert.True(intake.TryTake(heard[1], Now, out update));
        Assert.Equal(whole, update!.Payload.ToArray());
        Assert.False(intake.TryTake(heard[0], Now, out _));

        // Another mesh, a changed byte, a stranger, a wrong digest.
        Assert.Null(ModelUpdatePart.TryOpen(parts[0].Sign(key, "m"), "n"));
        byte[] forged = parts[0].Sign(key, "m");
        forged[100] ^= 1;
        Assert.Null(ModelUpdatePart.TryOpen(forged, "m"));
        Assert.False(new ModelIntake((_, _) => false).TryTake(heard[0], Now, out _));
        Assert.False(new ModelIntake((_, _) => true).TryTake(Part(author, 8, 0, 1, whole, whole.AsMemory(0, 100)), Now, out _));
    }

    private static ModelUpdatePart Part(PeerId author, ulong round, int part, int parts, byte[] whole, ReadOnlyMemory<byte> payload) =>
        new(author, "traffic-1", round, part, parts, 100, SHA256.HashData(whole), payload);
}
