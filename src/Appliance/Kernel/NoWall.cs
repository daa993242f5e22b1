using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Options;

namespace Blackwall.Kernel;

/// <summary>Used when the mode is off: takes every change from the board and does nothing with it.</summary>
internal sealed class NoWall(VerdictBoard board, IOptions<NetworkOptions> options) : BackgroundService, IWall, IPolicyTrial
{
    public WallStatus Status { get; } = new(options.Value.Interface, EnforcementMode.Off, null, null, null, 0, Adopted: false, Fault: null);

    public EnforcementMode Mode => EnforcementMode.Off;

    public bool HasWall => false;

    public bool OnTrial => false;

    public Task BeginAsync(Action change, Action undo, EnforcementMode mode, DateTimeOffset deadline)
    {
        ArgumentNullException.ThrowIfNull(change);
        change();
        return Task.CompletedTask;
    }

    public Task<bool> ConfirmAsync() => Task.FromResult(true);

    public Task RevertAsync(Action undo, EnforcementMode mode)
    {
        ArgumentNullException.ThrowIfNull(undo);
        undo();
        return Task.CompletedTask;
    }

    public Task ShadowAsync(ReadOnlyMemory<PolicyEntry> entries) => Task.CompletedTask;

    public ulong? ShadowHits(Prefix scope) => null;

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
            board.Wall.MarkEnforced(board.Wall.Discard());
            try
            {
                board.Wall.WaitForChange(Timeout.InfiniteTimeSpan, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
