using System.Globalization;
using System.IO.Compression;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Storage;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Blackwall.Tests.Storage;

/// <summary>
/// A database of the version before claims, when two owners of one origin shared a row: written by that version with a <see cref="StoreFixture"/> on
/// 2030-01-01, one decision each second, the last one lifted again.
/// </summary>
public sealed class FormerClaimsTests
{
    private static readonly DateTimeOffset Written = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // What that version listed: id, scope, verdict, origin, reason, confidence, start, end, evidence, comment, actor; and whose claim it is now.
    private static readonly string[] Listed =
    [
        "65536 203.0.113.1 Drop Operator operator 1 00:00:00 - [] number 1 admin | operator",
        "65537 203.0.113.2 RateLimit Operator operator 1 00:00:01 2030-01-01T05:00:01 [] - console | operator",
        "65538 198.51.100.0/24 Pass Operator operator 1 00:00:02 - [] the office admin | operator",
        "65539 203.0.113.3 Drop Operator configured 1 00:00:03 - [] - config | config",
        "65540 2001:db8:7::/48 Drop Operator configured 1 00:00:04 - [] - config | config",
        "65541 203.0.113.4 Drop Operator import 1 00:00:05 - [] - config | operator",
        "65542 9.1.2.3 Drop Local port-scan 0.81 00:00:06 2030-01-01T00:10:06 [1] - appliance | appliance",
        "65543 9.1.2.3 Drop Feed listed 0.6 00:00:07 2030-01-03T00:00:07 [] - spamhaus | spamhaus",
        "65544 9.1.2.3 RateLimit Model odd 0.4 00:00:08 2030-01-01T01:00:08 [] - isolation-forest | isolation-forest",
        "65545 9.1.0.0/16 Drop Mesh brute-force 0.7 00:00:09 2030-01-02T00:00:09 [] - sensor-7 | sensor-7",
        "65546 2a00:1:2::/48 RedirectToTarpit Local brute-force 0.9 00:00:10 2030-01-01T03:00:10 [2] - appliance | appliance",
    ];

    [Fact]
    public async Task Every_decision_keeps_its_id_and_end_and_has_an_owner()
    {
        await using StoreFixture f = new();
        await Unpack(f);
        await f.StartAsync(new FakeTimeProvider(Written.AddMinutes(1)));
        Assert.Equal(Listed, f.All().OrderBy(decision => decision.Id).Select(Line));
        Assert.Equal(65_548, f.Drop("203.0.113.50").Decision!.Id);

        // Each owner renews its own, and the next start finds the same.
        Assert.Equal(65_543, f.Board.Publish(new DecisionRequest(Prefix.Parse("9.1.2.3"), Verdict.Drop, Origin.Feed, "listed", 0.6, TimeSpan.FromDays(1), [], null, "spamhaus")).Decision!.Id);
        await f.StartAsync(new FakeTimeProvider(Written.AddMinutes(2)));
        Assert.Equal(Listed, f.All().Where(decision => decision.Id < 65_547).OrderBy(decision => decision.Id).Select(Line));
    }

    [Fact]
    public async Task Rules_of_the_file_stay_the_configurations_and_what_a_list_says_becomes_the_lists()
    {
        await using StoreFixture f = new();
        await Unpack(f);
        await f.StartAsync(new FakeTimeProvider(Written.AddMinutes(1)));
        Assert.Equal(["2001:db8:7::/48", "203.0.113.3"], f.Board.ScopesOf(ClaimOwner.Configuration).Select(scope => $"{scope}").Order(StringComparer.Ordinal));
        ClaimOwner list = ClaimOwner.File("/etc/blackwall/list.netset");
        Assert.Equal(1, f.Board.HandOver(ClaimOwner.Configuration, list, [Prefix.Parse("203.0.113.3")]));
        Assert.False(f.Board.Reconcile(list, [new Claim(Prefix.Parse("203.0.113.3"), Verdict.Drop, ConfiguredRule.Reason)], ConfiguredRule.Actor).IsChange);
        await f.StartAsync(new FakeTimeProvider(Written.AddMinutes(2)));
        Assert.Equal((65_539, list.Name), (f.Board.Rules.For(Prefix.Parse("203.0.113.3"))!.Id, f.Board.Rules.For(Prefix.Parse("203.0.113.3"))!.Owner));
    }

    [Fact]
    public async Task Evidence_without_facts_stays_readable_and_new_evidence_has_them()
    {
        await using StoreFixture f = new();
        await Unpack(f);
        await f.StartAsync(new FakeTimeProvider(Written.AddMinutes(1)));
        Evidence fresh = f.Board.Witness(Evidence.Create(Address.Parse("9.1.2.3"), "phase", EvidenceClass.Spoofable, 0, Written, new EvidenceFacts(CommonFindings.AddedUp) { Pieces = 3 }));
        f.Inbox.Record(fresh);
        IReadOnlyList<Evidence> found = await new EvidenceStore(f.Database, f.Queue).FindAsync([1, fresh.Id], StoreFixture.Cancellation);
        Assert.Equal(("completed 12 handshakes at different ports or hosts in 2.0 s and said nothing on any of them", null), (found[0].Detail, found[0].Facts));
        Assert.Equal(("added-up", 3L, fresh.Detail), (found[1].Facts!.Finding, found[1].Facts!.Pieces!.Value, found[1].Detail));
    }

    private static async Task Unpack(StoreFixture f)
    {
        await using GZipStream packed = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Storage", "Former", "state-before-claims.db.gz")), CompressionMode.Decompress);
        await using FileStream database = File.Create(f.DatabasePath);
        await packed.CopyToAsync(database, StoreFixture.Cancellation);
    }

    private static string Line(Decision d) => string.Create(
        CultureInfo.InvariantCulture,
        $"{d.Id} {d.Scope} {d.Verdict} {d.Origin} {d.Reason} {d.Confidence} {d.Start:HH:mm:ss} {d.Expiry?.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) ?? "-"} [{string.Join(' ', d.EvidenceIds)}] {d.Comment ?? "-"} {d.Actor} | {d.Owner}");
}
