using System.Net;

namespace Blackwall.Mesh.Libp2p.Mdns;

/// <summary>So many from each sender in a time, and so many from all: one that floods takes nobody else's place. Memory is bounded by the number of all.</summary>
internal sealed class SenderQuota(int each, int all, TimeSpan span, TimeProvider time)
{
    private readonly Dictionary<IPAddress, int> _taken = [];
    private long _began = time.GetTimestamp();
    private int _all;

    /// <summary>False: the sender, or all together, have had theirs.</summary>
    public bool TryTake(IPAddress sender)
    {
        if (time.GetElapsedTime(_began) >= span)
        {
            (_began, _all) = (time.GetTimestamp(), 0);
            _taken.Clear();
        }

        int taken = _taken.GetValueOrDefault(sender);
        if (taken >= each || _all >= all)
        {
            return false;
        }

        _taken[sender] = taken + 1;
        _all++;
        return true;
    }
}
