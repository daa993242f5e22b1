using Blackwall.Mesh.Libp2p.Kad.Routing;

namespace Blackwall.Mesh.Libp2p.Kad;

/// <summary>
/// A search for the peers closest to a key (Kademlia §2.3; S/Kademlia §4.4 for the disjoint paths): the peers that we know are dealt out to
/// several ways, and a peer that one way has asked is asked by no other. A way ends when the closest that it has heard of have answered.
/// </summary>
/// <param name="ask">Asks one peer; null: it did not answer, or not well.</param>
internal sealed class KadSearch(PeerId self, KadKey target, KadOptions options, Func<PeerAddresses, CancellationToken, Task<IReadOnlyList<PeerAddresses>?>> ask)
{
    // An answer that names so many only its own kind vouches for counts for nothing.
    private const double SuspiciousShare = 0.8;
    private const int EnoughToSuspect = 5;

    private readonly Lock _gate = new();
    private readonly HashSet<PeerId> _taken = [self];
    private readonly Dictionary<PeerId, Candidate> _answered = [];
    private int _asked;

    /// <summary>Runs to its end; returns the peers that answered, closest first.</summary>
    /// <param name="found">Stops the search as soon as it says so of an answer.</param>
    public async Task<IReadOnlyList<PeerAddresses>> RunAsync(IReadOnlyList<PeerAddresses> known, Func<bool> found, CancellationToken cancellation)
    {
        int paths = Math.Max(1, Math.Min(options.DisjointPaths, known.Count));
        List<Candidate>[] dealt = [.. Enumerable.Range(0, paths).Select(_ => new List<Candidate>())];
        for (int i = 0; i < known.Count; i++)
        {
            Offer(dealt[i % paths], known[i], vouchedBy: i % paths);
        }

        await Task.WhenAll(dealt.Select(path => RunPathAsync(path, found, cancellation))).ConfigureAwait(false);
        lock (_gate)
        {
            return [.. _answered.Values.OrderBy(candidate => candidate.Distance).Take(options.BucketSize).Select(candidate => candidate.Peer)];
        }
    }

    private async Task RunPathAsync(List<Candidate> path, Func<bool> found, CancellationToken cancellation)
    {
        int width = Math.Max(1, options.Alpha / Math.Max(1, options.DisjointPaths));
        List<Task> running = [];
        while (!found())
        {
            while (running.Count < width && Next(path) is { } candidate)
            {
                running.Add(AskAsync(path, candidate, cancellation));
            }

            if (running.Count == 0)
            {
                return;
            }

            running.Remove(await Task.WhenAny(running).ConfigureAwait(false));
            cancellation.ThrowIfCancellationRequested();
        }

        await Task.WhenAll(running).ConfigureAwait(false);
    }

    private async Task AskAsync(List<Candidate> path, Candidate candidate, CancellationToken cancellation)
    {
        IReadOnlyList<PeerAddresses>? closer = await ask(candidate.Peer, cancellation).ConfigureAwait(false);
        lock (_gate)
        {
            if (closer is null || IsClosedCircle(path, closer))
            {
                candidate.Bad = true;
                return;
            }

            candidate.Answered = true;
            _answered[candidate.Peer.Id] = candidate;
            foreach (PeerAddresses peer in closer.Take(options.BucketSize))
            {
                Offer(path, peer, vouchedBy: candidate);
            }
        }
    }

    // The closest that nobody has asked yet, as long as it is among the closest k of this way.
    private Candidate? Next(List<Candidate> path)
    {
        lock (_gate)
        {
            if (_asked >= options.SearchPeers)
            {
                return null;
            }

            int better = 0;
            foreach (Candidate candidate in path)
            {
                if (candidate.Bad)
                {
                    continue;
                }

                if (++better > options.BucketSize)
                {
                    return null;
                }

                if (!candidate.Asked)
                {
                    if (!_taken.Add(candidate.Peer.Id))
                    {
                        // Another way has it.
                        candidate.Bad = true;
                        better--;
                        continue;
                    }

                    candidate.Asked = true;
                    _asked++;
                    return candidate;
                }
            }

            return null;
        }
    }

    private void Offer(List<Candidate> path, PeerAddresses peer, object vouchedBy)
    {
        if (peer.Id == self)
        {
            return;
        }

        Candidate? known = path.Find(candidate => candidate.Peer.Id == peer.Id);
        if (known is not null)
        {
            known.VouchedBy.Add(vouchedBy);
            return;
        }

        Candidate candidate = new(peer, KadKey.From(peer.Id).DistanceTo(target));
        if (TooManyOfItsNetwork(path, candidate))
        {
            return;
        }

        candidate.VouchedBy.Add(vouchedBy);
        int at = path.BinarySearch(candidate);
        path.Insert(at < 0 ? ~at : at, candidate);
    }

    // Ids are free and addresses are not: one network has only so many places on a way.
    private bool TooManyOfItsNetwork(List<Candidate> path, Candidate candidate) =>
        candidate.Subnet(options) is { } subnet && path.Count(other => string.Equals(other.Subnet(options), subnet, StringComparison.Ordinal)) >= options.PerSubnet;

    // Peers named in this answer that were named before, and by bad peers alone, or that name us: a circle that keeps us inside.
    private bool IsClosedCircle(List<Candidate> path, IReadOnlyList<PeerAddresses> closer)
    {
        if (closer.Count < EnoughToSuspect)
        {
            return false;
        }

        int inside = closer.Count(peer => peer.Id == self
            || (path.Find(candidate => candidate.Peer.Id == peer.Id) is { } known && known.VouchedBy.All(by => by is Candidate { Bad: true })));
        return inside > SuspiciousShare * closer.Count;
    }

    private sealed class Candidate(PeerAddresses peer, KadKey distance) : IComparable<Candidate>
    {
        private string? _subnet;

        public PeerAddresses Peer { get; } = peer;

        public KadKey Distance { get; } = distance;

        public bool Asked { get; set; }

        public bool Answered { get; set; }

        public bool Bad { get; set; }

        /// <summary>Who named it.</summary>
        public HashSet<object> VouchedBy { get; } = [];

        public int CompareTo(Candidate? other) => Distance.CompareTo(other!.Distance);

        public string? Subnet(KadOptions options)
        {
            if (_subnet is null)
            {
                System.Net.IPAddress? ip = Peer.Addresses.Count > 0 ? Peer.Addresses[0].Ip : null;
                _subnet = ip is null || (options.PrivateExempt && AddressClass.IsPrivate(ip)) ? "" : AddressClass.Subnet(ip);
            }

            return _subnet.Length == 0 ? null : _subnet;
        }
    }
}
