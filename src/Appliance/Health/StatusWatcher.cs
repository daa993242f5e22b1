using Blackwall.Events;
using Blackwall.Kernel;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Health;

/// <summary>Turns a change of the wall's status on an interface, and of what ails a part, into an event; a fault is an entry of the log too.</summary>
internal sealed class StatusWatcher(IWall wall, IEnumerable<IHealthSource> sources, EventLog events, TimeProvider time, ILogger<StatusWatcher> log) : BackgroundService
{
    private readonly Dictionary<string, string> _faults = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Dictionary<string, WallStatus> last = wall.Statuses.ToDictionary(status => status.Interface, StringComparer.Ordinal);
        Poll();
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (WallStatus status in wall.Statuses)
            {
                if (!last.TryGetValue(status.Interface, out WallStatus? before) || before != status)
                {
                    events.Add(HealthEvents.Status, status);
                    last[status.Interface] = status;
                }
            }

            Poll();
        }
    }

    private void Poll()
    {
        foreach (IHealthSource source in sources)
        {
            string? fault = source.Fault;
            if (!string.Equals(fault, _faults.GetValueOrDefault(source.Name), StringComparison.Ordinal))
            {
                events.Add(HealthEvents.Fault, new HealthEventBody(source.Name, fault));
                if (fault is null)
                {
                    HealthLog.Well(log, source.Name);
                    _faults.Remove(source.Name);
                }
                else
                {
                    HealthLog.Fault(log, source.Name, fault);
                    _faults[source.Name] = fault;
                }
            }
        }
    }
}
