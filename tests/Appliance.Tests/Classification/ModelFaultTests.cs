using System.Net;
using System.Net.Sockets;
using Blackwall.Classification;
using Blackwall.Lab.Servers;
using Xunit;

namespace Blackwall.Tests.Classification;

/// <summary>Whatever a model server does, nothing follows from it but a counter and a pause.</summary>
public sealed class ModelFaultTests
{
    private static readonly ModelFault[] s_waiting = [ModelFault.NeverAnswers, ModelFault.DripsHeaders, ModelFault.DripsBody, ModelFault.HalfCloses];

    public static TheoryData<ModelFault> Faults => [.. Enum.GetValues<ModelFault>().Where(fault => fault != ModelFault.None)];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_server_that_misbehaves_is_left_alone_after_five_failures_and_changes_nothing(ModelFault fault)
    {
        await using ModelFixture f = await ModelFixture.StartAsync();
        f.Scan();
        string before = f.Decisions(withModel: true);
        Assert.NotEqual("", before);
        f.Server.Fault = fault;
        for (int round = 0; round < 5 && !f.Interview.Breaker.IsTripped; round++)
        {
            await f.AskAsync(waits: s_waiting.Contains(fault));
        }

        Assert.True(f.Interview.Breaker.IsTripped);
        Assert.Equal(f.Interview.Failures, f.Interview.Questions);
        Assert.InRange(f.Interview.Failures, 1, 5);
        Assert.NotNull(f.Desk.Fault);
        Assert.Equal("paused", f.Desk.State);
        Assert.Empty(f.Book.List(10));
        Assert.Equal(before, f.Decisions(withModel: true));
        Assert.All(f.Exchanges.List(long.MaxValue, 100), exchange => Assert.NotEqual(ModelOutcome.Answered, exchange.Outcome));

        // While it is paused nobody is asked.
        long asked = f.Server.Asked;
        Assert.False(await f.AskAsync());
        Assert.Equal(asked, f.Server.Asked);

        // The positive control: the same server without the fault, after the pause.
        f.Server.Fault = ModelFault.None;
        f.Clock.Advance(TimeSpan.FromSeconds(f.Options.BreakerSeconds + 1));
        Assert.True(await f.AskAsync());
        Assert.Equal((OpinionCategory.Scan, 95, OpinionEffect.Limited), (f.Book.List(1)[0].Category, f.Book.List(1)[0].Percent, f.Book.List(1)[0].Effect));
        Assert.Null(f.Desk.Fault);
        Assert.Equal(before, f.Decisions());
    }

    [Fact]
    public void There_are_at_least_27_ways_to_misbehave() => Assert.InRange(Faults.Count, 27, 100);

    [Fact]
    public async Task A_dead_server_costs_a_refused_connection_each_time()
    {
        await using ModelFixture f = await ModelFixture.StartAsync();
        f.Scan();
        using (TcpListener closed = new(IPAddress.Loopback, 0))
        {
            closed.Start();
            f.Options.Endpoint = new Uri($"http://{closed.LocalEndpoint}");
        }

        for (int round = 0; round < 5; round++)
        {
            await f.AskAsync();
        }

        Assert.Equal((5, "paused"), (f.Interview.Failures, f.Desk.State));
        Assert.All(f.Exchanges.List(long.MaxValue, 10), exchange => Assert.Equal(ModelOutcome.Unreachable, exchange.Outcome));
        Assert.Empty(f.Book.List(1));
        f.Options.Endpoint = f.Server.Endpoint;
        f.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(await f.AskAsync());
        Assert.Single(f.Book.List(1));
    }

    [Theory]
    [InlineData(ModelFault.HugeBody)]
    [InlineData(ModelFault.HugeBodyWithoutLength)]
    [InlineData(ModelFault.EndlessText)]
    [InlineData(ModelFault.EndlessHeaders)]
    public async Task Answers_of_32_megabytes_leave_memory_flat(ModelFault fault)
    {
        await using ModelFixture f = await ModelFixture.StartAsync();
        f.Options.BreakerSeconds = 5;
        f.Scan();
        Assert.True(await f.AskAsync());
        long before = GC.GetTotalMemory(forceFullCollection: true);
        f.Server.Fault = fault;
        for (int round = 0; round < 10; round++)
        {
            f.Clock.Advance(TimeSpan.FromMinutes(90));
            f.Scan($"203.0.113.{20 + round}");
            await f.AskAsync($"203.0.113.{20 + round}");
        }

        Assert.InRange(f.Exchanges.List(long.MaxValue, 100).Count(e => e.Outcome is ModelOutcome.TooLarge or ModelOutcome.Unreachable), 10, 20);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 8 * 1024 * 1024);
        Assert.All(f.Exchanges.List(long.MaxValue, 100), exchange => Assert.InRange(exchange.Answer.Length, 0, Exchange.MaxAnswer));
    }

    [Fact]
    public async Task The_fallback_model_is_asked_when_the_first_one_is_not_there()
    {
        await using ModelFixture f = await ModelFixture.StartAsync();
        f.Scan();
        f.Server.Fault = ModelFault.NoSuchModel;
        await f.AskAsync();
        Assert.Equal(["qwen3:0.6b", "qwen3:1.7b"], f.Exchanges.List(long.MaxValue, 10).Select(e => e.Model));
        Assert.Equal(ModelOutcome.NoSuchModel, f.Exchanges.List(long.MaxValue, 1)[0].Outcome);
    }
}
