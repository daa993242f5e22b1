namespace Blackwall.Tarpit.World.State;

/// <summary>Units of systemd that a visitor stopped, started, enabled or disabled. Thread-safe, bounded by the units that there are.</summary>
internal sealed class ServiceTable(Machine machine)
{
    private const int MostOwn = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (ServiceState State, DateTimeOffset When)> _changed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _disabled = new(StringComparer.Ordinal);

    public ServiceState Get(string name)
    {
        lock (_lock)
        {
            return _changed.TryGetValue(name, out (ServiceState State, DateTimeOffset When) change) ? change.State : ServiceState.Active;
        }
    }

    /// <summary>When it changed last; null: it never did since the machine started.</summary>
    public DateTimeOffset? Changed(string name)
    {
        lock (_lock)
        {
            return _changed.TryGetValue(name, out (ServiceState State, DateTimeOffset When) change) ? change.When : null;
        }
    }

    /// <summary>When it was started again; null: it runs since the machine started, or does not run.</summary>
    public DateTimeOffset? Started(string name)
    {
        lock (_lock)
        {
            return _changed.TryGetValue(name, out (ServiceState State, DateTimeOffset When) change) && change.State == ServiceState.Active ? change.When : null;
        }
    }

    public void Set(string name, ServiceState state, DateTimeOffset? when = null)
    {
        lock (_lock)
        {
            if (_changed.Count < MostOwn || _changed.ContainsKey(name))
            {
                _changed[name] = (state, when ?? machine.Now);
            }
        }
    }

    public bool IsEnabled(string name)
    {
        lock (_lock)
        {
            return !_disabled.Contains(name);
        }
    }

    public void Enable(string name, bool isEnabled)
    {
        lock (_lock)
        {
            _ = isEnabled ? _disabled.Remove(name) : _disabled.Count < MostOwn && _disabled.Add(name);
        }
    }

    /// <summary>All changes, for a later visit.</summary>
    public IReadOnlyList<(string Name, ServiceState State, DateTimeOffset When, bool IsEnabled)> Changes
    {
        get
        {
            lock (_lock)
            {
                return [.. _changed.Keys.Union(_disabled, StringComparer.Ordinal).Select(name => (name, _changed.TryGetValue(name, out var change) ? change.State : ServiceState.Active, _changed.TryGetValue(name, out change) ? change.When : machine.BootTime, !_disabled.Contains(name)))];
            }
        }
    }
}
