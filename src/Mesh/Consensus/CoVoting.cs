using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Consensus;

/// <summary>Finds reporters that always vote together, by their last votes.</summary>
/// <param name="options">The rules.</param>
/// <param name="capacity">Reporters whose votes are remembered; the one that was silent for the longest time goes first.</param>
internal sealed class CoVoting(ConsensusOptions options, int capacity = 16_384)
{
    // Comparing every two of them is what it costs.
    private const int MostCompared = 64;

    private readonly Dictionary<PeerId, LinkedListNode<(PeerId Id, VoteHistory History)>> _histories = [];
    private readonly LinkedList<(PeerId Id, VoteHistory History)> _byUse = new();

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

            node = _byUse.AddLast((author, new VoteHistory(options.VoteHistory)));
            _histories.Add(author, node);
        }

        node.Value.History.Add(target);
    }

    /// <summary>
    /// Groups of voters that always vote together and whose targets few others confirm: each voter with the one that stands for its group. Voters alone are not in it.
    /// </summary>
    /// <param name="voters">The heaviest voters on a target; of more than 64 the rest is left out.</param>
    /// <param name="isConfirmed">Whether our own sensors, or reporters that are none of these, confirmed a target.</param>
    public Dictionary<PeerId, PeerId> Groups(IReadOnlyList<PeerId> voters, Func<ulong, IReadOnlySet<PeerId>, bool> isConfirmed)
    {
        int count = Math.Min(voters.Count, MostCompared);
        var parent = new int[count];
        for (int i = 0; i < count; i++)
        {
            parent[i] = i;
        }

        for (int i = 0; i < count; i++)
        {
            for (int j = i + 1; j < count && _histories.ContainsKey(voters[i]); j++)
            {
                if (_histories.ContainsKey(voters[j]) && Find(parent, i) != Find(parent, j) && AreAlike(voters[i], voters[j]))
                {
                    parent[Find(parent, j)] = Find(parent, i);
                }
            }
        }

        Dictionary<PeerId, PeerId> groups = [];
        foreach (IGrouping<int, int> group in Enumerable.Range(0, count).GroupBy(i => Find(parent, i)).Where(group => group.Skip(1).Any()))
        {
            HashSet<PeerId> members = [.. group.Select(i => voters[i])];
            if (OutsideShare(members, isConfirmed) < options.CliqueOutside)
            {
                foreach (PeerId member in members)
                {
                    groups.Add(member, voters[group.Key]);
                }
            }
        }

        return groups;
    }

    private bool AreAlike(PeerId one, PeerId other) =>
        _histories[one].Value.History.Likeness(_histories[other].Value.History, out int common) > options.CliqueLikeness && common >= options.CliqueVotes;

    private double OutsideShare(HashSet<PeerId> members, Func<ulong, IReadOnlySet<PeerId>, bool> isConfirmed)
    {
        HashSet<ulong> targets = [];
        foreach (PeerId member in members)
        {
            targets.UnionWith(_histories[member].Value.History.Targets);
        }

        return targets.Count == 0 ? 1 : (double)targets.Count(target => isConfirmed(target, members)) / targets.Count;
    }

    private static int Find(int[] parent, int node)
    {
        while (parent[node] != node)
        {
            node = parent[node] = parent[parent[node]];
        }

        return node;
    }
}
