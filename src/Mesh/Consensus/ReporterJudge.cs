using Blackwall.Mesh.Reputation;

namespace Blackwall.Mesh.Consensus;

/// <summary>What reporters earn and lose by what our own sensors see.</summary>
internal sealed class ReporterJudge(ConsensusOptions options, ReputationBook reputation, Ballot ballot)
{
    private const double ContradictedWeight = 1;

    /// <summary>Reporters judged by one target, as a multiple of the votes that it holds.</summary>
    private const int JudgedVotes = 4;

    public void Reward(Target target, Vote vote, DateTimeOffset now)
    {
        if (IsFirst(target, vote))
        {
            reputation.Meet(vote.Author, now).Confirm(Ballot.WeightOf(vote.Evidence), now);
        }
    }

    /// <summary>Who serves an attacker as usual may be right; who vouches for one after another is not.</summary>
    public void Doubt(Target target, Vote vote, DateTimeOffset now)
    {
        if (IsFirst(target, vote))
        {
            reputation.Meet(vote.Author, now).Refute(ContradictedWeight, now);
        }
    }

    /// <summary>
    /// Our own sensors serve it as usual. A bot that attacks one sensor may browse another: each reporter loses at most so much in a day by that, and nothing where others of
    /// weight say the same.
    /// </summary>
    public void Contradict(Target target, DateTimeOffset now)
    {
        (Vote Vote, double Weight)[] accusers = [.. target.Votes.Where(vote => !vote.IsAgainst).Select(vote => (vote, ballot.WeightOf(vote, now)))];
        double all = accusers.Sum(accuser => accuser.Weight);
        foreach ((Vote vote, _) in accusers.Where(accuser => all - accuser.Weight < options.OwnBar))
        {
            reputation.Meet(vote.Author, now).Contradict(ContradictedWeight * Ballot.WeightOf(vote.Evidence), ContradictedWeight, now);
        }
    }

    private bool IsFirst(Target target, Vote vote) => target.Judged.Count < JudgedVotes * options.MaxVotes && target.Judged.Add(vote.Author);
}
