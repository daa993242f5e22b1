using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Reputation;

namespace Blackwall.Mesh.Consensus;

/// <summary>
/// What all reporters of the mesh weigh, operator by operator, and which share of that has voted. Needs a look at everybody, so the whole is counted anew once a minute at
/// most.
/// </summary>
/// <param name="options">The rules.</param>
/// <param name="reputation">The reporters.</param>
/// <param name="place">Where one was reached.</param>
internal sealed class MeshWeight(ConsensusOptions options, ReputationBook reputation, Func<PeerId, NetworkPlace> place)
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);
    private readonly Dictionary<ulong, double> _operators = [];
    private DateTimeOffset? _countedAt;

    /// <summary>
    /// Share of the mesh that speaks through these votes, 0..1: of each operator the share of its weight, and each operator counts as it is capped. Sums within the caps
    /// would not tell it: in a large mesh a tenth of the reporters fills the caps of most operators.
    /// </summary>
    public double ShareOf(IEnumerable<(PeerId Author, double Weight)> votes, DateTimeOffset now)
    {
        Count(now);
        Dictionary<ulong, double> spoken = [];
        foreach ((PeerId author, double weight) in votes)
        {
            ulong at = place(author).Operator;
            spoken[at] = spoken.GetValueOrDefault(at) + weight;
        }

        double whole = _operators.Values.Sum(weight => Math.Min(options.NetworkCap, weight));
        double part = spoken.Sum(voted => _operators.TryGetValue(voted.Key, out double all) && all > 0 ? Math.Min(options.NetworkCap, all) * Math.Min(1, voted.Value / all) : 0);
        return whole > 0 ? part / whole : 0;
    }

    private void Count(DateTimeOffset now)
    {
        if (_countedAt is { } countedAt && (now - countedAt).Duration() < Again)
        {
            return;
        }

        _countedAt = now;
        _operators.Clear();
        foreach (PeerStanding reporter in reputation.All.Where(reporter => now - reporter.LastSeen < options.FullAge))
        {
            ulong at = place(reporter.Id).Operator;
            _operators[at] = _operators.GetValueOrDefault(at) + Ballot.WeightOf(reporter, options, now);
        }
    }
}
