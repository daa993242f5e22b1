using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Reputation;

/// <summary>What is known of reporters. Bounded: beyond the limit those without a score that were silent for the longest time go first. Not thread-safe.</summary>
/// <param name="capacity">Reporters.</param>
public sealed class ReputationBook(int capacity = 100_000)
{
    private readonly Dictionary<PeerId, PeerStanding> _peers = [];

    public int Count => _peers.Count;

    public int Capacity => capacity;

    /// <summary>Reporters that made room for others.</summary>
    public long Evicted { get; private set; }

    public IReadOnlyCollection<PeerStanding> All => _peers.Values;

    public PeerStanding? Find(PeerId id) => _peers.GetValueOrDefault(id);

    /// <summary>What is known of a reporter, from now on where it is new.</summary>
    public PeerStanding Meet(PeerId id, DateTimeOffset now)
    {
        if (!_peers.TryGetValue(id, out PeerStanding? standing))
        {
            MakeRoom(now);
            standing = new PeerStanding(id, now);
            _peers.Add(id, standing);
        }

        standing.IsUnheard = false;
        standing.LastSeen = standing.LastSeen > now ? standing.LastSeen : now;
        return standing;
    }

    /// <summary>Forgets one that is known by a ban alone, so that its age counts from its first report.</summary>
    public void ForgetUnheard(PeerStanding standing)
    {
        if (standing.IsUnheard)
        {
            _peers.Remove(standing.Id);
        }
    }

    /// <summary>Takes one that was stored.</summary>
    public void Add(PeerStanding standing) => _peers[standing.Id] = standing;

    private void MakeRoom(DateTimeOffset now)
    {
        if (_peers.Count < capacity)
        {
            return;
        }

        // A sixteenth at once: sorting costs the same for one.
        foreach (PeerStanding least in _peers.Values.Where(peer => !peer.Banned).OrderBy(peer => peer.Score(now)).ThenBy(peer => peer.LastSeen).Take(Math.Max(1, capacity / 16)).ToArray())
        {
            _peers.Remove(least.Id);
            Evicted++;
        }
    }
}
