using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Consensus;

/// <summary>How many actions on others' word alone each group of reporters has caused within the last hour.</summary>
/// <param name="most">Actions of a group in an hour.</param>
internal sealed class GroupBudget(int most)
{
    private readonly Dictionary<PeerId, Queue<DateTimeOffset>> _spent = [];

    public bool IsSpent(PeerId group, DateTimeOffset now) => _spent.TryGetValue(group, out Queue<DateTimeOffset>? spent) && Left(spent, now) >= most;

    public void Spend(PeerId group, DateTimeOffset now)
    {
        if (!_spent.TryGetValue(group, out Queue<DateTimeOffset>? spent))
        {
            _spent.Add(group, spent = new Queue<DateTimeOffset>());
        }

        spent.Enqueue(now);
    }

    /// <summary>Forgets what is over an hour old.</summary>
    public void Trim(DateTimeOffset now)
    {
        foreach (PeerId idle in _spent.Where(pair => Left(pair.Value, now) == 0).Select(pair => pair.Key).ToArray())
        {
            _spent.Remove(idle);
        }
    }

    private static int Left(Queue<DateTimeOffset> spent, DateTimeOffset now)
    {
        while (spent.TryPeek(out DateTimeOffset first) && now - first >= TimeSpan.FromHours(1))
        {
            spent.Dequeue();
        }

        return spent.Count;
    }
}
