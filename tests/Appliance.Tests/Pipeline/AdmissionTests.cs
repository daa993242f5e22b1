using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Pipeline;

public class AdmissionTests
{
    [Theory]
    [InlineData(Verdict.Drop)]
    [InlineData(Verdict.RedirectToTarpit)]
    public void Local_detection_blocks_only_on_evidence_that_cannot_be_forged(Verdict verdict)
    {
        using BoardFixture f = new();
        Assert.Contains("rate limit", f.Automatic("9.1.2.3", Origin.Local, verdict, evidence: null).Refusal, StringComparison.Ordinal);
        Assert.Contains("rate limit", f.Automatic("9.1.2.3", Origin.Local, verdict, evidence: EvidenceClass.Spoofable).Refusal, StringComparison.Ordinal);
        Assert.Null(f.Automatic("9.1.2.3", Origin.Local, Verdict.RateLimit, evidence: EvidenceClass.Spoofable).Refusal);
        Assert.Null(f.Automatic("9.1.2.3", Origin.Local, verdict, evidence: EvidenceClass.Handshake).Refusal);
        Assert.Null(f.Automatic("9.1.2.4", Origin.Local, verdict, evidence: EvidenceClass.Application).Refusal);
        Assert.Equal(2, new BoardStats(f.Board).Read()["refusedEvidenceForgeable"]);
    }

    [Theory]
    [InlineData(false, true, "203.0.113.9", "2001:db8::9", "IPv4 (kernel.tarpit.address4 and port4)")]
    [InlineData(true, false, "2001:db8::9", "203.0.113.9", "IPv6 (kernel.tarpit.address6 and port6)")]
    public void Nothing_is_redirected_where_the_family_has_no_tarpit(bool four, bool six, string without, string with, string named)
    {
        using BoardFixture f = new(new BoardOptions { CanRedirect4 = four, CanRedirect6 = six });
        PublishResult refused = f.Operator(without, Verdict.RedirectToTarpit);
        Assert.Equal(($"No tarpit is configured for {named}; redirected packets would simply pass.", "verdict"), (refused.Refusal, refused.Field));
        Assert.Null(f.Operator(with, Verdict.RedirectToTarpit).Refusal);
        Assert.Equal(Verdict.Drop, f.Automatic(without, Origin.Local, Verdict.RedirectToTarpit).Decision!.Verdict);
        f.Board.Lift(f.Board.Rules.For(Prefix.Parse(with))!.Id, "tester", out _);
        Assert.Equal(Verdict.RedirectToTarpit, f.Automatic(with, Origin.Local, Verdict.RedirectToTarpit).Decision!.Verdict);
    }

    [Theory]
    [InlineData("64:ff9b::/96", true)]
    [InlineData("64:ff9b::/64", true)]
    [InlineData("64:ff9b::/103", true)]
    [InlineData("64:ff9b::/104", false)]
    [InlineData("64:ff9b::192.0.2.1", false)]
    [InlineData("2002::/16", true)]
    [InlineData("2002::/23", true)]
    [InlineData("2002::/24", false)]
    [InlineData("2002:c000:201::/48", false)]
    [InlineData("2003::/23", false)]
    public void A_scope_of_IPv6_that_carries_IPv4_is_as_wide_as_what_it_carries(string scope, bool isWide) =>
        Assert.Equal(isWide ? scope : null, WideScope.Find([Prefix.Parse(scope)]));

    [Fact]
    public void Evidence_about_another_address_proves_nothing()
    {
        using BoardFixture f = new();
        Evidence elsewhere = new(0, Address.Parse("9.9.9.9"), "port-scan", EvidenceClass.Application, 1, f.Clock.GetUtcNow(), "x");
        Assert.NotNull(f.Board.Publish(new DecisionRequest(Prefix.Parse("9.1.2.3"), Verdict.Drop, Origin.Local, "x", 1, null, [elsewhere], null, "t")).Refusal);
    }

    [Theory]
    [InlineData(Origin.Local)]
    [InlineData(Origin.Model)]
    [InlineData(Origin.Mesh)]
    [InlineData(Origin.Feed)]
    public void Nothing_automatic_allows(Origin origin)
    {
        using BoardFixture f = new();
        Assert.NotNull(f.Automatic("9.1.2.3", origin, Verdict.Pass).Refusal);
    }

    [Fact]
    public void A_model_never_asks_for_more_than_a_rate_limit()
    {
        using BoardFixture f = new();
        Assert.NotNull(f.Automatic("9.1.2.3", Origin.Model, Verdict.Drop).Refusal);
        Assert.NotNull(f.Automatic("9.1.2.3", Origin.Model, Verdict.RedirectToTarpit).Refusal);
        Assert.Null(f.Automatic("9.1.2.3", Origin.Model, Verdict.RateLimit).Refusal);
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("192.168.0.0/16")]
    [InlineData("100.64.0.1")]
    [InlineData("203.0.113.0/24")]
    [InlineData("fd00::1")]
    [InlineData("2001:db8::/32")]
    [InlineData("64:ff9b::1")]
    public void Private_and_reserved_space_is_refused_to_feeds_and_mesh_but_not_to_those_who_can_know(string scope)
    {
        using BoardFixture f = new();
        Assert.NotNull(f.Automatic(scope, Origin.Feed).Refusal);
        Assert.NotNull(f.Automatic(scope, Origin.Mesh).Refusal);
        Assert.Null(f.Operator(scope).Refusal);
    }

    [Theory]
    [InlineData(Origin.Feed, "8.0.0.0/7", "9.0.0.0/8")]
    [InlineData(Origin.Mesh, "2a00::/12", "2a00::/19")]
    [InlineData(Origin.Local, "9.1.0.0/16", "9.1.2.0/24")]
    [InlineData(Origin.Local, "2a00::/32", "2a00:1:2::/48")]
    public void A_scope_that_is_too_wide_for_its_origin_is_refused(Origin origin, string tooWide, string wideEnough)
    {
        using BoardFixture f = new();
        Assert.NotNull(f.Automatic(tooWide, origin).Refusal);
        Assert.Null(f.Automatic(wideEnough, origin).Refusal);
    }

    [Fact]
    public void A_full_board_refuses_with_a_reason_and_keeps_places_for_the_operator()
    {
        using BoardFixture f = new(new BoardOptions { MaxDecisions = 128 });
        int accepted = Enumerable.Range(0, 200).Count(i => f.Automatic($"9.1.0.{i}", Origin.Feed).Refusal is null);
        Assert.Equal(126, accepted);
        Assert.Equal(74, new BoardStats(f.Board).Read()["refusedFull"]);
        Assert.Null(f.Automatic("9.1.0.1", Origin.Feed, ttl: TimeSpan.FromDays(2)).Refusal);
        Assert.Null(f.Operator("9.2.0.1").Refusal);
        Assert.Null(f.Operator("9.2.0.2").Refusal);
        Assert.Contains("full", f.Operator("9.2.0.3").Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Nonsense_is_refused_and_nothing_throws()
    {
        using BoardFixture f = new();
        DecisionRequest good = new(Prefix.Parse("9.1.2.3"), Verdict.Drop, Origin.Operator, "x", 1, null, [], null, "t");
        DecisionRequest[] bad =
        [
            good with { Confidence = double.NaN },
            good with { Confidence = 1.1 },
            good with { Ttl = TimeSpan.Zero },
            good with { Ttl = TimeSpan.FromSeconds(-1) },
            good with { Reason = "" },
            good with { Reason = new string('x', 65) },
            good with { Comment = new string('x', 1025) },
            good with { Verdict = (Verdict)9 },
            good with { Origin = (Origin)9 },
            good with { Scope = new Prefix(Address.Parse("9.1.2.3"), 24) },
        ];
        Assert.All(bad, request => Assert.NotNull(f.Board.Publish(request).Refusal));
        Assert.Null(f.Board.Publish(good with { Ttl = TimeSpan.MaxValue }).Refusal);
        Assert.Equal(1, new BoardStats(f.Board).Read()["decisions"]);
    }
}
