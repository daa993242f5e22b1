using Blackwall.Events;
using Blackwall.Kernel;

namespace Blackwall.Health;

/// <summary>Turns a change of the wall's status into an event.</summary>
internal sealed class StatusWatcher(IWall wall, EventLog log, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        WallStatus last = wall.Status;
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (wall.Status is { } status && status != last)
            {
                log.Add(HealthEvents.Status, status);
                last = status;
            }
        }
    }
}
