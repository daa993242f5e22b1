using System.Text.Json.Nodes;
using Blackwall.Lab.Edge;
using Blackwall.Lab.Story.Scenes;
using Blackwall.Lab.Tools;

namespace Blackwall.EndToEnd;

/// <summary>Who guesses passwords is diverted by the wall, comes in at the tarpit, and all that he does is told.</summary>
public sealed class TarpitTests(TarpitTests.TarpitEdge edge) : IClassFixture<TarpitTests.TarpitEdge>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hydra_is_diverted_finds_a_password_and_what_the_intruder_does_is_told(bool v6)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var guest = await edge.Network.AddGuestAsync(v6 ? 2 : 1);
        var (source, target) = v6 ? (guest.Addresses6[0], edge.Network.Server.Addresses6[0]) : (guest.Addresses4[0], edge.Network.Server.Addresses4[0]);
        var guessing = await guest.Network.TryAsync(
            ["hydra", "-I", "-f", "-l", "root", "-P", DeceptionScene.WordList(edge.Stage), "-t", "4", "-w", "10", v6 ? "-6" : "-4", $"ssh://{(v6 ? $"[{target}]" : target)}:22"], s_limit, cancellation);
        var decision = await edge.Api.WaitForDecisionAsync(source, d => d.Verdict is "redirect", TimeSpan.FromSeconds(10), cancellation);
        Assert.Equal("local", decision?.Origin);
        var password = DeceptionScene.FoundPassword(guessing.Output);
        Assert.True(password is not null, guessing.Output);

        var printed = await Intruder.WorkAsync(guest, edge.Stage.Run, source, target, password!, cancellation);
        Assert.Contains("-generic", printed, StringComparison.Ordinal);
        Assert.Contains("infected", printed, StringComparison.Ordinal);
        Assert.Contains("* * * * * /tmp/.x", printed, StringComparison.Ordinal);

        var sessions = await DeceptionScene.SessionsAsync(edge.Api, $"{source}", Intruder.Commands.Count, cancellation);
        Assert.Equal(Intruder.Commands.Count, sessions.Count);
        Assert.All(sessions, session => Assert.Equal(($"{target}", 22, "root"), ((string)session["destination"]!, (int)session["destinationPort"]!, (string)session["user"]!)));
        Assert.Contains("tarpit-intrusion", await edge.Api.EvidenceKindsAsync(source, cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_guesser_at_a_web_form_is_diverted_and_what_he_does_to_the_website_is_told(bool v6)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var guest = await edge.Network.AddGuestAsync(v6 ? 5 : 4);
        var (source, target) = v6 ? (guest.Addresses6[0], edge.Network.Server.Addresses6[0]) : (guest.Addresses4[0], edge.Network.Server.Addresses4[0]);
        Assert.Equal("redirect", await DeceptionScene.DivertAtFormAsync(edge.Stage, guest, source, target, cancellation));

        var loot = await WebIntruder.WorkAsync(guest, edge.Stage.Run, target, GuessingActs.WordList(edge.Stage), cancellation);
        Assert.True(loot.Password is not null, loot.Users);
        Assert.Contains($"{loot.User}@", loot.Users, StringComparison.Ordinal);
        Assert.Contains("Plugin installed successfully", loot.Installed, StringComparison.Ordinal);

        var session = await DeceptionScene.WebSessionAsync(edge.Api, $"{source}", cancellation);
        Assert.Equal(($"{target}", 80), ((string)session!["destination"]!, (int)session["destinationPort"]!));
        var events = (await edge.Api.ReadAsync($"sessions/{session["id"]}/events", cancellation))["items"]!.AsArray();
        Assert.Equal(WebIntruder.PluginName, (string)events.Single(happened => (string)happened!["kind"]! is "upload")!["name"]!);
        var kinds = await edge.Api.EvidenceKindsAsync(source, cancellation);
        Assert.Contains("tarpit-login", kinds);
        Assert.Contains("tarpit-intrusion", kinds);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_is_diverted_meets_the_services_at_the_ports_that_he_asks_for(bool v6)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var guest = await edge.Network.AddGuestAsync(v6 ? 9 : 8);
        var (source, target) = v6 ? (guest.Addresses6[0], edge.Network.Server.Addresses6[0]) : (guest.Addresses4[0], edge.Network.Server.Addresses4[0]);
        await edge.Api.MustDecideAsync($"{source}", "redirect", cancellation);

        // The third password of an address is right.
        string databases = "";
        for (int i = 0; i < 4 && !databases.Contains("wordpress", StringComparison.Ordinal); i++)
        {
            databases += (await guest.Network.TryAsync(["mariadb", "--no-defaults", "-h", $"{target}", "-u", "root", $"-pguess{i}", "-N", "-e", "SHOW DATABASES"], s_limit, cancellation)).Output;
        }

        Assert.Contains("wordpress", databases, StringComparison.Ordinal);
        var version = await guest.Network.TryAsync(["dig", "+tcp", "+short", $"@{target}", "version.bind", "CH", "TXT"], s_limit, cancellation);
        Assert.Contains("9.18.", version.Output, StringComparison.Ordinal);
        Assert.Contains("tarpit-login", await edge.Api.EvidenceKindsAsync(source, cancellation));
    }

    [Fact]
    public async Task Nobody_reaches_the_tarpit_but_by_diversion()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var guest = await edge.Network.AddGuestAsync(3);
        using var direct = await guest.ConnectAsync(new System.Net.IPEndPoint(Blackwall.Lab.Network.LabNetwork.EdgeWan4, 18_022), guest.Addresses4[0], TimeSpan.FromSeconds(2), cancellation);
        Assert.Null(direct);
        JsonNode health = await edge.Api.ReadAsync("health/ready", cancellation);
        Assert.Null(health["faults"]!["tarpit"]);
    }

    /// <summary>A wall with its own tarpit.</summary>
    public sealed class TarpitEdge : Edge
    {
        protected override ApplianceSettings Settings { get; } = new(Response: "auto", Tarpit: true);
    }
}
