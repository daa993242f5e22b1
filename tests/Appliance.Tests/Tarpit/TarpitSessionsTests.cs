using System.Globalization;
using Blackwall.Bridges.Tarpit;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Blackwall.Tarpit.Recording;
using Blackwall.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Blackwall.Tests.Tarpit;

/// <summary>Sessions that the tarpit's process never ends take no place from new ones.</summary>
public sealed class TarpitSessionsTests
{
    [Fact]
    public void The_oldest_makes_room()
    {
        TarpitSessions sessions = new(2);
        Address source = Address.Parse("192.0.2.1");
        Assert.Null(sessions.Begin("a", source));
        Assert.Null(sessions.Begin("b", source));
        Assert.Equal("a", sessions.Begin("c", source));
        Assert.False(sessions.TryFind("a", out _));
        Assert.True(sessions.TryFind("b", out _));
        sessions.End("b");
        Assert.Null(sessions.Begin("d", source));
        Assert.Equal("c", sessions.Begin("e", source));
        Assert.Equal(["d", "e"], sessions.Ids.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task After_65536_sessions_without_an_end_the_next_one_still_has_evidence()
    {
        using ApplianceFactory appliance = new("[tarpit]\nenabled = true\nisolation = \"none\"\n");
        TarpitTranslator translator = appliance.Services.GetRequiredService<TarpitTranslator>();
        for (int i = 0; i < 65_536; i++)
        {
            // Without a destination nothing of it is written to the disk.
            translator.Translate(i.ToString("x12", CultureInfo.InvariantCulture), new Observation(ObservationKinds.Connect) { Protocol = "ssh", Source = "198.51.100.1:1" });
        }

        translator.Translate("ffffffffffff", new Observation(ObservationKinds.Connect) { Protocol = "ssh", Source = "203.0.113.77:1", Destination = "192.0.2.2:22" });
        translator.Translate("ffffffffffff", new Observation(ObservationKinds.Login) { User = "root", Secret = "x", Success = false });
        IReadOnlyList<Evidence> seen;
        do
        {
            seen = await appliance.Services.GetRequiredService<EvidenceStore>().OfAsync(Address.Parse("203.0.113.77"), 10, TestContext.Current.CancellationToken);
        }
        while (seen.Count == 0);
        Assert.Contains(seen, piece => piece.Kind is TarpitTranslator.LoginKind);
    }
}
