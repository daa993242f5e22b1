using Blackwall.Mesh.Indicators;
using Blackwall.Mesh.Libp2p;
using Blackwall.Mesh.Reputation;

namespace Blackwall.Mesh.Consensus;

/// <summary>
/// Weighs the votes on one target. Numbers of voters mean nothing, for identities are cheap: what counts is the weight of each (reputation x age x evidence x what
/// time left of it), within caps of the networks that it comes from.
/// </summary>
/// <param name="options">The rules.</param>
/// <param name="reputation">What is known of reporters.</param>
/// <param name="place">Where a reporter was reached.</param>
/// <param name="isMember">Whether it is a sensor of the same operator.</param>
/// <param name="mesh">What the whole mesh weighs.</param>
internal sealed class Ballot(ConsensusOptions options, ReputationBook reputation, Func<PeerId, NetworkPlace> place, Func<PeerId, bool> isMember, MeshWeight mesh)
{
    private const double LeastWeight = 0.001;

    /// <summary>What a kind of evidence weighs, 0..1.</summary>
    public static double WeightOf(EvidenceLevel evidence) => evidence switch
    {
        EvidenceLevel.Heard => 0,
        EvidenceLevel.Scan => 0.6,
        EvidenceLevel.Exploit => 0.9,
        _ => 1,
    };

    /// <summary>What a reporter weighs, 0..1: reputation x age.</summary>
    public static double WeightOf(PeerStanding reporter, ConsensusOptions options, DateTimeOffset now)
    {
        TimeSpan age = now - reporter.FirstSeen;
        return age < options.NewcomerAge || reporter.IsSilenced(now) ? 0 : reporter.Score(now) * Math.Min(1, age / options.FullAge);
    }

    /// <summary>What a vote weighs by itself, 0..1.</summary>
    public double WeightOf(Vote vote, DateTimeOffset now)
    {
        if (reputation.Find(vote.Author) is not { } author || author.IsSilenced(now) || vote.Expires <= now || now - vote.Seen >= options.Window)
        {
            return 0;
        }

        double left = now <= vote.Seen ? 1 : Math.Pow(0.5, (now - vote.Seen) / options.VoteHalfLife);
        double evidence = vote.IsAgainst ? 1 : WeightOf(vote.Evidence);
        return (isMember(vote.Author) ? 1 : WeightOf(author, options, now)) * evidence * left;
    }

    public bool IsVeteran(PeerId id, DateTimeOffset now) =>
        reputation.Find(id) is { } author && !author.IsSilenced(now) && now - author.FirstSeen >= options.FullAge && author.Confirmed >= options.VeteranConfirmed && author.Score(now) >= options.VeteranReputation;

    /// <summary>What the votes come to.</summary>
    /// <param name="target">With its votes.</param>
    /// <param name="now">The time.</param>
    /// <param name="groupsOf">Groups among the heaviest voters; asked only where the votes would suffice.</param>
    /// <param name="isSpent">Whether a group may cause no more actions on its word alone.</param>
    public BallotResult Count(Target target, DateTimeOffset now, Func<IReadOnlyList<PeerId>, Dictionary<PeerId, PeerId>> groupsOf, Func<PeerId, bool> isSpent)
    {
        List<(Vote Vote, double Raw)> votes = [];
        List<(Vote Vote, double Raw)> counter = [];
        foreach (Vote vote in target.Votes)
        {
            double raw = WeightOf(vote, now);
            if (raw > LeastWeight)
            {
                (vote.IsAgainst ? counter : votes).Add((vote, raw * (vote.IsRefutation ? 2 : 1)));
            }
        }

        bool seenHere = target.IsSeenHere(now, options.Window);
        double needed = seenHere ? options.OwnBar : options.RemoteBar;
        votes.Sort((one, other) => other.Raw.CompareTo(one.Raw));
        List<(Vote Vote, double Raw)> all = [.. votes];
        votes.RemoveRange(Math.Min(options.CountedVotes, votes.Count), Math.Max(0, votes.Count - options.CountedVotes));
        bool refutedByMember = counter.Exists(vote => vote.Vote.IsRefutation && isMember(vote.Vote.Author));
        Dictionary<PeerId, PeerId> groups = [];
        Tally tally = Sum(votes, groups);
        bool holds = target.Action is not MeshAction.None and not MeshAction.Log;
        if (tally.Weight >= needed * options.Release || tally.Members > 0)
        {
            groups = groupsOf([.. votes.Select(vote => vote.Vote.Author)]);
            List<(Vote Vote, double Raw)> counted = [.. votes];
            if (!seenHere && !holds)
            {
                counted.RemoveAll(vote => isSpent(groups.GetValueOrDefault(vote.Vote.Author, vote.Vote.Author)));
            }

            if (groups.Count > 0 || counted.Count < votes.Count)
            {
                tally = Sum(counted, groups);
            }
        }

        // Of a group nobody speaks for the mesh, and of a crowd in which there is one only those do of whom it is known that they are not of it.
        double Share() => mesh.ShareOf((groups.Count > 0 ? votes.Where(vote => !groups.ContainsKey(vote.Vote.Author)) : all).Select(vote => (vote.Vote.Author, vote.Raw)), now);
        counter.Sort((one, other) => other.Raw.CompareTo(one.Raw));
        Tally against = Sum(counter, []);
        int veterans = tally.Votes.Where(vote => vote.Counted > 0 && IsVeteran(vote.Vote.Author, now)).Select(vote => groups.GetValueOrDefault(vote.Vote.Author, vote.Vote.Author)).Distinct().Count();
        (MeshAction action, string reason) = refutedByMember || now < target.RefutedUntil ? (MeshAction.None, "refuted") : Decide(tally, against, veterans, Share, seenHere, holds ? options.Release : 1);
        return new BallotResult(action, tally.Weight, against.Weight, tally.Networks, veterans, tally.Members, seenHere, [.. tally.Votes, .. against.Votes], groups, reason);
    }

    private (MeshAction Action, string Reason) Decide(Tally tally, Tally against, int veterans, Func<double> share, bool seenHere, double held)
    {
        if (tally.Votes.Count == 0)
        {
            return (MeshAction.None, "no-votes");
        }

        if (tally.Weight < options.CounterFactor * against.Weight)
        {
            return (MeshAction.None, "contradicted");
        }

        if (seenHere && tally.Weight >= options.OwnBar * held && (tally.Networks >= options.OwnNetworks || tally.Members > 0))
        {
            return (MeshAction.Block, "seen-here");
        }

        // Sensors of the same operator: one is heard, two are believed more; neither blocks by itself.
        if (tally.MemberWeight >= 0.5 * held)
        {
            return tally.MemberWeight >= 1.5 * held && HasAttack(tally) ? (MeshAction.Tarpit, "members") : (MeshAction.RateLimit, "member");
        }

        if (tally.Weight < options.RemoteBar * held)
        {
            return (MeshAction.Log, "weight");
        }

        if (tally.Networks < options.RemoteNetworks)
        {
            return (MeshAction.Log, "networks");
        }

        if (veterans < options.Veterans)
        {
            return (MeshAction.Log, "veterans");
        }

        // Some who are believed serve it as usual. A few liars with reputation look like a few honest witnesses; what they are not is half of the mesh.
        if (against.Networks >= options.OwnNetworks && against.Weight >= Math.Max(options.ContestedFrom, options.ContestedPart * tally.Weight) && share() < options.ContestedShare)
        {
            return (MeshAction.Log, "contested");
        }

        // However many strangers say so: what they can do to an innocent address is a limit.
        return (MeshAction.RateLimit, "consensus");
    }

    private static bool HasAttack(Tally tally) => tally.Votes.Exists(vote => vote.Counted > 0 && vote.Vote.Evidence >= EvidenceLevel.Exploit);

    private Tally Sum(List<(Vote Vote, double Raw)> votes, Dictionary<PeerId, PeerId> groups)
    {
        Dictionary<PeerId, double> ofGroup = [];
        foreach ((Vote vote, double raw) in votes)
        {
            if (groups.TryGetValue(vote.Author, out PeerId? group))
            {
                ofGroup[group] = ofGroup.GetValueOrDefault(group) + raw;
            }
        }

        Tally tally = new();
        Dictionary<ulong, double> near = [];
        Dictionary<ulong, double> wide = [];
        Dictionary<ulong, double> operators = [];
        HashSet<(ulong Operator, PeerId? Group)> networks = [];
        foreach ((Vote vote, double raw) in votes)
        {
            double weight = raw;
            if (groups.TryGetValue(vote.Author, out PeerId? group) && ofGroup[group] > 1)
            {
                // Those who always say the same say it once.
                weight /= ofGroup[group];
            }

            if (isMember(vote.Author))
            {
                tally.Members++;
                tally.MemberWeight += weight;
                tally.Add(new WeighedVote(vote, raw, weight));
                continue;
            }

            NetworkPlace at = place(vote.Author);
            double room = Math.Min(Room(near, at.Near), Math.Min(Room(wide, at.Wide), Room(operators, at.Operator)));
            double counted = Math.Clamp(room, 0, weight);
            near[at.Near] = near.GetValueOrDefault(at.Near) + counted;
            wide[at.Wide] = wide.GetValueOrDefault(at.Wide) + counted;
            operators[at.Operator] = operators.GetValueOrDefault(at.Operator) + counted;
            tally.Add(new WeighedVote(vote, raw, counted));
            if (counted > LeastWeight)
            {
                networks.Add(group is null ? (at.Operator, null) : (0, group));
            }
        }

        tally.Networks = networks.Count;
        return tally;
    }

    private double Room(Dictionary<ulong, double> used, ulong network) => options.NetworkCap - used.GetValueOrDefault(network);

    private sealed class Tally
    {
        public List<WeighedVote> Votes { get; } = [];

        public double Weight { get; private set; }

        public double MemberWeight { get; set; }

        public int Members { get; set; }

        public int Networks { get; set; }

        public void Add(WeighedVote vote)
        {
            Votes.Add(vote);
            Weight += vote.Counted;
        }
    }
}
