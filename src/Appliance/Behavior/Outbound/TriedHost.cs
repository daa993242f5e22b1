using Blackwall.Behavior.Memory;

namespace Blackwall.Behavior.Outbound;

/// <summary>
/// The host outside that a host inside tries most of late, and its ports: found by majority vote (Boyer and Moore 1981), so a scan of one host
/// shows however many others are called beside it.
/// </summary>
internal struct TriedHost
{
    /// <summary>Tries of others that it takes at most to replace the host.</summary>
    private const int MostVotes = 8;

    private uint _host;
    private int _votes;

    /// <summary>Its ports that were tried.</summary>
    public DistinctWindow Ports;

    /// <summary>Its ports that answered.</summary>
    public DistinctWindow Answered;

    public void Try(uint host, ushort port, ulong now, ulong window)
    {
        if (_votes == 0)
        {
            (_host, Ports, Answered) = (host, default, default);
        }
        else if (_host != host)
        {
            _votes--;
            return;
        }

        _votes = Math.Min(_votes + 1, MostVotes);
        Ports.Advance(now, window);
        Answered.Advance(now, window);
        Ports.Add(port, now);
    }

    public void Answer(uint host, ushort port, ulong now, ulong window)
    {
        if (_host == host)
        {
            Answered.Advance(now, window);
            Answered.Add(port, now);
        }
    }
}
