namespace Blackwall.Tarpit.World.State;

/// <summary>Ports that programs of the visitor listen at. Thread-safe, bounded.</summary>
internal sealed class OpenPorts
{
    private const int Most = 64;
    private readonly Lock _lock = new();
    private readonly List<OpenPort> _all = [];

    public IReadOnlyList<OpenPort> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>False: there are too many.</summary>
    public bool TryAdd(OpenPort port)
    {
        lock (_lock)
        {
            if (_all.Count >= Most)
            {
                return false;
            }

            _all.Add(port);
            return true;
        }
    }

    public void Remove(OpenPort port)
    {
        lock (_lock)
        {
            _all.Remove(port);
        }
    }

    /// <summary>A process has ended.</summary>
    public void End(int process)
    {
        lock (_lock)
        {
            _all.RemoveAll(port => port.Process == process);
        }
    }
}
