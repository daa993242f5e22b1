namespace Blackwall.Mesh.Libp2p;

/// <summary>A bucket of requests for each peer, and no more peers than fit; whoever is displaced begins anew with an empty one.</summary>
internal sealed class RequestRate(int perSecond, TimeProvider time)
{
    private const int MostPeers = 16_384;
    private const int BurstSeconds = 10;

    private readonly Dictionary<PeerId, (double Tokens, long At)> _buckets = [];

    public bool TryAdd(PeerId peer)
    {
        lock (_buckets)
        {
            long now = time.GetTimestamp();
            if (!_buckets.TryGetValue(peer, out (double Tokens, long At) bucket))
            {
                if (_buckets.Count >= MostPeers)
                {
                    _buckets.Clear();
                }

                bucket = (perSecond * BurstSeconds, now);
            }

            double tokens = Math.Min(perSecond * BurstSeconds, bucket.Tokens + (time.GetElapsedTime(bucket.At, now).TotalSeconds * perSecond));
            bool granted = tokens >= 1;
            _buckets[peer] = (granted ? tokens - 1 : tokens, now);
            return granted;
        }
    }
}
