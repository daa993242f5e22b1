using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Consensus;

/// <summary>How many actions on others' word alone each group of reporters has caused within the last hour, and how many last.</summary>
/// <param name="anHour">Actions of a group in an hour.</param>
/// <param name="atOnce">Actions of a group that last at a time.</param>
internal sealed class GroupBudget(int anHour, int atOnce)
{
    private readonly Dictionary<PeerId, Queue<DateTimeOffset>> _spent = [];
    private readonly Dictionary<PeerId, int> _lasting = [];

    public bool IsSpent(PeerId group, DateTimeOffset now) => _lasting.GetValueOrDefault(group) >= atOnce || (_spent.TryGetValue(group, out Queue<DateTimeOffset>? spent) && Left(spent, now) >= anHour);

    /// <summary>An action begins that rests on these groups.</summary>
    public void Spend(IReadOnlyCollection<PeerId> groups, DateTimeOffset now)
    {
        foreach (PeerId group in groups)
        {
            if (!_spent.TryGetValue(group, out Queue<DateTimeOffset>? spent))
            {
                _spent.Add(group, spent = new Queue<DateTimeOffset>());
            }

            spent.Enqueue(now);
            _lasting[group] = _lasting.GetValueOrDefault(group) + 1;
        }
    }

    /// <summary>An action has ended that rested on these groups.</summary>
    public void End(IReadOnlyCollection<PeerId> groups)
    {
        foreach (PeerId group in groups)
        {
            int left = _lasting.GetValueOrDefault(group) - 1;
            if (left > 0)
            {
                _lasting[group] = left;
            }
            else
            {
                _lasting.Remove(group);
            }
        }
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
