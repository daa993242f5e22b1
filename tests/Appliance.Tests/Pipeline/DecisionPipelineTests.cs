using System.ComponentModel.DataAnnotations;
using Blackwall.Behavior;
using Blackwall.Behavior.Settings;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Stages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace Blackwall.Tests.Pipeline;

public sealed class DecisionPipelineTests
{
    private static readonly DecisionRequest Request = new(
        Prefix.Parse("198.51.100.7"), Verdict.RateLimit, Origin.Local, "port-scan", 0.5, null, [], null, "appliance");

    [Fact]
    public void Every_event_and_sample_runs_through_all_stages_in_order()
    {
        List<string> calls = [];
        var pipeline = new DecisionPipeline([new Recorder("a", calls), new Recorder("b", calls)], new PublishQueue());
        PacketEvent packet = default;
        SampleHeader header = default;
        pipeline.Observe(in packet);
        pipeline.Observe(in header, [1, 2, 3]);
        Assert.Equal(["a event", "b event", "a sample 3", "b sample 3"], calls);
        Assert.Equal((1, 1), (pipeline.Stats.Events, pipeline.Stats.Samples));
    }

    [Fact]
    public void Lifted_and_refused_decisions_reach_the_stages_before_the_next_event()
    {
        List<string> calls = [];
        var pipeline = new DecisionPipeline([new Recorder("a", calls)], new PublishQueue());
        pipeline.Forget(Prefix.Parse("10.0.0.0/8"));
        pipeline.Exempt(Prefix.Parse("192.0.2.1"));
        Assert.Empty(calls);
        PacketEvent packet = default;
        pipeline.Observe(in packet);
        Assert.Equal(["a forget 10.0.0.0/8", "a exempt 192.0.2.1", "a event"], calls);
    }

    [Fact]
    public void What_one_stage_makes_of_a_packet_reaches_all_of_them_at_once()
    {
        List<string> calls = [];
        var pipeline = new DecisionPipeline([new Recorder("a", calls), new Recorder("b", calls) { Shows = true }, new Recorder("c", calls)], new PublishQueue());
        PacketEvent packet = default;
        pipeline.Observe(in packet);
        Assert.Equal(["a event", "b event", "a sign Request", "b sign Request", "c sign Request", "c event"], calls);
    }

    [Fact]
    public void Feedback_that_nobody_hears_is_bounded_and_counted()
    {
        var pipeline = new DecisionPipeline([], new PublishQueue());
        for (int i = 0; i < 5000; i++)
        {
            pipeline.Forget(Request.Scope);
        }

        Assert.Equal(5000 - 4096, pipeline.Stats.FeedbackDropped);
    }

    [Fact]
    public void A_full_queue_drops_and_counts_and_never_blocks()
    {
        var queue = new PublishQueue(4);
        for (int i = 0; i < 10; i++)
        {
            queue.Decide(Request);
        }

        Assert.Equal((10, 6), (queue.Requested, queue.Dropped));
    }

    [Fact]
    public async Task Findings_reach_the_board_and_the_journals_and_a_failing_board_stops_nothing()
    {
        var queue = new PublishQueue();
        var board = new Board { Fail = true };
        List<Evidence> journal = [];
        var failures = 0;
        using var stop = new CancellationTokenSource();
        queue.Decide(Request);
        Task run = queue.RunAsync(board, [new Journal(journal)], (_, _) => { }, _ => { failures++; board.Fail = false; }, stop.Token);
        queue.Decide(Request);
        queue.Record(new Evidence(0, Request.Scope.Network, "target-flood", EvidenceClass.Spoofable, 0.5, DateTimeOffset.UnixEpoch, "x"));
        await WaitUntil(() => journal.Count == 1);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Equal(1, failures);
        Assert.Single(board.Requests);
        Assert.Equal((1, 1), (queue.Published, queue.Dropped));
    }

    [Fact]
    public async Task The_registered_detection_publishes_a_scan_and_exempts_a_source_that_the_board_guards()
    {
        var board = new Board { Refusal = "guarded" };
        var builder = new HostApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IDecisionSink>(board);
        builder.Services.AddDetection();
        using IHost host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        DecisionPipeline pipeline = host.Services.GetRequiredService<DecisionPipeline>();
        Scan(pipeline, 1_000_000_000);
        await WaitUntil(() => board.Requests.Count == 1 && pipeline.Stats.Refused == 1);
        for (ulong second = 2; second < 200; second++)
        {
            Scan(pipeline, second * 1_000_000_000);
        }

        await host.StopAsync(TestContext.Current.CancellationToken);
        Assert.Single(board.Requests);
        Assert.Equal("port-scan", board.Requests[0].Reason);
    }

    [Fact]
    public void Thresholds_outside_their_range_are_refused_at_start()
    {
        var builder = new HostApplicationBuilder();
        builder.Services.AddSingleton<IDecisionSink>(new Board());
        builder.Services.AddDetection();
        builder.Services.Configure<DetectionOptions>(options => options.ScanPorts = 0);
        using IHost host = builder.Build();
        Assert.Throws<OptionsValidationException>(() => host.Start());
    }

    [Fact]
    public void Every_threshold_has_a_range_and_a_default_within_it()
    {
        var options = new DetectionOptions();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        Assert.All(
            typeof(DetectionOptions).GetProperties().Where(p => p.PropertyType == typeof(int) || p.PropertyType == typeof(double)),
            property => Assert.NotEmpty(property.GetCustomAttributes(typeof(RangeAttribute), inherit: false)));
    }

    private static void Scan(DecisionPipeline pipeline, ulong start)
    {
        for (int port = 1; port <= 40; port++)
        {
            PacketEvent packet = Behavior.Traffic.Make(
                EventKind.FlowOpen, Request.Scope.Network, port, Address.Parse("192.0.2.1"), 6, 40000, start + ((ulong)port * 1000));
            pipeline.Observe(in packet);
        }
    }

    private static async Task WaitUntil(Func<bool> condition)
    {
        for (int i = 0; i < 1000 && !condition(); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.True(condition());
    }

    private sealed class Board : IDecisionSink
    {
        public bool Fail { get; set; }

        public string? Refusal { get; init; }

        public List<DecisionRequest> Requests { get; } = [];

        public PublishResult Publish(DecisionRequest request)
        {
            if (Fail)
            {
                throw new InvalidOperationException("the board is broken");
            }

            Requests.Add(request);
            return new PublishResult(null, Refusal, 1);
        }
    }

    private sealed class Journal(List<Evidence> evidence) : IEvidenceSink
    {
        public void Record(Evidence item) => evidence.Add(item);
    }

    private sealed class Recorder(string name, List<string> calls) : IStage
    {
        public bool Shows { get; init; }

        public void Observe(in PacketEvent packet, IFindings findings)
        {
            calls.Add($"{name} event");
            if (Shows)
            {
                findings.Publish(default);
            }
        }

        public void OnSign(in Sign sign, IFindings findings) => calls.Add($"{name} sign {sign.Kind}");

        public void Observe(in SampleHeader header, ReadOnlySpan<byte> data, IFindings findings) => calls.Add($"{name} sample {data.Length}");

        public void Forget(Prefix scope) => calls.Add($"{name} forget {scope}");

        public void Exempt(Prefix scope) => calls.Add($"{name} exempt {scope}");
    }
}
