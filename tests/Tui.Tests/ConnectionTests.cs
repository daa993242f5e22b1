using Blackwall.Decisions;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Blackwall.Events;
using Blackwall.Tests.Tui.Fake;
using Terminal.Gui.Input;
using Xunit;

namespace Blackwall.Tests.Tui;

public sealed class ConnectionTests
{
    [Fact]
    public async Task An_appliance_that_goes_away_is_told_with_the_time_and_comes_back_by_itself()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        int port = fake.Api.Port;
        using ConsoleOnScreen console = new(fake.Api);
        await console.Shows("live");
        await fake.DisposeAsync();
        await console.Pass(1);
        string screen = await console.Shows("No answer since 12:00:01Z");
        Assert.Contains("of 12:00:00Z.", screen, StringComparison.Ordinal);
        Assert.Matches(@"seen +stale", screen);
        await using FakeAppliance again = await FakeAppliance.StartAsync(port: port);
        await console.Pass(20);
        await console.Shows("live");
        await console.ShowsNo("No answer");
    }

    [Theory]
    [InlineData(401, "The key is not known.", "start again with --key-file")]
    [InlineData(403, "Not with this key.", "This key may not do that")]
    [InlineData(429, "Too many wrong keys from this address.", "Asked again in 30 s")]
    public async Task A_refused_key_is_explained(int status, string detail, string sentence)
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Instead = async context =>
        {
            context.Response.Headers.RetryAfter = "30";
            await FakeAppliance.Refuse(context, status, detail);
            return true;
        };
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        string screen = await console.Shows(sentence);
        Assert.Contains(detail, screen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_to_wait_does_not_ask_before()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        fake.Instead = async context =>
        {
            context.Response.Headers.RetryAfter = "30";
            await FakeAppliance.Refuse(context, 429, "Too many wrong keys from this address.");
            return true;
        };
        using ConsoleOnScreen console = new(fake.Api);
        await console.Shows("Too many wrong keys");
        int stats() => fake.Asked.Count(asked => asked.EndsWith("/stats", StringComparison.Ordinal));
        await console.Pass(29);
        Assert.Equal(1, stats());
        await console.Pass(2);
        Assert.Equal(2, stats());
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_explained_and_gets_no_key()
    {
        using RSA key = RSA.Create(2048);
        CertificateRequest request = new("CN=edge", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, FakeAppliance.Noon.AddYears(100));
        await using FakeAppliance fake = await FakeAppliance.StartAsync(certificate);
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        await console.Shows("is not trusted");
        Assert.Empty(fake.Asked);
    }

    [Fact]
    public async Task Events_arrive_pause_and_go_on_and_a_gap_is_told()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        using ConsoleOnScreen console = new(fake.Api, width: 120);
        console.Press(Key.D5);
        await console.Until(() => fake.Streams == 1);
        Tell(fake, 1);
        await console.Shows("created by appliance: drop 198.18.0.1");
        console.Type("p");
        Tell(fake, 2);
        await console.Shows("PAUSED, 1 new");
        Assert.DoesNotContain("198.18.0.2", console.Screen, StringComparison.Ordinal);
        console.Type("p");
        await console.Shows("198.18.0.2");
        fake.Tell("x-3", "gap", new GapBody(17), EventJson.Default.GapBody);
        await console.Shows("17 events were missed");
        console.Type("/");
        console.Type("198.18.0.1");
        console.Press(Key.Enter);
        await console.ShowsNo("198.18.0.2");
        console.Press(Key.Enter);
        await console.Shows("198.18.0.1 is dropped by decision");
    }

    [Fact]
    public async Task A_broken_stream_goes_on_after_the_last_event_that_came()
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();
        List<string> resumed = [];
        fake.Instead = context =>
        {
            if (context.Request.Path.Value!.EndsWith("/events", StringComparison.Ordinal))
            {
                lock (resumed)
                {
                    resumed.Add(context.Request.Headers["Last-Event-ID"].ToString());
                }
            }

            return Task.FromResult(false);
        };
        using ConsoleOnScreen console = new(fake.Api);
        await console.Until(() => fake.Streams == 1);
        Tell(fake, 7);
        await console.Shows("198.18.0.7");
        fake.Hang();
        await console.Shows("The appliance ended the stream of events.");
        await console.Pass(2);
        await console.Until(() => fake.Streams == 1);
        Assert.Equal(["", "x-7"], resumed);
    }

    private static void Tell(FakeAppliance fake, long id) => fake.Tell(
        string.Create(CultureInfo.InvariantCulture, $"x-{id}"),
        "decision",
        new DecisionEventBody("created", "appliance", 1, FakeAppliance.Noon, fake.DecisionOf(id)),
        DecisionJson.Default.DecisionEventBody);
}
