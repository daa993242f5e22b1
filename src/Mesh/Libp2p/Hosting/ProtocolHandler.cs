namespace Blackwall.Mesh.Libp2p.Hosting;

/// <summary>Who answers a protocol, and how many streams of it others may have open.</summary>
internal sealed class ProtocolHandler(Func<IMeshStream, CancellationToken, Task> run, StreamLimits limits)
{
    private readonly Lock _sync = new();
    private readonly Dictionary<PeerId, int> _open = [];
    private int _total;

    public Func<IMeshStream, CancellationToken, Task> Run => run;

    public bool TryEnter(PeerId peer)
    {
        lock (_sync)
        {
            int open = _open.GetValueOrDefault(peer);
            if (open >= limits.PerPeer || _total >= limits.Total)
            {
                return false;
            }

            _open[peer] = open + 1;
            _total++;
            return true;
        }
    }

    public void Leave(PeerId peer)
    {
        lock (_sync)
        {
            _total--;
            if (_open[peer] > 1)
            {
                _open[peer]--;
            }
            else
            {
                _open.Remove(peer);
            }
        }
    }
}
