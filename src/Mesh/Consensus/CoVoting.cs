using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Consensus;

/// <summary>Finds reporters that always vote together, by their last votes.</summary>
/// <param name="options">The rules.</param>
/// <param name="capacity">Reporters whose votes are remembered; the one that was silent for the longest time goes first.</param>
internal sealed class CoVoting(ConsensusOptions options, int capacity = 16_384)
{
    private readonly Dictionary<PeerId, LinkedListNode<(PeerId Id, VoteHistory History)>> _histories = [];
    private readonly LinkedList<(PeerId Id, VoteHistory History)> _byUse = new();
    private readonly HashSet<ulong> _seenHere = [];
    private readonly Queue<ulong> _seenOrder = new();

    public void Add(PeerId author, ulong target)
    {
        if (_histories.TryGetValue(author, out LinkedListNode<(PeerId Id, VoteHistory History)>? node))
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
        }
        else
        {
            if (_histories.Count >= capacity)
            {
                _histories.Remove(_byUse.First!.Value.Id);
                _byUse.RemoveFirst();
            }

            node = _byUse.AddLast((author, new VoteHistory(options.VoteHistory, options.RecentVotes)));
            _histories.Add(author, node);
        }

        node.Value.History.Add(target);
    }

    /// <summary>Our own sensors saw a target: whoever voted for it said what is so. Known long after the votes on it are forgotten.</summary>
    public void SeenHere(ulong target)
    {
        if (_seenHere.Add(target))
        {
            _seenOrder.Enqueue(target);
            if (_seenOrder.Count > capacity)
            {
                _seenHere.Remove(_seenOrder.Dequeue());
            }
        }
    }

    /// <summary>
    /// Groups of voters that always vote together and whose targets few others confirm: each voter with the one that stands for its group. Voters alone are not in it.
    /// </summary>
    /// <param name="voters">The voters on a target, the heaviest first.</param>
    /// <param name="isConfirmed">Whether reporters that are not of the group confirmed a target.</param>
    public Dictionary<PeerId, PeerId> Groups(IReadOnlyList<PeerId> voters, Func<ulong, Func<PeerId, bool>, bool> isConfirmed)
    {
        Dictionary<PeerId, PeerId> groups = [];
        foreach (bool isRecent in (bool[])[false, true])
        {
            AddGroups(voters, isRecent, isConfirmed, groups);
        }

        return groups;
    }

    // Each voter is compared with the first of each group so far.
    private void AddGroups(IReadOnlyList<PeerId> voters, bool isRecent, Func<ulong, Func<PeerId, bool>, bool> isConfirmed, Dictionary<PeerId, PeerId> groups)
    {
        List<(HashSet<ulong> Votes, List<PeerId> Members)> found = [];
        foreach (PeerId voter in voters.Where(voter => !groups.ContainsKey(voter)))
        {
            if (!_histories.TryGetValue(voter, out LinkedListNode<(PeerId Id, VoteHistory History)>? node))
            {
                continue;
            }

            HashSet<ulong> votes = isRecent ? node.Value.History.Recent : node.Value.History.Targets;
            int group = found.FindIndex(known => IsAlike(known.Votes, votes));
            if (group < 0)
            {
                found.Add((votes, [voter]));
            }
            else
            {
                found[group].Members.Add(voter);
            }
        }

        foreach ((HashSet<ulong> votes, List<PeerId> members) in found.Where(group => group.Members.Count > 1))
        {
            // Of a large crowd some are beyond what is counted; they are no outsiders for that.
            Dictionary<PeerId, bool> isMember = members.ToDictionary(member => member, _ => true);
            bool IsMember(PeerId peer)
            {
                if (!isMember.TryGetValue(peer, out bool known))
                {
                    isMember[peer] = known = _histories.TryGetValue(peer, out LinkedListNode<(PeerId Id, VoteHistory History)>? node) && IsAlike(votes, isRecent ? node.Value.History.Recent : node.Value.History.Targets);
                }

                return known;
            }

            if (votes.Count(target => _seenHere.Contains(target) || isConfirmed(target, IsMember)) < options.CliqueOutside * votes.Count)
            {
                foreach (PeerId member in members)
                {
                    groups.Add(member, members[0]);
                }
            }
        }
    }

    private bool IsAlike(HashSet<ulong> one, HashSet<ulong> other) => VoteHistory.Likeness(one, other, out int common) > options.CliqueLikeness && common >= options.CliqueVotes;
}
