using Blackwall.Tarpit.Sessions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tarpit.Tests.Sessions;

/// <summary>A session has its share of a processor: more than that it waits for. Time here is that of the test, so that work takes as long as it says.</summary>
public sealed class SessionSchedulerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Work_that_took_long_waits_before_it_goes_on_and_short_work_does_not()
    {
        SessionScheduler scheduler = New();
        Assert.Equal(1, await scheduler.RunAsync(() => WorkAsync(TimeSpan.FromMilliseconds(1))));

        Task<int> longer = scheduler.RunAsync(() => WorkAsync(TimeSpan.FromMilliseconds(500)));
        await UsedAsync(scheduler, TimeSpan.FromMilliseconds(500));
        await WaitsAsync();
        Assert.False(longer.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await WaitsAsync();
        Assert.False(longer.IsCompleted);
        await EndAsync(longer);
        Assert.Equal(1, await longer);
    }

    [Fact]
    public async Task A_session_that_waits_for_its_share_keeps_nobody_else_waiting()
    {
        SessionScheduler busy = New(), other = New();
        Task<int> longer = busy.RunAsync(() => WorkAsync(TimeSpan.FromSeconds(20)));
        await UsedAsync(busy, TimeSpan.FromSeconds(20));
        Assert.Equal(1, await other.RunAsync(() => WorkAsync(TimeSpan.Zero)));
        Assert.False(longer.IsCompleted);
        await EndAsync(longer);
        Assert.Equal(1, await longer);
    }

    [Fact]
    public async Task What_a_session_waits_for_costs_it_nothing()
    {
        SessionScheduler scheduler = New();
        TaskCompletionSource outside = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<int> waits = scheduler.RunAsync(async () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await outside.Task;
            return 2;
        });
        await UsedAsync(scheduler, TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromHours(1));
        outside.SetResult();
        Assert.Equal(2, await waits);
    }

    [Fact]
    public async Task Pieces_of_one_session_do_not_run_at_once_and_a_fault_is_its_caller_s()
    {
        SessionScheduler scheduler = New();
        int inside = 0, most = 0;
        Task<int>[] all = [.. Enumerable.Range(0, 20).Select(n => scheduler.RunAsync(async () =>
        {
            for (int i = 0; i < 50; i++)
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                Interlocked.Decrement(ref inside);
                await Task.Yield();
            }

            return n;
        }))];
        Assert.Equal(Enumerable.Range(0, 20), await Task.WhenAll(all));
        Assert.Equal(1, most);
        await Assert.ThrowsAsync<InvalidDataException>(() => scheduler.RunAsync<int>(() => throw new InvalidDataException()));
    }

    [Fact]
    public async Task Work_that_allocates_much_waits_as_if_it_had_taken_long()
    {
        long allocated = 0;
        SessionScheduler scheduler = New(() => allocated);
        Task<int> large = scheduler.RunAsync(async () =>
        {
            allocated += 2_000_000_000;
            _time.Advance(TimeSpan.FromMilliseconds(20));
            await Task.Yield();
            return 1;
        });
        await UsedAsync(scheduler, TimeSpan.FromMilliseconds(20));
        await WaitsAsync();
        Assert.False(large.IsCompleted);
        await EndAsync(large);
        Assert.Equal(1, await large);
    }

    private SessionScheduler New(Func<long>? allocated = null) => new(_time, () => TimeSpan.FromTicks(_time.GetUtcNow().Ticks), allocated ?? (static () => 0));

    private async Task<int> WorkAsync(TimeSpan duration)
    {
        _time.Advance(duration);
        await Task.Yield();
        return 1;
    }

    // Whatever can run without the clock has run.
    private static async Task WaitsAsync()
    {
        for (int i = 0; i < 20; i++)
        {
            await Task.Yield();
        }
    }

    // The piece that took this time has ended.
    private static async Task UsedAsync(SessionScheduler scheduler, TimeSpan time)
    {
        while (scheduler.Used < time)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private async Task EndAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
