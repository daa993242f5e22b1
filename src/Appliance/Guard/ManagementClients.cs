using Blackwall.Pipeline;
using Microsoft.Extensions.Options;

namespace Blackwall.Guard;

/// <summary>Addresses that called the API with a valid key lately. Bounded. Thread-safe.</summary>
public sealed class ManagementClients(IOptions<GuardOptions> options, TimeProvider time) : IManagementClients
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Address, long> _seen = [];

    /// <summary>Raised when an address is seen that was not guarded.</summary>
    public event EventHandler? Added;

    public void Seen(Address client)
    {
        // Not over IP, or from this machine: guarded already.
        if (client == Address.None || GuardSet.Empty.Overlapping(Prefix.Host(client)) is not null)
        {
            return;
        }

        bool added = false;
        lock (_lock)
        {
            if (!_seen.ContainsKey(client))
            {
                added = true;
                if (_seen.Count >= options.Value.MaxClients)
                {
                    _seen.Remove(_seen.MinBy(pair => pair.Value).Key);
                }
            }

            _seen[client] = time.GetTimestamp();
        }

        if (added)
        {
            Added?.Invoke(this, EventArgs.Empty);
        }
    }

    public IReadOnlyList<Address> Current()
    {
        lock (_lock)
        {
            foreach ((Address client, long seen) in _seen.ToArray())
            {
                if (time.GetElapsedTime(seen) > options.Value.ClientMemory)
                {
                    _seen.Remove(client);
                }
            }

            return [.. _seen.Keys];
        }
    }
}
