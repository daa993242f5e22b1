using System.Net;
using Blackwall.Lab.Measure;
using Blackwall.Lab.Servers;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>What an operator does through the API acts in the kernel, and cannot lock him out.</summary>
public sealed class OperatorTests(Edge edge) : IClassFixture<Edge>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_banned_source_gets_no_answer_from_the_moment_the_api_answers_until_it_is_lifted(bool v6, bool prefix)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var attacker = edge.Network.Second;
        var source = v6 ? attacker.Addresses6[prefix ? 1 : 0] : attacker.Addresses4[prefix ? 1 : 0];
        // The prefixes hold the source and not its neighbour, which is the third address.
        var scope = prefix ? (v6 ? "2001:db8:b:2::/64" : "198.51.100.10/31") : source.ToString();

        Assert.True(await AnsweredAsync(source));

        var ban = await edge.Api.MustDecideAsync(scope, "drop", cancellation);

        Assert.True(ban.Enforced);
        Assert.False(await AnsweredAsync(source));
        Assert.True(await AnsweredAsync(v6 ? attacker.Addresses6[2] : attacker.Addresses4[2]), "a neighbour was hit");

        Assert.True(await edge.Api.LiftAsync(ban.Id, cancellation));
        Assert.True(await Tool.UntilAsync(() => AnsweredAsync(source), s_patience, cancellation));
    }

    [Theory]
    [InlineData("100.64.0.1")]
    [InlineData("100.64.0.0/16")]
    [InlineData("2001:db8:f::1")]
    [InlineData("100.64.0.2")]
    [InlineData("10.20.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("::ffff:100.64.0.1")]
    public async Task What_would_lock_the_owner_out_is_refused_with_a_reason(string scope)
    {
        foreach (var verdict in new[] { "drop", "redirect", "rate-limit" })
        {
            var answer = await edge.Api.DecideAsync(scope, verdict, TestContext.Current.CancellationToken);

            Assert.Null(answer.Decision);
            Assert.InRange(answer.Status ?? 0, 400, 499);
            Assert.False(string.IsNullOrWhiteSpace(answer.Refusal));
        }
    }

    [Fact]
    public async Task A_ban_cuts_a_flow_that_is_under_way()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var source = edge.Network.Second.Addresses4[4];
        using var probe = EchoProbe.Start(edge.Network.Second.OpenUdp(source), Echo(source), TimeSpan.FromMilliseconds(10));
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(probe.Answered > 10), s_patience, cancellation));

        await edge.Api.MustDecideAsync(source.ToString(), "drop", cancellation);
        await Tool.PauseAsync(TimeSpan.FromMilliseconds(200), cancellation);
        var (sent, answered) = (probe.Sent, probe.Answered);
        Assert.True(await Tool.UntilAsync(() => Task.FromResult(probe.Sent > sent + 50), s_patience, cancellation));

        Assert.Equal(answered, probe.Answered);
    }

    private IPEndPoint Echo(IPAddress source) =>
        new(source.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? edge.Network.Server.Addresses4[0] : edge.Network.Server.Addresses6[0], ProtectedServer.EchoPort);

    private async Task<bool> AnsweredAsync(IPAddress source)
    {
        using var probe = EchoProbe.Start(edge.Network.Second.OpenUdp(source), Echo(source), TimeSpan.FromMilliseconds(20));
        return await Tool.UntilAsync(() => Task.FromResult(probe.Answered > 0), TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken);
    }
}
