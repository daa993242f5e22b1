using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Consensus;

/// <summary>What the votes on a target come to, and why.</summary>
/// <param name="Action">What is to be done.</param>
/// <param name="Weight">Of the votes for it.</param>
/// <param name="Against">Of the votes against it.</param>
/// <param name="Networks">Operators that counted votes come from.</param>
/// <param name="Veterans">Old, confirmed reporters among them.</param>
/// <param name="Members">Sensors of the same operator among them.</param>
/// <param name="IsSeenHere">Our own sensors saw it too.</param>
/// <param name="Votes">Every vote, the heaviest first.</param>
/// <param name="Groups">Reporters that always vote together, by the first of each group.</param>
/// <param name="Reason">Machine word for why it is this action and no harder one.</param>
public sealed record BallotResult(
    MeshAction Action, double Weight, double Against, int Networks, int Veterans, int Members, bool IsSeenHere, IReadOnlyList<WeighedVote> Votes, IReadOnlyDictionary<PeerId, PeerId> Groups, string Reason)
{
    public static BallotResult Empty { get; } = new(MeshAction.None, 0, 0, 0, 0, 0, false, [], new Dictionary<PeerId, PeerId>(), "no-votes");
}
