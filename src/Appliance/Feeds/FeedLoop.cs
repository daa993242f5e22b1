namespace Blackwall.Feeds;

/// <summary>Fetches a feed on its schedule until the end. Whatever goes wrong with a fetch, the next one comes.</summary>
internal sealed class FeedLoop(FeedRunner runner, TimeProvider time)
{
    /// <summary>Never throws.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
#pragma warning disable CA5394 // Nothing is kept secret by it.
            DateTimeOffset next = FeedSchedule.Next(runner.Feed.Settings, runner.State, time.GetUtcNow(), Random.Shared.NextDouble());
#pragma warning restore CA5394
            try
            {
                if (await WaitAsync(next, stopping))
                {
                    await runner.RefreshAsync(isDry: false, stopping);
                }
            }
            catch (OperationCanceledException)
            {
                // The appliance stops, or the feed has other settings: what was half fetched is of no use.
            }
            catch (Exception failure)
            {
                runner.Fail(failure);
            }
        }
    }

    private async Task<bool> WaitAsync(DateTimeOffset until, CancellationToken stopping)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        TimeSpan pause = until - time.GetUtcNow();
        Task timer = pause > TimeSpan.Zero ? Task.Delay(pause, time, either.Token) : Task.CompletedTask;
        Task wake = runner.Changed.WaitAsync(either.Token);
        bool isTime = await Task.WhenAny(timer, wake) == timer && !stopping.IsCancellationRequested;
        await either.CancelAsync();
        return isTime;
    }
}
