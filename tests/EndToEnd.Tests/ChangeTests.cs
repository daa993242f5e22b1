using System.Net;
using System.Text.Json.Nodes;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>Changes on trial, and a wall whose appliance is silent.</summary>
public sealed class ChangeTests(Edge edge) : IClassFixture<Edge>
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_that_nobody_confirms_is_taken_back_by_a_living_appliance_and_by_none(bool killed)
    {
        var source = edge.Network.Second.Addresses4[0];
        using var probe = Probe(source);
        Assert.True(await AnswersAsync(probe));
        var change = await edge.Api.TryRuleAsync(source.ToString(), "drop", 6, Cancellation);
        await FallsSilentAsync(probe);
        if (killed)
        {
            await edge.Stage.Appliance.CrashAsync();
        }

        Assert.True(await AnswersAsync(probe));
        var late = TimeProvider.System.GetUtcNow() - change.Deadline!.Value;
        Assert.True(late > TimeSpan.FromMilliseconds(-50), $"taken back {-late} early");
        if (killed)
        {
            await edge.Stage.Appliance.StartAsync(new ApplianceSettings(), Cancellation);
        }

        Assert.True(await Tool.UntilAsync(async () => (await edge.Api.ChangeAsync(change.Id!.Value, Cancellation)).State is "reverted", s_patience, Cancellation), edge.Stage.Appliance.Describe());
        Assert.DoesNotContain(await edge.Api.DecisionsAsync(source, Cancellation), d => d.Origin is "operator");
        Assert.True(await AnswersAsync(probe));
    }

    [Fact]
    public async Task A_trial_goes_on_over_a_restart_and_can_be_confirmed_by_the_next_process()
    {
        var source = edge.Network.Second.Addresses4[1];
        using var probe = Probe(source);
        Assert.True(await AnswersAsync(probe));
        var change = await edge.Api.TryRuleAsync(source.ToString(), "drop", 60, Cancellation);
        await edge.Stage.Appliance.CrashAsync();
        await edge.Stage.Appliance.StartAsync(new ApplianceSettings(), Cancellation);
        Assert.Equal("trial", (await edge.Api.ChangeAsync(change.Id!.Value, Cancellation)).State);
        Assert.Null((await edge.Api.ConfirmAsync(change.Id!.Value, Cancellation)).Failure);
        await FallsSilentAsync(probe);
        Assert.Equal(1, await edge.Api.LiftAllAsync(source, Cancellation));
        Assert.True(await AnswersAsync(probe));
    }

    [Theory]
    [InlineData("closed", false)]
    [InlineData("open", true)]
    [InlineData("last", null)]
    public async Task A_silent_appliance_leaves_the_wall_as_configured(string whenSilent, bool? everything)
    {
        // null: the last policy; false: nobody new; true: everybody.
        var (banned, stranger) = (edge.Network.Second.Addresses4[2], edge.Network.Second.Addresses4[3]);
        await edge.Stage.Appliance.HandOverAsync();
        var settings = new ApplianceSettings { Extra = "[rules]\nallowlist = [\"192.0.2.1\"]" };
        await edge.Stage.Appliance.StartAsync(
            settings with
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["BLACKWALL_NETWORK__WHEN_SILENT"] = whenSilent,
                    ["BLACKWALL_NETWORK__SILENT_SECONDS"] = "5",
                },
            },
            Cancellation);
        await edge.Api.MustDecideAsync(banned.ToString(), "drop", Cancellation);
        await edge.Stage.Appliance.CrashAsync();

        if (everything is { } open)
        {
            Assert.True(await Tool.UntilAsync(async () => await NewFlowAsync(open ? banned : stranger) == open, s_patience, Cancellation));
        }

        Assert.Equal(everything ?? true, await NewFlowAsync(stranger));
        Assert.Equal(everything ?? false, await NewFlowAsync(banned));

        await edge.Stage.Appliance.StartAsync(new ApplianceSettings(), Cancellation);
        Assert.True(await NewFlowAsync(stranger));
        Assert.False(await NewFlowAsync(banned));
        await edge.Api.LiftAllAsync(banned, Cancellation);
    }

    [Fact]
    public async Task The_operator_turns_enforcement_on_with_one_command_and_confirms_it()
    {
        var turned = await edge.Stage.Appliance.CtlAsync(["observe", "--within", "60s", "--json"], Cancellation);
        Assert.Equal(0, turned.ExitCode);
        Assert.Equal("observe", (await edge.Api.StatsAsync(Cancellation)).Mode);
        var change = JsonNode.Parse(turned.Output)!;
        Assert.Equal(0, (await edge.Stage.Appliance.CtlAsync(["revert", $"{change["id"]}"], Cancellation)).ExitCode);
        Assert.Equal("enforce", (await edge.Api.StatsAsync(Cancellation)).Mode);
    }

    private EchoProbe Probe(IPAddress source) =>
        EchoProbe.Start(edge.Network.Second.OpenUdp(source), new IPEndPoint(edge.Network.Server.Addresses4[0], ProtectedServer.EchoPort), s_interval);

    private async Task<bool> NewFlowAsync(IPAddress source)
    {
        using var probe = Probe(source);
        return await AnswersAsync(probe, TimeSpan.FromMilliseconds(400));
    }

    private static async Task FallsSilentAsync(EchoProbe probe)
    {
        // What was under way when the change came into force may still arrive.
        await Tool.PauseAsync(TimeSpan.FromMilliseconds(200), Cancellation);
        Assert.False(await AnswersAsync(probe, TimeSpan.FromMilliseconds(300)));
    }

    private static Task<bool> AnswersAsync(EchoProbe probe, TimeSpan? limit = null)
    {
        var answered = probe.Answered;
        return Tool.UntilAsync(() => Task.FromResult(probe.Answered > answered), limit ?? s_patience, Cancellation);
    }
}
