using Blackwall.Mesh.Libp2p;

namespace Blackwall.Tests.Mesh.Gossip;

/// <summary>What the router should do in one topic, said as plainly as it can be and with no thought of speed. Peers are numbers, times milliseconds.</summary>
internal sealed class ModelRouter
{
    private readonly Dictionary<int, long> _backoff = [];
    private readonly Dictionary<int, long> _flood = [];
    private readonly Dictionary<int, int> _misconduct = [];
    private readonly Dictionary<int, int> _invalid = [];
    private readonly HashSet<long> _invalidMessages = [];
    private readonly HashSet<long> _seen = [];
    private readonly HashSet<(int Peer, long Message)> _unwanted = [];

    public HashSet<int> Connected { get; } = [];

    public HashSet<int> Subscribed { get; } = [];

    public HashSet<int> Mesh { get; } = [];

    public void Leave(int peer)
    {
        Connected.Remove(peer);
        Subscribed.Remove(peer);
        Mesh.Remove(peer);
        _unwanted.RemoveWhere(pair => pair.Peer == peer);
    }

    public void Subscribe(int peer, bool on)
    {
        if (on)
        {
            Subscribed.Add(peer);
        }
        else
        {
            Subscribed.Remove(peer);
            Mesh.Remove(peer);
        }
    }

    public bool IsBad(int peer) => Score(peer) < 0;

    /// <summary>It did something that does not count below zero yet.</summary>
    public bool HasDebts(int peer) => !IsBad(peer) && _misconduct.GetValueOrDefault(peer) > 0;

    public bool IsGraylisted(int peer) => Score(peer) < -400;

    /// <summary>True: the peer is to be sent a PRUNE.</summary>
    public bool Graft(int peer, long now, int most)
    {
        if (Mesh.Contains(peer))
        {
            return false;
        }

        if (now < _backoff.GetValueOrDefault(peer))
        {
            _misconduct[peer] = _misconduct.GetValueOrDefault(peer) + (now < _flood.GetValueOrDefault(peer) ? 2 : 1);
            Back(peer, now + 60_000, now);
            return true;
        }

        if (!Subscribed.Contains(peer) || IsBad(peer) || Mesh.Count >= most)
        {
            Back(peer, now + (Subscribed.Contains(peer) && !IsBad(peer) ? 10_000 : 60_000), now);
            return true;
        }

        Mesh.Add(peer);
        return false;
    }

    public void Prune(int peer, ulong seconds, long now)
    {
        Mesh.Remove(peer);
        decimal wanted = seconds == 0 ? 60 : Math.Min(3_600, (decimal)seconds);
        _backoff[peer] = Math.Max(_backoff.GetValueOrDefault(peer), now + (long)(wanted * 1_000));
    }

    public void DoesNotWant(int peer, long message) => _unwanted.Add((peer, message));

    /// <summary>To whom the message goes; null: nothing happens.</summary>
    public HashSet<int>? Receive(int peer, long message, Validation validation)
    {
        if (!_seen.Add(message))
        {
            if (_invalidMessages.Contains(message))
            {
                _invalid[peer] = _invalid.GetValueOrDefault(peer) + 1;
            }

            return null;
        }

        if (validation is Validation.Reject)
        {
            _invalidMessages.Add(message);
            _invalid[peer] = _invalid.GetValueOrDefault(peer) + 1;
        }

        return validation is not Validation.Accept ? null : [.. Mesh.Where(other => other != peer && !_unwanted.Contains((other, message)))];
    }

    public bool MayBeGrafted(int peer, long now) =>
        Subscribed.Contains(peer) && !Mesh.Contains(peer) && !IsBad(peer) && (!_backoff.TryGetValue(peer, out long until) || now >= until + 1_000);

    /// <summary>We pruned it ourselves.</summary>
    public void Pruned(int peer, long now)
    {
        Mesh.Remove(peer);
        Back(peer, now + 60_000, now);
    }

    private void Back(int peer, long until, long now)
    {
        _backoff[peer] = Math.Max(_backoff.GetValueOrDefault(peer), until);
        _flood[peer] = now + 10_000;
    }

    private double Score(int peer) =>
        (-50.0 * Math.Pow(_invalid.GetValueOrDefault(peer), 2)) - (10.0 * Math.Pow(Math.Max(0, _misconduct.GetValueOrDefault(peer) - 6), 2));
}
