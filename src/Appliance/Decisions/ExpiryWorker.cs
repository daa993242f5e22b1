using Blackwall.Pipeline.Board;

namespace Blackwall.Decisions;

/// <summary>Takes what has ended off the board, once a second.</summary>
internal sealed class ExpiryWorker(VerdictBoard board, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(TimeSpan.FromSeconds(1), time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            board.ExpireDue();
        }
    }
}
