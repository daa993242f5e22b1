using Xunit;

namespace Blackwall.Tests.Mesh.Simulation;

/// <summary>The attacks of the GossipSub evaluation report at 1,000 peers, of which 800 are Sybils.</summary>
public sealed class AttackTests(ITestOutputHelper output)
{
    public static TheoryData<string> Attacks => [.. AttackScene.Names];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Messages_come_through_an_attack_and_the_meshes_become_honest_again(string attack)
    {
        AttackResult result = AttackScene.Run(attack, seed: 3, peers: 1_000);
        output.WriteLine(result.ToString());
        Assert.InRange(result.Delivered, 0.99, 1);

        // Censors are good members of every mesh but for one author.
        Assert.InRange(result.HonestMeshAfter, attack is "censor" ? 0 : 0.8, 1);
    }
}
