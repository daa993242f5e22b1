using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Pipeline;

/// <summary>Observers hear of everything in order, and the board is free while they are told.</summary>
public sealed class ChangeFeedTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_observer_that_takes_its_time_keeps_nobody_from_asking_the_board()
    {
        using HeldObserver held = new();
        using VerdictBoard board = new(new BoardOptions(), TimeProvider.System, [held]);
        Task<PublishResult> publishing = Task.Run(() => board.Publish(Request("9.1.2.3")), Cancellation);
        await held.Called.WaitAsync(Cancellation);

        // The observer is being told: whoever decides about a packet, or asks, goes on.
        Verdict seen = await Task.Run(() => board.Effective(Prefix.Parse("9.1.2.3"))!.Verdict, Cancellation).WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        Assert.Equal(Verdict.Drop, seen);
        Assert.False(publishing.IsCompleted);
        held.Release();
        Assert.NotNull((await publishing).Decision);
    }

    [Fact]
    public void Ends_of_many_decisions_at_once_are_all_told_in_order()
    {
        using BoardFixture f = new();
        const int count = 40_000;
        for (uint i = 0; i < count; i++)
        {
            f.Board.Publish(new DecisionRequest(Prefix.Host(Address.FromV4(0x09000000u + i)), Verdict.Drop, Origin.Feed, "x", 1, TimeSpan.FromMinutes(5), [], null, "t"));
        }

        f.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(count, f.Board.ExpireDue());
        Assert.Equal(0, f.Board.ExpireDue());
        Assert.Equal(count, f.Changes.Count(change => change.Kind == DecisionChangeKind.Expired));
        Assert.Equal(0, new BoardStats(f.Board).Read()["untold"]);
        Assert.Equal(0, new BoardStats(f.Board).Read()["decisions"]);
    }

    [Fact]
    public async Task Changes_by_many_at_once_are_told_once_each_and_before_the_call_returns()
    {
        List<DecisionChange> heard = [];
        Recorder recorder = new(heard);
        using VerdictBoard board = new(new BoardOptions(), new FakeTimeProvider(), [recorder]);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(
            () =>
            {
                for (int i = 0; i < 500; i++)
                {
                    Decision made = board.Publish(Request($"9.{thread}.{i / 250}.{i % 250}")).Decision!;
                    lock (heard)
                    {
                        Assert.Contains(heard, change => change.Decision.Id == made.Id);
                    }
                }
            },
            Cancellation)));
        Assert.Equal(2_000, heard.Select(change => change.Decision.Id).Distinct().Count());
        Assert.Equal(heard.Select(change => change.Decision.Id).Order(), heard.Select(change => change.Decision.Id));
    }

    private static DecisionRequest Request(string scope) => new(Prefix.Parse(scope), Verdict.Drop, Origin.Operator, "test", 1, null, [], null, "tester");

    private sealed class Recorder(List<DecisionChange> heard) : IDecisionObserver
    {
        public void OnChange(DecisionChange change)
        {
            lock (heard)
            {
                heard.Add(change);
            }
        }
    }

    private sealed class HeldObserver : IDecisionObserver, IDisposable
    {
        private readonly ManualResetEventSlim _free = new();
        private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Called => _called.Task;

        public void OnChange(DecisionChange change)
        {
            _called.TrySetResult();
            _free.Wait();
        }

        public void Release() => _free.Set();

        public void Dispose() => _free.Dispose();
    }
}
