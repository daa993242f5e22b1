using System.Net;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Network;
using Blackwall.Lab.Tools;

namespace Blackwall.Lab.Story;

/// <summary>Attacking tools, watched on both sides of the wall.</summary>
/// <param name="Attacker">The host they run on.</param>
/// <param name="Source">The address they attack from.</param>
/// <param name="Target">A service that this source can reach before it is blocked.</param>
/// <param name="Commands">Command lines, played one after the other, again and again until all is measured.</param>
/// <param name="Limit">How long to wait for a decision.</param>
public sealed record Assault(LabHost Attacker, IPAddress Source, IPEndPoint Target, IReadOnlyList<IReadOnlyList<string>> Commands, TimeSpan Limit)
{
    /// <summary>Which of the source's packets are counted, in tcpdump's language.</summary>
    public string Counted { get; init; } = "(tcp or udp or icmp or icmp6)";

    /// <summary>A decision is in the kernel within milliseconds, on a machine with time to spare.</summary>
    private static readonly TimeSpan s_enforcementLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long the attack goes on against the standing wall.</summary>
    private static readonly TimeSpan s_aftermath = TimeSpan.FromSeconds(2);

    /// <summary>Between two rounds, so that a tool that fails at once does not spin.</summary>
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan s_commandLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(2);

    /// <summary>Attacks until a decision of the wanted kind stands, goes on a little, and takes stock.</summary>
    public async Task<AssaultReport> RunAsync(Stage stage, Func<DecisionView, bool> wanted, CancellationToken cancellation)
    {
        await Attacker.SpeakAsAsync(Source);
        var filter = $"src host {Source} and {Counted}";
        await using var outside = await Capture.StartAsync(stage.Run, stage.Network.Outside, "toedge", filter, cancellation);
        await using var inside = await Capture.StartAsync(stage.Run, stage.Network.Server.Network, LabHost.Interface, filter, cancellation);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var attack = AttackAsync(end.Token);
        var decision = await stage.Api.WaitForDecisionAsync(Source, wanted, Limit, cancellation);
        var enforced = decision is null ? null : await EnforcedAsync(stage, decision, cancellation);
        using var connection = await Attacker.ConnectAsync(Target, Source, s_connectLimit, cancellation);
        await Tool.PauseAsync(s_aftermath, cancellation);
        await end.CancelAsync();
        await attack;
        return new AssaultReport(decision, enforced, await outside.StopAsync(), await inside.StopAsync(), connection is not null);
    }

    // When the API said so: the kernel acted on it before.
    private async Task<DateTimeOffset?> EnforcedAsync(Stage stage, DecisionView decision, CancellationToken cancellation)
    {
        var enforced = await Tool.UntilAsync(
            async () => (await stage.Api.DecisionsAsync(Source, cancellation)).Any(d => d.Id == decision.Id && d.Enforced is true), s_enforcementLimit, cancellation);
        return enforced ? TimeProvider.System.GetUtcNow() : null;
    }

    private async Task AttackAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                foreach (var command in Commands)
                {
                    await Attacker.Network.TryAsync(command, s_commandLimit, cancellation);
                }

                await Tool.PauseAsync(s_breath, cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough was seen.
        }
    }
}
