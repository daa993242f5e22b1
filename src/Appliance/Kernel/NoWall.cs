using Blackwall.Kernel.Abi;
using Blackwall.Pipeline;
using Microsoft.Extensions.Options;

namespace Blackwall.Kernel;

/// <summary>Stands in for the wall while the mode is off: takes every change off the board and does nothing with it.</summary>
internal sealed class NoWall(VerdictBoard board, IOptions<NetworkOptions> options) : BackgroundService, IWall
{
    public WallStatus Status { get; } = new(options.Value.Interface, EnforcementMode.Off, null, null, null, 0, Adopted: false, Fault: null);

    public WallCounters ReadCounters() => new([], []);

    public bool TryRead(Prefix scope, out KernelEntry entry)
    {
        entry = default;
        return false;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Follow(stoppingToken), stoppingToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Follow(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            board.MarkEnforced(board.Discard());
            try
            {
                board.WaitForChange(Timeout.InfiniteTimeSpan, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
