using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Reputation;

namespace Blackwall.Mesh.Consensus;

/// <summary>
/// What all reporters of the mesh would weigh together, within the caps of their operators, if each spoke now with the heaviest evidence. Needs a look at everybody, so it
/// is counted anew once a minute at most.
/// </summary>
/// <param name="options">The rules.</param>
/// <param name="reputation">The reporters.</param>
/// <param name="place">Where it was reached.</param>
internal sealed class MeshWeight(ConsensusOptions options, ReputationBook reputation, Func<PeerId, NetworkPlace> place)
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);
    private DateTimeOffset? _countedAt;
    private double _weight;

    public double At(DateTimeOffset now)
    {
        if (_countedAt is { } countedAt && (now - countedAt).Duration() < Again)
        {
            return _weight;
        }

        Dictionary<ulong, double> operators = [];
        foreach (PeerStanding reporter in reputation.All.Where(reporter => now - reporter.LastSeen < options.FullAge))
        {
            ulong at = place(reporter.Id).Operator;
            operators[at] = Math.Min(options.NetworkCap, operators.GetValueOrDefault(at) + Ballot.WeightOf(reporter, options, now));
        }

        (_countedAt, _weight) = (now, operators.Values.Sum());
        return _weight;
    }
}
