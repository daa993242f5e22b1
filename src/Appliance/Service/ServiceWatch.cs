using Blackwall.Kernel;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Service;

/// <summary>
/// Keeps systemd informed: ready when the walls are attached and the API listens, a status line, and signs of life that stop when a thread that
/// judges or enforces does. Does nothing where systemd does not listen.
/// </summary>
internal sealed class ServiceWatch(InitSystem? init, IWall wall, IEnumerable<IHealthSource> health, IEnumerable<RoundCounter> counters, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ServiceWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);

    private readonly RoundCounter[] _counters = [.. counters];
    private readonly Dictionary<string, long> _rounds = new(StringComparer.Ordinal);
    private string? _told;

    /// <summary>"enforcing on eth0 (native)", and what ails.</summary>
    public static string Describe(IReadOnlyList<WallStatus> statuses, IEnumerable<IHealthSource> health)
    {
        string walls = string.Join(", ", statuses.Select(status => $"{Word(status.Mode)} on {status.Interface}{(status.AttachMode is { } mode ? $" ({mode})" : "")}"));
        string? fault = health.Select(source => source.Fault).FirstOrDefault(fault => fault is not null);
        return fault is null ? walls : $"{walls}; {fault}";
    }

    /// <summary>Whether every counter went on since the last call; the first call begins.</summary>
    public bool GoesRound(out string? hung)
    {
        hung = null;
        foreach (RoundCounter counter in _counters)
        {
            long rounds = counter.Read();
            if (_rounds.TryGetValue(counter.Name, out long before) && before == rounds)
            {
                hung = counter.Name;
            }

            _rounds[counter.Name] = rounds;
        }

        return hung is null;
    }

    public override void Dispose()
    {
        init?.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (init is null)
        {
            return;
        }

        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration whenStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        using CancellationTokenRegistration whenStopping = lifetime.ApplicationStopping.Register(() => init.Stopping("Stopping."));
        await started.Task.WaitAsync(stoppingToken);
        _told = Describe(wall.Statuses, health);
        init.Ready(_told);
        bool hangs = false;
        TimeSpan interval = init.Watchdog is { } watchdog && watchdog / 4 < s_interval ? watchdog / 4 : s_interval;
        using PeriodicTimer timer = new(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (GoesRound(out string? hung))
            {
                init.Alive();
            }
            else if (!hangs)
            {
                ServiceLog.Hangs(logger, hung!);
            }

            hangs = hung is not null;
            string now = hangs ? $"The thread '{hung}' hangs." : Describe(wall.Statuses, health);
            if (!string.Equals(now, _told, StringComparison.Ordinal))
            {
                init.Status(now);
                _told = now;
            }
        }
    }

    private static string Word(Kernel.Abi.EnforcementMode mode) => mode switch
    {
        Kernel.Abi.EnforcementMode.Enforce => "enforcing",
        Kernel.Abi.EnforcementMode.Observe => "observing",
        _ => "off",
    };
}
